"""Which events in the calendars of seniors may have been changed by them."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.booking.lifecycle import Status
from app.booking.models import Booking, BookingCopy
from app.calendars.models import Calendar, CalendarObject

_IS_CALM = and_(
    Booking.senior_id == BookingCopy.person_id,
    Booking.status.in_((Status.CONFIRMED, Status.CLASH)),
    Booking.move_starts_at.is_(None),
    BookingCopy.written_sequence == Booking.sequence,
)


def changed_copies(session: Session, now: datetime) -> dict[int, list[int]]:
    """Ids of the copies of calls ahead that are not exactly what was last written, by their owner.

    Those that are on their way into the calendar are left out: what is found then may be our own doing.
    """
    at_its_place = (
        CalendarObject.calendar_id == BookingCopy.calendar_id,
        CalendarObject.href == BookingCopy.href,
        CalendarObject.etag == BookingCopy.etag,
        CalendarObject.etag != "",
    )
    is_exact = select(CalendarObject.id).where(*at_its_place).correlate(BookingCopy)
    rows = session.execute(
        select(BookingCopy.person_id, BookingCopy.id)
        .join(Booking, Booking.id == BookingCopy.booking_id)
        .join(Calendar, Calendar.id == BookingCopy.calendar_id)
        .where(
            _IS_CALM,
            Booking.starts_at > now,
            or_(~is_exact.exists(), BookingCopy.missing_since.is_not(None)),
        )
        .order_by(BookingCopy.person_id, Booking.starts_at, BookingCopy.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for person_id, copy_id in rows:
        found[person_id].append(copy_id)
    return dict(found)


def count_ahead(session: Session, person_id: int, now: datetime) -> int:
    """How many calls ahead a senior takes part in."""
    mine = (BookingCopy.person_id == person_id, _IS_CALM, Booking.starts_at > now)
    wanted = select(func.count()).select_from(BookingCopy).join(Booking, Booking.id == BookingCopy.booking_id)
    return int(session.execute(wanted.where(*mine)).scalar_one())


def booking_ids(session: Session, copy_ids: list[int]) -> list[int]:
    """The calls of these copies."""
    return list(session.scalars(select(BookingCopy.booking_id).where(BookingCopy.id.in_(copy_ids))))
