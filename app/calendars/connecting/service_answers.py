"""The worker's side of look-ups in the database: what to ask, and what was answered."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.calendars.connecting.lookup_values import discovery_to_json
from app.calendars.errors import CredentialsRefused
from app.calendars.models import CalendarLookup
from app.calendars.queries import account_row
from app.calendars.service_stores import open_password, place_of
from app.calendars.syncing.service_state import note_trouble
from app.calendars.values import Discovery
from app.config import Settings
from app.lib.sealed import CannotOpen, seal, unseal
from app.lib.tokens import equal
from app.lib.urls import origin_of

LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Question:
    """What the worker is to ask, with the secret in clear: a password, or a file's whole address.

    ``url`` is an address that the person has confirmed, '' when what was typed says where to begin.
    """

    kind: str
    address: str
    url: str
    username: str
    secret: str


def question(session: Session, settings: Settings, lookup_id: int) -> Question | None:
    """What a look-up asks, None when it was answered or forgotten. Raises NotFound as _open does."""
    row = session.get(CalendarLookup, lookup_id)
    if row is None or row.state != "waiting":
        return None
    return Question(
        row.kind, row.address, row.url, row.username, open_secret(settings, row, *waiting_place(row))
    )


def note_found(
    session: Session,
    now: datetime,
    settings: Settings,
    lookup_id: int,
    url: str,
    username: str,
    discovery: Discovery,
) -> None:
    """Write down the account that was found; from here its password is bound to it as an account's is."""
    _note_answer(session, now, settings, lookup_id, url, username, None, discovery_to_json(discovery))


def note_file(
    session: Session,
    now: datetime,
    settings: Settings,
    lookup_id: int,
    address: str,
    name: str,
    event_count: int,
) -> None:
    """Write down the calendar file that was found, under the address where it stands in the end."""
    facts = {"name": name, "event_count": event_count}
    _note_answer(session, now, settings, lookup_id, origin_of(address), digest_of(address), address, facts)


def _note_answer(
    session: Session,
    now: datetime,
    settings: Settings,
    lookup_id: int,
    url: str,
    username: str,
    secret: str | None,
    found: Mapping[str, Any],
) -> None:
    row = session.get(CalendarLookup, lookup_id)
    if row is None or row.state != "waiting":
        return
    kept = open_secret(settings, row, *waiting_place(row)) if secret is None else secret
    row.state, row.url, row.username, row.found, row.finished_at = "found", url, username, dict(found), now
    row.sealed_secret = seal(settings.sealing_keys, kept, *place_of(row.person_id, url, username))


def note_moved(session: Session, now: datetime, settings: Settings, lookup_id: int, address: str) -> None:
    """Write down that the account is said to be at another address, which the person has to confirm."""
    row = session.get(CalendarLookup, lookup_id)
    if row is None or row.state != "waiting":
        return
    secret = open_secret(settings, row, *waiting_place(row))
    row.state, row.url, row.finished_at = "moved", address, now
    row.sealed_secret = seal(settings.sealing_keys, secret, *waiting_place(row))


def note_failed(session: Session, now: datetime, lookup_id: int, reason: str) -> None:
    """Write down why nothing was found, or what could not be made; the secret is forgotten at once."""
    row = session.get(CalendarLookup, lookup_id)
    if row is not None and row.state in {"waiting", "making"}:
        unmade = [name for _path, name, _use in row.found.get("make", ())]
        end(row, now)
        row.state, row.reason, row.found = "failed", reason, {"unmade": unmade} if unmade else {}


def note_refused(session: Session, now: datetime, settings: Settings, lookup_id: int) -> None:
    """Write down that the server refuses the password; of an account that is looked at again, there too.

    One refusal is enough: whatever comes after it could lock the account.
    """
    row = session.get(CalendarLookup, lookup_id)
    account = None if row is None or row.account_id is None else account_row(session, row.account_id)
    if row is not None and account is not None and row.state == "waiting":
        secret = open_secret(settings, row, *waiting_place(row))
        # A new password may have come meanwhile: nothing is known against that one.
        if equal(secret, open_password(settings, account)):
            note_trouble(session, account, now, CredentialsRefused("credentials"))
    note_failed(session, now, lookup_id, "credentials")


def forget_old(session: Session, now: datetime) -> None:
    """Delete look-ups an hour after they were asked for."""
    session.execute(delete(CalendarLookup).where(CalendarLookup.created_at <= now - LIFETIME))


def waiting_place(row: CalendarLookup) -> tuple[str, ...]:
    """What the secret of a look-up is bound to until an account was found."""
    return "lookup", str(row.person_id), row.public_id, row.address, row.url, row.username


def open_secret(settings: Settings, row: CalendarLookup, *place: str) -> str:
    """The secret of a look-up. Raises NotFound when it does not open."""
    try:
        return unseal(settings.sealing_keys, row.sealed_secret, *place)
    except CannotOpen:
        raise NotFound("the secret of a look-up does not open") from None


def end(row: CalendarLookup, now: datetime) -> None:
    """Forget the secret and what was found."""
    # The row stays for an hour because the limit counts it.
    row.state, row.sealed_secret, row.found, row.finished_at = "done", "", {}, now


def digest_of(address: str) -> str:
    """What stands for a file's address where a user name stands otherwise."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
