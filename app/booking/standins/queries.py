"""Calls that lie in their specialist's time off."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from app.booking import queries
from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking
from app.booking.models_kept import KeptCall
from app.booking.values import CallValue
from app.customers.models import TimeOff
from app.lib.intervals import Interval
from app.lib.zones import day_interval


def rows_ahead(
    session: Session,
    today: date,
    specialist_id: int | None,
    after: tuple[date, int] | None = None,
    most: int = 500,
) -> list[TimeOff]:
    """The time off that is not over, in order; of this specialist alone if one is given.

    ``after`` is the first day and the id of the row to go on behind.
    """
    wanted = select(TimeOff).where(TimeOff.last_day >= today)
    if specialist_id is not None:
        wanted = wanted.where(TimeOff.specialist_id == specialist_id)
    if after is not None:
        wanted = wanted.where(tuple_(TimeOff.first_day, TimeOff.id) > tuple_(*after))
    return list(session.scalars(wanted.order_by(TimeOff.first_day, TimeOff.id).limit(most)))


def undecided(
    session: Session, now: datetime, zone: str, rows: Collection[TimeOff]
) -> dict[int, list[CallValue]]:
    """The calls ahead in these rows that nobody decided about, by the row's id; two queries.

    A call counts where it takes place or is on its way to.
    """
    if not rows:
        return {}
    spans = {row.id: span_of(row, zone) for row in rows}
    inside = [and_(Booking.specialist_id == row.specialist_id, _meets(spans[row.id])) for row in rows]
    found = queries.calls(session, Booking.status.in_(ACTIVE), Booking.starts_at > now, or_(*inside))
    kept = _kept(session, [call.id for call in found])
    return {
        row.id: [
            call
            for call in found
            if call.specialist.user_id == row.specialist_id
            and any(spans[row.id].overlaps(span) for span in _places(call))
            and (call.id, row.uid) not in kept
        ]
        for row in rows
    }


def span_of(row: TimeOff, zone: str) -> Interval:
    """Its whole days in the service zone."""
    return Interval(day_interval(row.first_day, zone).start, day_interval(row.last_day, zone).end)


def kept_row(session: Session, booking_id: int) -> KeptCall | None:
    """What was decided about a call."""
    return session.get(KeptCall, booking_id)


def _places(call: CallValue) -> Sequence[Interval]:
    return [call.span] if call.move is None else [call.move]


def _meets(span: Interval) -> ColumnElement[bool]:
    moved = and_(Booking.move_starts_at < span.end, Booking.move_ends_at > span.start)
    stays = and_(Booking.move_starts_at.is_(None), Booking.starts_at < span.end, Booking.ends_at > span.start)
    return or_(moved, stays)


def _kept(session: Session, booking_ids: Sequence[int]) -> set[tuple[int, str]]:
    if not booking_ids:
        return set()
    wanted = select(KeptCall.booking_id, KeptCall.uid).where(KeptCall.booking_id.in_(booking_ids))
    return {(number, uid) for number, uid in session.execute(wanted)}
