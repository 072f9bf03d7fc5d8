"""What a specialist is asked about calls that were deleted or moved in great number, and their answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking import queries
from app.booking.following import queries as lookups
from app.booking.following.calling_off.service import call_off
from app.booking.following.question import Question
from app.booking.following.service import go_along, where_it_stands
from app.booking.models import Booking
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.lib.intervals import Interval


def questions(session: Session, now: datetime, settings: Settings, person_id: int) -> list[Question]:
    """The calls ahead that the specialist is asked about, by start."""
    return [
        Question(queries.required_call(session, row.id), _moved_to(session, now, settings, row))
        for row in lookups.asked_about(session, person_id, now)
    ]


def _moved_to(session: Session, now: datetime, settings: Settings, row: Booking) -> Interval | None:
    return None if row.missing_since else where_it_stands(session, now, settings, row)


def write_again(session: Session, now: datetime, user: SignedIn, public_id: str | None) -> int:
    """The calls asked about take place: their events are written afresh; needs the write lock.

    One call, or with None all of them; how many they were. Raises NotFound for a call that is not asked
    about, or is somebody else's.
    """
    rows = _asked(session, now, user, public_id, moved=False)
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
    rows = _asked(session, now, user, public_id, moved=False)
    for row in rows:
        call_off(session, now, settings, row)
    return len(rows)


def move_along(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str | None
) -> int:
    """The moved calls asked about take place where they stand in the calendar now; needs the write lock.

    Each is judged as if it alone had been moved. One call, or with None all of them; how many they were.
    Raises NotFound as write_again does.
    """
    rows = _asked(session, now, user, public_id, moved=True)
    for row in rows:
        row.asked_at = None
        go_along(session, now, settings, row)
    return len(rows)


def put_back(session: Session, now: datetime, user: SignedIn, public_id: str | None) -> int:
    """The moved calls asked about keep their times, and the calendar is put right; needs the write lock.

    One call, or with None all of them; how many they were. Raises NotFound as write_again does.
    """
    rows = _asked(session, now, user, public_id, moved=True)
    for row in rows:
        asked_at, row.asked_at, row.written_sequence = row.asked_at, None, None
        row.changed_at = now
        record(session, now, user, "put_back", "booking", row.public_id)
        write_soon(session, row.id, row.sequence, f"back-{asked_at:%Y%m%dT%H%M%S}")
    return len(rows)


def _asked(
    session: Session, now: datetime, user: SignedIn, public_id: str | None, *, moved: bool
) -> list[Booking]:
    found = lookups.asked_about(session, user.id, now)
    rows = [row for row in found if (row.missing_since is None) == moved]
    if public_id is None:
        return rows
    found = [row for row in rows if row.public_id == public_id]
    if not found:
        raise NotFound(f"nobody asks {user.id} about call {public_id}")
    return found
