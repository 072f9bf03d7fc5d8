"""A copy of a calendar, written straight into the tables; times by the wall clock of Bratislava."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.calendars.models import (
    Calendar,
    CalendarAccount,
    CalendarObject,
    CalendarPicture,
    CalendarSpan,
)
from app.lib.intervals import Interval
from app.lib.packed import pack

# A Monday; the copy is in step at this moment.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026, in winter time."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 1, minutes=minute)


def span(day: int, start: int, end: int) -> Interval:
    """Whole hours of a day in November 2026."""
    return Interval(at(day, start), at(day, end))


def store_replica(
    session: Session,
    person_id: int,
    *,
    working: Sequence[Interval] = (),
    busy: Sequence[Interval] = (),
    own: Sequence[tuple[str, Interval]] = (),
    covered: Interval | None = None,
) -> None:
    """Give a person an account in step with this picture, in place of the one they had."""
    for model in (CalendarPicture, CalendarSpan, CalendarObject, Calendar, CalendarAccount):
        session.execute(delete(model))
    stored = _stored_object(session, person_id)
    for uid, taken in own:
        times = {"starts_at": taken.start, "ends_at": taken.end}
        mark = {"person_id": person_id, "object_id": stored, "kind": "busy", "uid": uid, "is_own": True}
        session.add(CalendarSpan(**mark, **times))
    whole = covered or Interval(NOW - timedelta(days=1), NOW + timedelta(days=70))
    session.add(
        CalendarPicture(
            person_id=person_id,
            starts_at=whole.start,
            ends_at=whole.end,
            busy=pack(busy),
            working=pack(working),
            time_off=pack([]),
        )
    )
    session.commit()


def _stored_object(session: Session, person_id: int) -> int:
    account = CalendarAccount(
        person_id=person_id,
        url="http://127.0.0.1:1/sam/",
        username="sam",
        sealed_password="",
        state="ok",
        state_since=NOW,
        in_step_at=NOW,
        next_sync_at=NOW,
    )
    calendar = Calendar(account=account, href="/sam/work/", name="Work", purpose="busy")
    session.add(calendar)
    session.flush()
    stored = CalendarObject(calendar_id=calendar.id, href="/sam/work/1.ics", etag="1", text="")
    session.add(stored)
    session.flush()
    return stored.id
