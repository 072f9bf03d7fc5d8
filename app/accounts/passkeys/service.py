"""Proving oneself with a passkey: challenges that serve once, and the answers to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts import service_limits
from app.accounts.again.service import renew
from app.accounts.links import Client, Outcome, State
from app.accounts.models import UserSession
from app.accounts.models_proofs import Passkey, SignInStep
from app.accounts.passkeys import queries
from app.accounts.passkeys.ceremony import (
    CeremonyRefused,
    Purpose,
    Site,
    challenge_bytes,
    creation_options,
    credential_in,
    new_challenge,
    read_proof,
    request_options,
    site_of,
    went_up,
)
from app.accounts.proofs import queries as steps
from app.accounts.proofs import service as proofs
from app.accounts.proofs.values import PASSKEY, StepFacts
from app.accounts.values import SignedIn, Visit
from app.config import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a challenge is for, and where it waits: a step of signing in, or a session."""

    user: SignedIn
    row: type[SignInStep] | type[UserSession]
    id: int


def place_of_step(step: StepFacts) -> Place:
    """Where somebody's challenge waits who is signing in."""
    return Place(step.user, SignInStep, step.id)


def place_of_visit(visit: Visit) -> Place:
    """Where somebody's challenge waits who is signed in."""
    return Place(visit.user, UserSession, visit.id)


def our_site(settings: Settings) -> Site:
    """The site that passkeys are bound to."""
    return site_of(settings.public_url, settings.organisation)


def ask(session: Session, now: datetime, settings: Settings, place: Place, purpose: Purpose) -> str:
    """Keep a new challenge in place of the one before: what the browser is asked for, as JSON."""
    kept = new_challenge(now, purpose)
    session.execute(update(place.row).where(place.row.id == place.id).values(challenge=kept))
    challenge, known = challenge_bytes(kept, now, purpose), queries.known(session, place.user.id)
    if purpose is Purpose.REGISTER:
        return creation_options(our_site(settings), place.user, challenge, known)
    return request_options(our_site(settings), challenge, known)


def take_challenge(session: Session, now: datetime, place: Place, purpose: Purpose) -> bytes:
    """The challenge that waits, which waits no more, whatever the answer is; empty when there is none."""
    kept = session.scalar(select(place.row.challenge).where(place.row.id == place.id)) or ""
    if not kept:
        return b""
    # Of several answers at once one clears it.
    waiting = update(place.row).where(place.row.id == place.id, place.row.challenge == kept)
    if not accounts.changed(session, waiting.values(challenge="")):
        return b""
    return challenge_bytes(kept, now, purpose)


def give_second(
    session: Session, now: datetime, settings: Settings, token: str, answer: str, client: Client
) -> Outcome:
    """Sign in with a passkey as the second proof; five wrong answers and codes together kill the step."""
    step = steps.living_step(session, now, token)
    if step is None:
        return Outcome(State.DEAD)
    step = step.seen_from(client.address)
    if not prove(session, now, settings, place_of_step(step), answer):
        return proofs.count_wrong(session, step)
    return proofs.finish(session, now, settings, step, PASSKEY, client)


def prove_again(session: Session, now: datetime, settings: Settings, visit: Visit, answer: str) -> str:
    """Prove it in the session that one has: its new token, empty for a wrong answer."""
    is_right = prove(session, now, settings, place_of_visit(visit), answer)
    return renew(session, now, visit, PASSKEY) if is_right else ""


def prove(session: Session, now: datetime, settings: Settings, place: Place, answer: str) -> bool:
    """Whether a passkey of this person signed the challenge that waits there.

    The caller has counted the try; a right one is given back.
    """
    user, challenge = place.user, take_challenge(session, now, place, Purpose.PROVE)
    row = queries.by_credential(session, credential_in(answer))
    is_theirs = row is not None and row.user_id == user.id
    if (
        not challenge
        or row is None
        or not is_theirs
        or not _is_signed(session, now, settings, user, row, challenge, answer)
    ):
        accounts.record(session, now, user, "gave a wrong second proof", "user", user.id)
        return False
    service_limits.give_back(session, settings, proofs.second_proof(user))
    return True


def _is_signed(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    row: Passkey,
    challenge: bytes,
    answer: str,
) -> bool:
    try:
        count = read_proof(our_site(settings), challenge, answer, row.public_key, user.public_id)
    except CeremonyRefused:
        return False
    if not went_up(row.sign_count, count):
        # Somebody may have a copy of the key.
        counts = [row.sign_count, count]
        accounts.record(session, now, user, "passkey counted back", "passkey", row.public_id, counts=counts)
        return False
    unused = update(Passkey).where(Passkey.id == row.id, Passkey.sign_count == row.sign_count)
    return accounts.changed(session, unused.values(sign_count=count, last_used_at=now))
