"""Signing in by a first proof and, for staff, a second one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts import service_limits
from app.accounts.devices.service import know
from app.accounts.links import Attempt, Client, Outcome, State
from app.accounts.models_proofs import Password, RecoveryCode, SignInStep, Totp
from app.accounts.proofs import passwords, queries
from app.accounts.proofs.authenticator import matching_step
from app.accounts.proofs.recovery import recovery_hash
from app.accounts.proofs.values import (
    LINK,
    PASSWORD,
    RECOVERY,
    STEP_LIFETIME,
    TOTP,
    WRONG_TRIES,
    StepFacts,
)
from app.accounts.queries import by_email
from app.accounts.service_limits import Use
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib.rates import PASSWORDS_PER_ADDRESS, PASSWORDS_PER_CLIENT, SECOND_PROOFS
from app.lib.sealed import CannotOpen, unseal
from app.lib.tokens import new_token, token_hash


@dataclass(frozen=True, slots=True)
class PasswordTry:
    """Whose password somebody types, and where; ``network`` is what is counted as one client."""

    email: str
    client_address: str
    network: str

    @property
    def uses(self) -> tuple[Use, Use]:
        """The try as it is counted: the client first, so that what it is refused counts for nobody else."""
        return Use(PASSWORDS_PER_CLIENT, self.network), Use(PASSWORDS_PER_ADDRESS, self.email)


@dataclass(frozen=True, slots=True)
class CheckedPassword:
    """A counted try; ``kept`` is the hash that it was compared with, ``rehashed`` its successor or empty."""

    tried: PasswordTry
    kept: str | None
    is_right: bool
    rehashed: str


def sign_in_by_link(session: Session, now: datetime, settings: Settings, attempt: Attempt) -> Outcome:
    """Use up a link: contacts are signed in, staff owe the second proof."""
    outcome = accounts.use_link(session, now, settings, attempt)
    if outcome.state is not State.PROVEN or outcome.user is None:
        return outcome
    return admit(session, now, settings, outcome.user, LINK, attempt.client, outcome.onward)


def admit(
    session: Session,
    now: datetime,
    settings: Settings,
    owner: SignedIn,
    method: str,
    client: Client,
    onward: str,
) -> Outcome:
    """What follows a first proof: a session for contacts, for staff a step towards the second proof."""
    if not owner.is_staff:
        return enter(session, now, settings, owner, method, client, onward)
    token, ends_at = new_token(), now + STEP_LIFETIME
    session.add(
        SignInStep(
            token_hash=token_hash(token),
            user_id=owner.id,
            method=method,
            onward=onward,
            created_at=now,
            expires_at=ends_at,
        )
    )
    fact = ("gave a first proof", "user", owner.id, client.address)
    accounts.record(session, now, owner, *fact, method=method)
    return Outcome(State.SECOND_OWED, owner, token, ends_at)


def enter(
    session: Session,
    now: datetime,
    settings: Settings,
    owner: SignedIn,
    method: str,
    client: Client,
    onward: str,
) -> Outcome:
    """Begin a session; the one that this browser had is over."""
    device = know(session, now, settings, owner, client)
    if client.session:
        accounts.end_session(session, now, client.session)
    accounts.record(session, now, owner, "signed in", "user", owner.id, client.address, method=method)
    token, ends_at = accounts.begin_session(session, now, owner, method, client)
    return Outcome(State.SIGNED_IN, owner, token, ends_at, onward, device)


def use_password(
    session: Session,
    now: datetime,
    settings: Settings,
    checked: CheckedPassword,
    client: Client,
    onward: str,
) -> Outcome:
    """The first proof by a password."""
    owner = take_password(session, now, settings, checked)
    if owner is None:
        return Outcome(State.DEAD)
    return admit(session, now, settings, owner, PASSWORD, client, onward)


def take_password(
    session: Session, now: datetime, settings: Settings, checked: CheckedPassword
) -> SignedIn | None:
    """The end of a counted try: whose password it was.

    Nothing tells an unknown address, a disabled account or one without a password from a wrong password.
    """
    tried, kept = checked.tried, checked.kept
    owner = by_email(session, tried.email)
    is_right = checked.is_right and kept is not None
    if not is_right or owner is None or queries.password_hash(session, tried.email) != kept:
        accounts.record(session, now, tried.email, "gave a wrong password", "client", tried.client_address)
        return None
    for use in tried.uses:
        service_limits.give_back(session, settings, use)
    if checked.rehashed:
        session.execute(update(Password).where(Password.user_id == owner.id).values(hash=checked.rehashed))
    return owner


def second_proof(user: SignedIn) -> Use:
    """One try of a second proof, as it is counted."""
    return Use(SECOND_PROOFS, f"person {user.id}")


def give_second(
    session: Session, now: datetime, settings: Settings, token: str, code: str, client: Client
) -> Outcome:
    """Sign in by the second proof, a code of the authenticator or a recovery code.

    Five wrong ones kill the step.
    """
    step = queries.living_step(session, now, token)
    if step is None:
        return Outcome(State.DEAD)
    step = step.seen_from(client.address)
    method = prove(session, now, settings, step.user, code)
    if method is None:
        return count_wrong(session, step)
    return finish(session, now, settings, step, method, client)


def finish(
    session: Session, now: datetime, settings: Settings, step: StepFacts, method: str, client: Client
) -> Outcome:
    """Use up the step of somebody whose second proof was right, and begin the session."""
    unused = (SignInStep.id == step.id, SignInStep.used_at.is_(None))
    if not accounts.changed(session, update(SignInStep).where(*unused).values(used_at=now)):
        return Outcome(State.DEAD)
    return enter(session, now, settings, step.user, f"{step.method}+{method}", client, step.onward)


def prove(session: Session, now: datetime, settings: Settings, user: SignedIn, code: str) -> str | None:
    """Take a code of somebody's authenticator or a recovery code: which of them it was, None for neither.

    The caller has counted the try, so that those that come at once count, too; a right one is given back.
    """
    method = TOTP if _take_totp(session, now, settings, user, code) else ""
    method = method or (RECOVERY if _take_recovery(session, now, user, code) else "")
    if method:
        service_limits.give_back(session, settings, second_proof(user))
        return method
    accounts.record(session, now, user, "gave a wrong second proof", "user", user.id)
    return None


def seed_place(public_id: str) -> tuple[str, str]:
    """What the sealed seed of somebody's authenticator is bound to."""
    return public_id, TOTP


