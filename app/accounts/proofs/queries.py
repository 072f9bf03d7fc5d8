"""Looking up what people prove themselves with."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User
from app.accounts.models_proofs import Passkey, Password, RecoveryCode, SignInStep, Totp
from app.accounts.proofs.values import WRONG_TRIES, Kept, StepFacts
from app.accounts.values import CONTACT
from app.lib.tokens import token_hash

_HAS_TOTP = exists().where(Totp.user_id == User.id, Totp.confirmed_at.is_not(None))
_HAS_PASSKEY = exists().where(Passkey.user_id == User.id)
_PASSKEYS = select(func.count()).select_from(Passkey).where(Passkey.user_id == User.id).scalar_subquery()
_CODES_LEFT = (
    select(func.count())
    .select_from(RecoveryCode)
    .where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
    .scalar_subquery()
)


def living_step(session: Session, now: datetime, token: str) -> StepFacts | None:
    """The step of a browser's token, if it still waits for the second proof.

    It does not once it was used, is over ten minutes old, had five wrong tries, or its owner is disabled or
    none of the staff any more.
    """
    row = session.execute(
        select(
            SignInStep.id, SignInStep.method, SignInStep.onward, SignInStep.user_id, _HAS_TOTP, _HAS_PASSKEY
        )
        .join(User, User.id == SignInStep.user_id)
        .where(
            SignInStep.token_hash == token_hash(token),
            SignInStep.used_at.is_(None),
            SignInStep.expires_at > now,
            SignInStep.wrong_tries < WRONG_TRIES,
            User.role != CONTACT,
        )
    ).first()
    owner = row and queries.person(session, User.id == row.user_id)
    if row is None or owner is None:
        return None
    return StepFacts(row.id, owner, row.method, row.onward, bool(row[4]), bool(row[5]))


def password_hash(session: Session, email: str) -> str | None:
    """The hash of the password of the active member of staff with this address."""
    return session.scalar(
        select(Password.hash)
        .join(User, User.id == Password.user_id)
        .where(User.email == email.strip().lower(), User.is_active, User.role != CONTACT)
    )


def kept(session: Session, user_id: int) -> Kept:
    """What somebody has set up."""
    has_password = exists().where(Password.user_id == User.id)
    row = session.execute(
        select(has_password, _HAS_TOTP, _CODES_LEFT, _PASSKEYS).where(User.id == user_id)
    ).one()
    return Kept(bool(row[0]), bool(row[1]), row[2], row[3])


def has_factor(session: Session, user_id: int) -> bool:
    """Whether somebody has an authenticator or a passkey."""
    return bool(session.scalar(select(or_(_HAS_TOTP, _HAS_PASSKEY)).where(User.id == user_id)))
