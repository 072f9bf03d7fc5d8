"""Who of the staff an identity of the OpenID provider is, and as what they come in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts import service as accounts
from app.accounts.links import Client, Outcome
from app.accounts.models import User
from app.accounts.openid import service as openid
from app.accounts.openid.identity import Identity, role_of
from app.accounts.proofs import service as proofs
from app.accounts.proofs.values import OIDC
from app.accounts.values import CONTACT
from app.config import Settings
from app.config_openid import OpenidSettings
from app.customers.openid.letter import linked_letter
from app.customers.users import service as users
from app.customers.users.errors import UserRefused
from app.customers.users.new_user import ENGINEERS, NewUser, Wish
from app.mail.service import post

# How the audit log names what the provider's groups decide.
GROUPS = "OpenID groups"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes back from the provider, and the browser that they come with."""

    identity: Identity
    client: Client
    onward: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody whom the provider knows does not come in.

    ``domain``, ``no_role``, ``disabled``, ``contact``, ``unverified``, ``unknown`` or ``not_made``.
    """

    reason: str


def sign_in(
    session: Session,
    now: datetime,
    settings: Settings,
    chosen: OpenidSettings,
    arrival: Arrival,
    has_calls: Callable[[int], bool],
) -> Outcome | Refusal:
    """Let a member of the staff in, by their second proof unless the provider has seen one.

    ``has_calls`` says whether calls ahead count on who has an id. A refusal is written down and must be
    committed.
    """
    identity = arrival.identity
    found = _find(session, now, settings, chosen, identity)
    if isinstance(found, Refusal):
        facts = {"reason": found.reason, "issuer": identity.issuer, "subject": identity.subject}
        record_refusal(session, now, identity.email or identity.subject, arrival.client.address, **facts)
        return found
    _follow_groups(session, now, settings, chosen, identity, found, has_calls)
    openid.note_used(session, now, identity)
    session.flush()
    owner = queries.person(session, User.id == found.id)
    assert owner is not None
    is_enough = identity.is_strong or chosen.trusts_second_factor
    go_on = proofs.enter if is_enough else proofs.admit
    return go_on(session, now, settings, owner, OIDC, arrival.client, arrival.onward)


def expected(session: Session, identity: Identity) -> list[int]:
    """The id of whoever this seems to be, to be locked before they are let in; none for somebody new."""
    row = openid.user_of(session, identity)
    if row is None:
        row = session.scalar(select(User).where(User.email == identity.email))
    return [] if row is None else [row.id]


def record_refusal(session: Session, now: datetime, who: str, client_address: str, **facts: str) -> None:
    """Write down that nobody came in."""
    accounts.record(
        session, now, who or client_address, "was refused by OpenID", "client", client_address, **facts
    )


def _find(
    session: Session, now: datetime, settings: Settings, chosen: OpenidSettings, identity: Identity
) -> User | Refusal:
    """The account of an identity: the one that it had before, the one of its address, or a new one."""
    if chosen.allowed_domains and not (
        identity.is_email_verified and identity.domain in chosen.allowed_domains
    ):
        return Refusal("domain")
    if chosen.roles and not role_of(identity, chosen):
        return Refusal("no_role")
    known = openid.user_of(session, identity)
    row = known
    if row is None:
        if not (identity.is_email_verified and identity.email):
            return Refusal("unverified")
        row = session.scalar(select(User).where(User.email == identity.email))
    if row is None:
        return _make(session, now, settings, chosen, identity)
    if not row.is_active or row.erased_at is not None:
        return Refusal("disabled")
    if row.role == CONTACT:
        return Refusal("contact")
    if known is None:
        openid.link(session, now, identity, row)
        letter = linked_letter(settings, chosen.name, row.email, row.name, row.language)
        post(session, now, f"linked:{row.id}:{now.timestamp()}", f"linked:{row.id}", letter)
    return row


def _make(
    session: Session, now: datetime, settings: Settings, chosen: OpenidSettings, identity: Identity
) -> User | Refusal:
    role = role_of(identity, chosen)
    if not role:
        return Refusal("unknown")
    new = NewUser(
        email=identity.email,
        name=identity.name or identity.email.partition("@")[0],
        role=role,
        language=identity.language if identity.language in settings.languages else settings.languages[0],
        time_zone=settings.service_time_zone,
        country=chosen.country if role in ENGINEERS else "",
    )
    try:
        row = users.add(session, now, new, settings.languages, actor=GROUPS)
    except UserRefused:
        return Refusal("not_made")
    openid.link(session, now, identity, row)
    return row


def _follow_groups(
    session: Session,
    now: datetime,
    settings: Settings,
    chosen: OpenidSettings,
    identity: Identity,
    row: User,
    has_calls: Callable[[int], bool],
) -> None:
    """Give somebody the role of their groups.

    A specialist on whom companies or calls still count keeps the role; that it should be another is recorded.
    """
    role = role_of(identity, chosen)
    if not role or role == row.role:
        return
    # The country of an engineer who stays one is theirs.
    stays = {row.role, role} <= set(ENGINEERS)
    wish = Wish(role, country="" if stays or role not in ENGINEERS else chosen.country)
    try:
        users.change_role(session, now, settings, row.email, wish, has_calls=has_calls(row.id), actor=GROUPS)
    except UserRefused as error:
        facts: dict[str, Any] = {"role": [row.role, role], "why": str(error)}
        accounts.record(session, now, GROUPS, "could not change the role", "user", row.id, **facts)
