"""What is kept of an OpenID provider, so that no page waits for it, and of who is who there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import User
from app.accounts.models_proofs import ExternalIdentity, OpenidProvider
from app.accounts.openid.errors import OpenidTrouble
from app.accounts.openid.identity import Identity
from app.accounts.openid.provider import Provider, read_document
from app.config_openid import OpenidSettings

# Keys that the provider took back must not work for ever while it cannot be read.
KEPT_FOR = timedelta(days=1)


def kept_provider(session: Session, now: datetime, chosen: OpenidSettings) -> tuple[Provider, dict[str, Any]]:
    """The provider and its JWK Set as the worker last read them.

    Raises OpenidTrouble (``not_ready``) when that was never, or over a day ago.
    """
    row = session.get(OpenidProvider, chosen.discovery_url)
    if row is None or now - row.read_at >= KEPT_FOR:
        raise OpenidTrouble("not_ready")
    return read_document(chosen.discovery_url, row.document), row.keys


def keep_provider(
    session: Session, now: datetime, chosen: OpenidSettings, document: dict[str, Any], keys: dict[str, Any]
) -> None:
    """Keep what was read just now, and nothing of a provider that is not used any more."""
    session.execute(delete(OpenidProvider))
    session.add(OpenidProvider(discovery_url=chosen.discovery_url, document=document, keys=keys, read_at=now))


def keep_keys(session: Session, chosen: OpenidSettings, keys: dict[str, Any]) -> None:
    """Keep newer keys beside the document."""
    row = session.get(OpenidProvider, chosen.discovery_url)
    if row is not None:
        row.keys = keys


def user_of(session: Session, identity: Identity) -> User | None:
    """Whoever signed in as this identity before, disabled ones too."""
    mine = (ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject)
    return session.scalar(
        select(User).join(ExternalIdentity, ExternalIdentity.user_id == User.id).where(*mine)
    )


def link(session: Session, now: datetime, identity: Identity, user: User) -> None:
    """From now on this identity is this user."""
    session.add(
        ExternalIdentity(
            user_id=user.id,
            issuer=identity.issuer,
            subject=identity.subject,
            created_at=now,
            last_used_at=now,
        )
    )
    facts = {"issuer": identity.issuer, "subject": identity.subject}
    accounts.record(session, now, user.email, "linked an identity", "user", user.id, **facts)


def note_used(session: Session, now: datetime, identity: Identity) -> None:
    """Write down that somebody signs in by this identity just now."""
    mine = (ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject)
    session.scalars(select(ExternalIdentity).where(*mine)).one().last_used_at = now
