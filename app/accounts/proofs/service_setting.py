"""Setting up, changing and taking away what people prove themselves with."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.links import Client, Outcome, State
from app.accounts.models_proofs import Passkey, Password, RecoveryCode, SignInStep, Totp
from app.accounts.proofs import passwords, queries
from app.accounts.proofs.authenticator import matching_step
from app.accounts.proofs.recovery import new_codes, recovery_hash
from app.accounts.proofs.service import finish, seed_place
from app.accounts.proofs.values import TOTP
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib.sealed import seal


def enrol(
    session: Session, now: datetime, settings: Settings, token: str, seed: str, code: str, client: Client
) -> tuple[Outcome, list[str]]:
    """Set up the authenticator of somebody who has no second factor yet, and sign in; their recovery codes.

    CODE_WRONG when the code is not one of this seed.
    """
    step = queries.living_step(session, now, token)
    if step is None or step.has_factor:
        return Outcome(State.DEAD), []
    step = step.seen_from(client.address)
    if not keep_authenticator(session, now, settings, step.user, seed, code):
        return Outcome(State.CODE_WRONG, step.user), []
    codes = renew_recovery_codes(session, now, step.user)
    return finish(session, now, settings, step, TOTP, client), codes


def keep_authenticator(
    session: Session, now: datetime, settings: Settings, user: SignedIn, seed: str, code: str
) -> bool:
    """Let this seed be somebody's from now on, when the code shows that their app has it."""
    step = matching_step(seed, code, now)
    if step is None:
        return False
    keep_seed(session, now, settings, user, seed, step)
    accounts.record(session, now, user, "set up an authenticator", "user", user.id)
    return True


def change_seed(
    session: Session, now: datetime, settings: Settings, user: SignedIn, seed: str, code: str, own: str
) -> bool:
    """The same for somebody who is signed in; their sessions but ``own`` end, steps too."""
    is_kept = keep_authenticator(session, now, settings, user, seed, code)
    if is_kept:
        end_steps_of(session, now, user.id)
        accounts.end_sessions_of(session, now, user.id, own)
    return is_kept


def keep_seed(
    session: Session, now: datetime, settings: Settings, user: SignedIn, seed: str, last_step: int | None
) -> None:
    """Seal a seed and keep it in the place of the one before."""
    row = session.get(Totp, user.id) or Totp(user_id=user.id)
    row.sealed_seed = seal(settings.sealing_keys, seed, *seed_place(user.public_id))
    row.created_at = row.confirmed_at = now
    row.last_step = last_step
    session.add(row)
    session.flush()


def renew_recovery_codes(session: Session, now: datetime, user: SignedIn) -> list[str]:
    """Ten new codes, to be shown this once; those before are worth nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = new_codes()
    session.add_all(
        RecoveryCode(user_id=user.id, code_hash=recovery_hash(code), created_at=now) for code in codes
    )
    accounts.record(session, now, user, "made recovery codes", "user", user.id)
    return codes


def change_password(session: Session, now: datetime, user: SignedIn, hashed: str, own: str) -> bool:
    """Keep the hash of a password that was checked; sessions of this person but ``own`` end, steps too."""
    row = session.get(Password, user.id)
    verb = "changed the password" if row else "set a password"
    row = row or Password(user_id=user.id)
    row.hash, row.changed_at = hashed, now
    session.add(row)
    end_steps_of(session, now, user.id)
    accounts.end_sessions_of(session, now, user.id, own)
    accounts.record(session, now, user, verb, "user", user.id)
    return True


def password_to_keep(user: SignedIn, password: str) -> str:
    """The hash of a password somebody chose, outside of transactions.

    Raises PasswordRefused.
    """
    return passwords.hashed(passwords.check(password, user.email, user.name))


def forget_factors(session: Session, user_id: int) -> dict[str, int]:
    """Take away authenticator, passkeys and recovery codes: how many of each there were."""
    gone = {}
    for model in (Totp, Passkey, RecoveryCode):
        theirs = session.execute(delete(model).where(model.user_id == user_id).returning(model.user_id))
        gone[model.__tablename__] = len(theirs.all())
    return gone


def forget_password(session: Session, user_id: int) -> int:
    """Take away a password: how many there were."""
    theirs = delete(Password).where(Password.user_id == user_id).returning(Password.user_id)
    return len(session.execute(theirs).all())


def end_steps_of(session: Session, now: datetime, user_id: int) -> None:
    """What waits for a second proof of this person is worth nothing any more."""
    waiting = (SignInStep.user_id == user_id, SignInStep.used_at.is_(None))
    session.execute(update(SignInStep).where(*waiting).values(used_at=now))
