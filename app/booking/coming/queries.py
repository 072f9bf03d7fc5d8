"""The calls ahead, in plain columns and in pages, for those who run the service."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.availability.holidays import OwnDay
from app.availability.window import window_of
from app.booking import queries
from app.booking.coming.values import CallsToday, Place
from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking
from app.booking.values import CallValue
from app.lib.intervals import Interval
from app.lib.zones import day_interval, local
from app.settings.values import ServiceWindow


def coming_page(session: Session, now: datetime, after: Place | None, size: int) -> list[CallValue]:
    """The next calls that are still to end, in order of start; ``after`` is where the page before ended."""
    beyond = []
    if after is not None:
        start, last_id = after
        beyond = [or_(Booking.starts_at > start, and_(Booking.starts_at == start, Booking.id > last_id))]
    return queries.calls(session, Booking.status.in_(ACTIVE), _last_end() > now, *beyond, limit=size)


def calls_outside(session: Session, now: datetime, zone: str, window: ServiceWindow) -> int:
    """How many of the calls ahead would not lie inside such a service window in such a zone."""
    ahead = session.execute(
        select(Booking.starts_at, Booking.ends_at).where(Booking.status.in_(ACTIVE), Booking.starts_at > now)
    )
    return sum(not _is_inside(Interval(*row), zone, window) for row in ahead)


def _is_inside(span: Interval, zone: str, window: ServiceWindow) -> bool:
    return any(
        open_span.contains(span) for open_span in window_of([local(span.start, zone).date()], zone, window)
    )


def calls_on(
    session: Session, now: datetime, days: Sequence[OwnDay], zone: str
) -> dict[str, list[CallValue]]:
    """The calls ahead on days off where their specialist is, by the day's public id; one query."""
    spans = [day_interval(item.day, zone) for item in days]
    if not spans:
        return {}
    ahead = (Booking.status.in_(ACTIVE), Booking.starts_at >= now)
    any_day = or_(*(and_(Booking.starts_at >= span.start, Booking.starts_at < span.end) for span in spans))
    found = queries.calls(session, *ahead, any_day)
    return {
        item.public_id: [call for call in found if span.contains(call.span) and _is_there(call, item)]
        for item, span in zip(days, spans, strict=True)
    }


def _is_there(call: CallValue, day: OwnDay) -> bool:
    return day.holds_in(call.specialist.country, call.specialist.region)


def calls_today(session: Session, today: date, zone: str) -> CallsToday:
    """How the calls of a day stand, in one query."""
    day = day_interval(today, zone)
    waits = (Booking.status == "pending") | Booking.move_starts_at.is_not(None)
    is_today = and_(Booking.starts_at >= day.start, Booking.starts_at < day.end)
    is_waiting = and_(waits, Booking.status.in_(ACTIVE))
    rows = session.execute(
        select(
            Booking.status,
            func.sum(case((is_today, 1), else_=0)),
            func.sum(case((is_waiting, 1), else_=0)),
            func.min(case((is_waiting, Booking.changed_at))),
        )
        .where(or_(is_today, is_waiting))
        .group_by(Booking.status)
    ).all()
    since = [row[3] for row in rows if row[3] is not None]
    by_status = {str(row[0]): int(row[1]) for row in rows if row[1]}
    return CallsToday(by_status, sum(int(row[2]) for row in rows), min(since, default=None))


def _last_end() -> ColumnElement[datetime]:
    move = func.coalesce(Booking.move_ends_at, Booking.ends_at)
    return case((move > Booking.ends_at, move), else_=Booking.ends_at)
