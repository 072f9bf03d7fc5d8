"""Looking up passkeys."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models_proofs import Passkey
from app.accounts.passkeys.ceremony import Known
from app.accounts.passkeys.values import OwnPasskey


def own(session: Session, user_id: int) -> Sequence[OwnPasskey]:
    """Somebody's passkeys, in the order in which they were made."""
    wanted = select(Passkey.public_id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
    rows = session.execute(wanted.where(Passkey.user_id == user_id).order_by(Passkey.id))
    return [OwnPasskey(*row) for row in rows]


def known(session: Session, user_id: int) -> Sequence[Known]:
    """The same as browsers are asked for them."""
    wanted = select(Passkey.credential_id, Passkey.transports).where(Passkey.user_id == user_id)
    return [Known(*row) for row in session.execute(wanted.order_by(Passkey.id))]


def by_credential(session: Session, credential_id: str) -> Passkey | None:
    """The passkey of a credential, whoever it belongs to."""
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def one_of(session: Session, user_id: int, public_id: str) -> Passkey | None:
    """One of somebody's passkeys."""
    return session.scalar(select(Passkey).where(Passkey.user_id == user_id, Passkey.public_id == public_id))
