"""Registering, naming and removing passkeys."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.links import Client, Outcome, State
from app.accounts.models_proofs import Passkey
from app.accounts.passkeys import queries
from app.accounts.passkeys.ceremony import CeremonyRefused, Purpose, read_new
from app.accounts.passkeys.errors import PasskeyRefused
from app.accounts.passkeys.service import Place, our_site, place_of_step, take_challenge
from app.accounts.passkeys.values import MOST_PASSKEYS
from app.accounts.proofs import queries as proofs
from app.accounts.proofs.service import finish
from app.accounts.proofs.service_setting import end_steps_of, renew_recovery_codes
from app.accounts.proofs.values import PASSKEY
from app.accounts.values import SignedIn
from app.config import Settings


def enrol(
    session: Session,
    now: datetime,
    settings: Settings,
    token: str,
    answer: str,
    name: str,
    client: Client,
) -> tuple[Outcome, list[str]]:
    """Register the first factor of somebody who has none, and sign in; their recovery codes.

    CODE_WRONG when the browser's answer is not taken.
    """
    step = proofs.living_step(session, now, token)
    if step is None or step.has_factor:
        return Outcome(State.DEAD), []
    step = step.seen_from(client.address)
    refusal = register(session, now, settings, place_of_step(step), answer, name)
    if refusal is not None:
        return Outcome(State.CODE_WRONG, step.user), []
    codes = renew_recovery_codes(session, now, step.user)
    return finish(session, now, settings, step, PASSKEY, client), codes


def register(
    session: Session, now: datetime, settings: Settings, place: Place, answer: str, name: str
) -> PasskeyRefused | None:
    """Keep the credential that a browser made for the challenge that waits there; why not, if it cannot be.

    It is told and not raised, so that the challenge is used up.
    """
    user, challenge = place.user, take_challenge(session, now, place, Purpose.REGISTER)
    try:
        made = read_new(our_site(settings), challenge, answer) if challenge else None
    except CeremonyRefused:
        made = None
    if made is None:
        return PasskeyRefused("answer")
    if queries.by_credential(session, made.credential_id) is not None:
        return PasskeyRefused("known")
    if len(queries.known(session, user.id)) >= MOST_PASSKEYS:
        return PasskeyRefused("many")
    row = Passkey(
        user_id=user.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name=name,
        created_at=now,
    )
    session.add(row)
    session.flush()
    accounts.record(session, now, user, "registered a passkey", "passkey", row.public_id, name=name)
    return None


def rename(session: Session, now: datetime, user: SignedIn, public_id: str, name: str) -> None:
    """Give one of somebody's passkeys another name.

    Raises NotFound.
    """
    row = _theirs(session, user, public_id)
    accounts.record(session, now, user, "renamed a passkey", "passkey", public_id, name=[row.name, name])
    row.name = name


def remove(session: Session, now: datetime, user: SignedIn, public_id: str, own: str) -> None:
    """Remove one of somebody's passkeys; sessions but that of the token ``own`` end, steps too.

    Raises NotFound, and PasskeyRefused when no other second factor would stay.
    """
    row = _theirs(session, user, public_id)
    if is_last(session, user.id):
        raise PasskeyRefused("last")
    accounts.record(session, now, user, "removed a passkey", "passkey", public_id, name=row.name)
    session.delete(row)
    session.flush()
    end_steps_of(session, now, user.id)
    accounts.end_sessions_of(session, now, user.id, own)


def is_last(session: Session, user_id: int) -> bool:
    """Whether somebody's passkey is the only second factor they have, recovery codes aside."""
    kept = proofs.kept(session, user_id)
    return kept.passkeys <= 1 and not kept.has_totp


def _theirs(session: Session, user: SignedIn, public_id: str) -> Passkey:
    row = queries.one_of(session, user.id, public_id)
    if row is None:
        raise NotFound("no such passkey of theirs")
    return row
