"""Signing in and out, profiles and the audit log."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, func, select, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.errors import NotFound
from app.accounts.links import (
    LINK_LIFETIME,
    NO_CLIENT,
    WRONG_CODES,
    Attempt,
    Client,
    LinkFacts,
    LinkRequest,
    Outcome,
    State,
    code_digest,
)
from app.accounts.models import AuditEntry, SignInLink, User, UserSession
from app.accounts.sessions import lifetime
from app.accounts.values import CONTACT, AuditFact, SignedIn
from app.config import Settings
from app.jobs.client import enqueue
from app.lib.text import scrubbed
from app.lib.tokens import equal, new_public_id, new_token, token_hash


def record(
    session: Session,
    now: datetime,
    actor: SignedIn | str | None,
    verb: str,
    object_type: str,
    object_id: int | str,
    client_address: str = "",
    **detail: Any,
) -> None:
    """Add a fact to the audit log; an ``actor`` that is not a person is named, None is the service itself.

    ``client_address`` is where it was asked for from, for actors who do not carry it themselves.
    """
    where = client_address or (actor.client_address if isinstance(actor, SignedIn) else "")
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.id if isinstance(actor, SignedIn) else None,
            actor=actor.email if isinstance(actor, SignedIn) else scrubbed(actor or "Attaché", 254),
            verb=verb,
            object_type=object_type,
            object_id=scrubbed(str(object_id), 64),
            client_address=scrubbed(where, 64),
            detail=detail,
        )
    )


def history(session: Session, object_type: str, object_id: int | str) -> list[AuditFact]:
    """What happened to an object, oldest first, with the names that people have today."""
    rows = session.execute(
        select(AuditEntry.at, func.coalesce(User.name, AuditEntry.actor), AuditEntry.verb, AuditEntry.detail)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.object_type == object_type, AuditEntry.object_id == str(object_id))
        .order_by(AuditEntry.id)
    )
    return [AuditFact(*row) for row in rows]


def find_person(session: Session, email: str) -> SignedIn:
    """The active user with this address.

    Raises NotFound.
    """
    found = queries.by_email(session, email)
    if found is None:
        raise NotFound(f"nobody has the address {email!r}")
    return found


def ask_for_link(session: Session, now: datetime, settings: Settings, asked: LinkRequest) -> None:
    """Write down that somebody wants a sign-in link and leave the rest to the worker.

    Does the same for known, unknown and disabled addresses; whether the address is one of ours is looked
    up by the worker.
    """
    browser_hash = token_hash(asked.browser)
    link = SignInLink(
        email=asked.email,
        browser_hash=browser_hash,
        code_hash=code_digest(settings.secret_key, asked.code, browser_hash),
        client_address=asked.client_address,
        language=asked.language,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    session.add(link)
    session.flush()
    asked_for = ("asked for a sign-in link", "sign_in_link", link.id)
    record(session, now, asked.email, *asked_for, asked.client_address)
    send_soon(session, link.id)


def send_soon(session: Session, link_id: int) -> None:
    """Have the worker mail a link."""
    # SQLite gives the id of a link that was deleted to another one, while the engine still knows the old key.
    order = f"sign_in:{link_id}"
    enqueue(session, "sign_in", f"{order}:{new_public_id()}", link_id, order=order)


def mint_asked_link(
    session: Session, now: datetime, settings: Settings, link_id: int
) -> tuple[SignedIn, str] | None:
    """Give a link that was asked for a new token: whom to mail it to, and its address.

    None when the address is nobody's, the link has ended or was mailed before, or a newer one took its place.
    """
    link = waiting_link(session, now, link_id)
    if link is None:
        return None
    owner = queries.by_email(session, link.email)
    if owner is None:
        return None
    token = new_token()
    link.user_id, link.token_hash = owner.id, token_hash(token)
    return owner, _address(settings, token)


def waiting_link(session: Session, now: datetime, link_id: int) -> SignInLink | None:
    """The link, if it was not mailed yet and would still work: the newest of its address, not over."""
    waits = (SignInLink.mailed_at.is_(None), SignInLink.expires_at > now, queries.is_newest())
    return session.scalar(select(SignInLink).where(SignInLink.id == link_id, *waits))


def note_mailed(session: Session, now: datetime, link_id: int) -> None:
    """Write down that the link is on its way, so that no second mail kills it."""
    session.execute(update(SignInLink).where(SignInLink.id == link_id).values(mailed_at=now))


def mint_operator_link(session: Session, now: datetime, settings: Settings, email: str) -> str:
    """A link that an operator hands over: for once, ten minutes, and without a code.

    Raises NotFound when nobody active has the address.
    """
    owner = find_person(session, email)
    token = new_token()
    session.add(
        SignInLink(
            email=owner.email,
            user_id=owner.id,
            token_hash=token_hash(token),
            language=owner.language,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
            mailed_at=now,
        )
    )
    record(session, now, "operator", "made a sign-in link", "user", owner.id)
    return _address(settings, token)


def needs_code(link: LinkFacts, browser: str) -> bool:
    """Whether this browser is not the one that asked for the link."""
    if link.code_hash is None or link.browser_hash is None:
        return False
    return not equal(token_hash(browser), link.browser_hash)


def use_link(session: Session, now: datetime, settings: Settings, attempt: Attempt) -> Outcome:
    """Use up a link: the first proof of who its owner is, who is PROVEN.

    A wrong code is counted, and kept when this is committed.
    """
    link = queries.living_link(session, now, attempt.token)
    if link is None:
        return Outcome(State.DEAD)
    if needs_code(link, attempt.browser):
        if not attempt.code.strip():
            return Outcome(State.CODE_MISSING)
        digest = code_digest(settings.secret_key, attempt.code, link.browser_hash or "")
        if not equal(digest, link.code_hash or ""):
            return _count_wrong_code(session, now, link, attempt.client.address)
    living = (SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.wrong_codes < WRONG_CODES)
    if not changed(session, update(SignInLink).where(*living).values(used_at=now)):
        return Outcome(State.DEAD)
    owner = queries.person(session, User.id == link.user_id)
    if owner is None:
        return Outcome(State.DEAD)
    onward = attempt.onward if owner.email == attempt.asked_for else ""
    return Outcome(State.PROVEN, owner, onward=onward)


def _count_wrong_code(session: Session, now: datetime, link: LinkFacts, client_address: str) -> Outcome:
    left = (SignInLink.id == link.id, SignInLink.wrong_codes < WRONG_CODES)
    counted = update(SignInLink).where(*left).values(wrong_codes=SignInLink.wrong_codes + 1)
    if not changed(session, counted):
        return Outcome(State.DEAD)
    record(session, now, link.email, "typed a wrong code", "user", link.user_id, client_address)
    tries = session.scalar(select(SignInLink.wrong_codes).where(SignInLink.id == link.id)) or 0
    return Outcome(State.CODE_WRONG if tries < WRONG_CODES else State.DEAD)


def begin_session(
    session: Session, now: datetime, owner: SignedIn, method: str = "link", client: Client = NO_CLIENT
) -> tuple[str, datetime]:
    """A new session for somebody who proved who they are: its token for the cookie, and when it ends."""
    token, ends_at = new_token(), now + lifetime(owner.role).whole
    row = UserSession(
        token_hash=token_hash(token),
        user_id=owner.id,
        method=method,
        user_agent=scrubbed(client.user_agent, 200),
        client_address=scrubbed(client.address, 64),
        created_at=now,
        proven_at=now,
        last_seen_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    return token, ends_at


def touch_session(session: Session, now: datetime, session_id: int) -> None:
    """Write down that a session was used just now."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def end_session(session: Session, now: datetime, token: str) -> None:
    """End a session; its cookie is worth nothing from then on."""
    _end(session, now, UserSession.token_hash == token_hash(token))


