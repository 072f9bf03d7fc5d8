"""Calls whose event is gone: called off, or their specialist is asked and answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SPECIALIST, SignedIn
from app.booking import queries
from app.booking.following import queries as lookups
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event
from app.booking.models import Booking
from app.booking.values import CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.customers.profiles import as_user
from app.lib.crashpoints import reached


def call_off(session: Session, now: datetime, settings: Settings, row: Booking) -> None:
    """The specialist took the call out of their calendar: it is free, and its contact is offered others."""
    call = queries.required_call(session, row.id)
    row.missing_since = row.asked_at = None
    step = Step(Event.CALL_OFF, as_user(call.specialist, SPECIALIST))
    take(session, now, settings, row, step, via="calendar")
    reached("calling_off")


def ask_about(session: Session, now: datetime, settings: Settings, gone: Sequence[Booking]) -> None:
    """Nothing is called off on doubt: the specialist is asked, by one mail and on their schedule."""
    for row in gone:
        row.asked_at = now
        record(session, now, None, "asked", "booking", row.public_id)
    calls = tuple(queries.required_call(session, row.id) for row in gone)
    post_letter(session, now, settings, calls[0], Occasion(Kind.VANISHED, at_home=True, calls=calls))


def questions(session: Session, now: datetime, person_id: int) -> list[CallValue]:
    """The calls ahead that the specialist is asked about, by start."""
    return [queries.required_call(session, row.id) for row in lookups.asked_about(session, person_id, now)]


def write_again(session: Session, now: datetime, user: SignedIn, public_id: str | None) -> int:
    """The calls asked about take place: their events are written afresh; needs the write lock.

    One call, or with None all of them; how many they were. Raises NotFound for a call that is not asked
    about, or is somebody else's.
    """
    rows = _asked(session, now, user, public_id)
    for row in rows:
        asked_at, row.asked_at, row.missing_since = row.asked_at, None, None
        row.etag, row.written_sequence = "", None
        row.changed_at = now
        record(session, now, user, "written_again", "booking", row.public_id)
        write_soon(session, row.id, row.sequence, f"again-{asked_at:%Y%m%dT%H%M%S}")
    return len(rows)


def let_go(session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str | None) -> int:
    """The calls asked about are cancelled, as if that had been believed at once; needs the write lock.

    One call, or with None all of them; how many they were. Raises NotFound as write_again does.
    """
    rows = _asked(session, now, user, public_id)
    for row in rows:
        call_off(session, now, settings, row)
    return len(rows)


def _asked(session: Session, now: datetime, user: SignedIn, public_id: str | None) -> list[Booking]:
    rows = lookups.asked_about(session, user.id, now)
    if public_id is None:
        return rows
    found = [row for row in rows if row.public_id == public_id]
    if not found:
        raise NotFound(f"nobody asks {user.id} about call {public_id}")
    return found
