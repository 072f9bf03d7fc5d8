"""What the checks read of the events in the calendars of seniors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, exists, func, null, select, type_coerce
from sqlalchemy.orm import Session

from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking, BookingCopy
from app.calendars.models import CalendarAccount
from app.lib.db import Utc


def copies_ahead(session: Session, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The events in the calendars of seniors of active bookings ahead; ``in_step_at`` as for bookings."""
    mine = (CalendarAccount.person_id == BookingCopy.person_id, CalendarAccount.kind == "caldav")
    oldest = select(func.min(CalendarAccount.in_step_at)).where(*mine).correlate(BookingCopy)
    unread = select(CalendarAccount.id).where(*mine, CalendarAccount.in_step_at.is_(None))
    in_step_at = case((unread.correlate(BookingCopy).exists(), null()), else_=oldest.scalar_subquery())
    return session.execute(
        select(
            Booking.id,
            Booking.reference,
            Booking.uid,
            BookingCopy.href,
            BookingCopy.missing_since,
            type_coerce(in_step_at, Utc()).label("in_step_at"),
        )
        .join(Booking, Booking.id == BookingCopy.booking_id)
        .where(
            Booking.status == "confirmed",
            Booking.ends_at > now,
            Booking.senior_id == BookingCopy.person_id,
            BookingCopy.written_sequence == Booking.sequence,
        )
    ).all()


def seniors_without_copy(session: Session, now: datetime) -> Sequence[Row[int, str]]:
    """Id and reference of confirmed bookings ahead that their senior's calendar does not have as they are.

    And of those whose guests were not told that the senior takes part.
    """
    written = exists().where(
        BookingCopy.booking_id == Booking.id,
        BookingCopy.person_id == Booking.senior_id,
        BookingCopy.written_sequence == Booking.sequence,
        BookingCopy.joined_at.is_not(None),
    )
    return session.execute(
        select(Booking.id, Booking.reference).where(
            Booking.status == "confirmed", Booking.starts_at > now, Booking.senior_id.is_not(None), ~written
        )
    ).all()


def copies_of_others(session: Session, now: datetime) -> Sequence[Row[int, str, str]]:
    """Id and reference of active bookings ahead, and the events in calendars of people who take no part."""
    is_part = BookingCopy.person_id.in_((Booking.senior_id, Booking.successor_id))
    return session.execute(
        select(Booking.id, Booking.reference, BookingCopy.href)
        .join(Booking, Booking.id == BookingCopy.booking_id)
        .where(Booking.status.in_(ACTIVE), Booking.starts_at > now, func.coalesce(is_part, False).is_(False))
    ).all()


def copies(session: Session) -> set[tuple[str, str, int | None]]:
    """UID, href and calendar of every event in the calendar of a senior, as last written."""
    rows = session.execute(
        select(Booking.uid, BookingCopy.href, BookingCopy.calendar_id).join(
            Booking, Booking.id == BookingCopy.booking_id
        )
    )
    return {(uid, href, calendar_id) for uid, href, calendar_id in rows}