def end_sessions_of(session: Session, now: datetime, user_id: int, but: str = "") -> None:
    """End all sessions of a person but the one of the token ``but``, as when their account is disabled."""
    _end(session, now, and_(UserSession.user_id == user_id, UserSession.token_hash != token_hash(but)))


def _end(session: Session, now: datetime, condition: ColumnElement[bool]) -> None:
    session.execute(update(UserSession).where(condition, UserSession.ended_at.is_(None)).values(ended_at=now))


def sign_out(session: Session, now: datetime, user: SignedIn, token: str) -> None:
    """End the session in which a person pressed the button for it."""
    end_session(session, now, token)
    record(session, now, user, "signed out", "user", user.id)


def save_profile(session: Session, user_id: int, *, language: str, time_zone: str | None = None) -> None:
    """Keep a person's language and, if given, their zone (IANA)."""
    values = {"language": language} | ({"time_zone": time_zone} if time_zone else {})
    session.execute(update(User).where(User.id == user_id).values(**values))


def end_run_out(session: Session, now: datetime) -> None:
    """Write down of sessions that ran out, by age or by idleness, that they have ended."""
    people = select(User.id)
    for whose, role in ((User.role == CONTACT, CONTACT), (User.role != CONTACT, "")):
        is_idle = UserSession.last_seen_at <= now - lifetime(role).idle
        theirs = UserSession.user_id.in_(people.where(whose))
        _end(session, now, theirs & (is_idle | (UserSession.ends_at <= now)))


def _address(settings: Settings, token: str) -> str:
    return f"{settings.public_url}/sign-in/{token}"


def changed(session: Session, statement: Update) -> bool:
    """Whether the update found its row; of several at once only the first does."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