def open_seed(session: Session, settings: Settings, user: SignedIn) -> str:
    """The seed of somebody's authenticator; empty when there is none.

    Raises CannotOpen.
    """
    row = session.get(Totp, user.id)
    if row is None or row.confirmed_at is None:
        return ""
    return unseal(settings.sealing_keys, row.sealed_seed, *seed_place(user.public_id))


def _take_totp(session: Session, now: datetime, settings: Settings, user: SignedIn, code: str) -> bool:
    try:
        seed = open_seed(session, settings, user)
    except CannotOpen:
        # ``verify`` tells of it; a recovery code still opens.
        return False
    step = matching_step(seed, code, now) if seed else None
    if step is None:
        return False
    # No code is taken twice, nor one that is older than the last: of several at once one changes the row.
    newer = Totp.last_step.is_(None) | (Totp.last_step < step)
    taken = update(Totp).where(Totp.user_id == user.id, newer).values(last_step=step)
    return accounts.changed(session, taken)


def _take_recovery(session: Session, now: datetime, user: SignedIn, code: str) -> bool:
    unused = (RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    this = RecoveryCode.code_hash == recovery_hash(code)
    if not accounts.changed(session, update(RecoveryCode).where(*unused, this).values(used_at=now)):
        return False
    accounts.record(session, now, user, "used a recovery code", "user", user.id)
    return True


def count_wrong(session: Session, step: StepFacts) -> Outcome:
    """Count a wrong second proof; five kill the step."""
    left = (SignInStep.id == step.id, SignInStep.wrong_tries < WRONG_TRIES)
    counted = update(SignInStep).where(*left).values(wrong_tries=SignInStep.wrong_tries + 1)
    accounts.changed(session, counted)
    row = session.get(SignInStep, step.id, populate_existing=True)
    is_dead = row is None or row.wrong_tries >= WRONG_TRIES
    return Outcome(State.DEAD if is_dead else State.CODE_WRONG, step.user)


def check_password(tried: PasswordTry, kept: str | None, password: str) -> CheckedPassword:
    """Compare a password with the kept hash; a tenth of a second, outside of transactions."""
    is_right = passwords.fits(kept, password)
    is_old = is_right and kept is not None and passwords.is_outdated(kept)
    return CheckedPassword(tried, kept, is_right, passwords.hashed(password) if is_old else "")
