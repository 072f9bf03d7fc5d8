"""Calls that lie in their specialist's time off."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.availability.offer import OwnWrite
from app.booking import queries
from app.booking.lifecycle import ACTIVE, TABLE, Event
from app.booking.models import Booking, BookingCopy
from app.booking.models_kept import KeptCall
from app.booking.values import CallValue
from app.customers.models import TimeOff
from app.lib.intervals import Interval
from app.lib.zones import day_interval

_DAY = timedelta(days=1)


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


def not_kept(
    session: Session, now: datetime, zone: str, rows: Collection[TimeOff]
) -> dict[int, list[CallValue]]:
    """The calls ahead in these rows that are not kept, by the row's id; two queries.

    A call counts where it takes place or is on its way to. One with a successor is passing to somebody else.
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


def own_writes_of(session: Session, people: Collection[int], span: Interval) -> frozenset[OwnWrite]:
    """Where events of ours may stand in the calendars of these people near a span; one query."""
    copied = select(BookingCopy.booking_id).where(BookingCopy.person_id.in_(people))
    rows = session.execute(
        select(
            Booking.uid, Booking.starts_at, Booking.ends_at, Booking.move_starts_at, Booking.move_ends_at
        ).where(or_(Booking.specialist_id.in_(people), Booking.id.in_(copied)), _near(span))
    )
    return frozenset(
        (row.uid, start, end)
        for row in rows
        for start, end in ((row.starts_at, row.ends_at), (row.move_starts_at, row.move_ends_at))
        if start is not None
    )


def who_could_not(session: Session, public_ids: Collection[str]) -> dict[str, str]:
    """Who was to take each of these calls over and turned out not to be free, where that was the last try."""
    if not public_ids:
        return {}
    asked, ended = (TABLE[event].verb for event in (Event.REASSIGN, Event.STAY))
    rows = session.execute(
        select(AuditEntry.object_id, AuditEntry.verb, AuditEntry.actor_id, AuditEntry.detail)
        .where(
            AuditEntry.object_type == "booking",
            AuditEntry.object_id.in_(public_ids),
            AuditEntry.verb.in_((asked, ended)),
        )
        .order_by(AuditEntry.id)
    )
    # Somebody who ended it knows why.
    return {
        public_id: str(detail.get("after", "")) if verb == ended and actor_id is None else ""
        for public_id, verb, actor_id, detail in rows
    }


def span_of(row: TimeOff, zone: str) -> Interval:
    """Its whole days in the service zone."""
    return Interval(day_interval(row.first_day, zone).start, day_interval(row.last_day, zone).end)


def kept_for(session: Session, booking_id: int) -> set[str]:
    """The time off (its uid) for which it was decided that a call takes place all the same."""
    return {uid for _number, uid in _kept(session, [booking_id])}


def _places(call: CallValue) -> Sequence[Interval]:
    return [call.span] if call.move is None else [call.move]


def _near(span: Interval) -> ColumnElement[bool]:
    first, last = span.start - _DAY, span.end + _DAY
    stays = and_(Booking.starts_at < last, Booking.ends_at > first)
    return or_(stays, and_(Booking.move_starts_at < last, Booking.move_ends_at > first))


def _meets(span: Interval) -> ColumnElement[bool]:
    moved = and_(Booking.move_starts_at < span.end, Booking.move_ends_at > span.start)
    stays = and_(Booking.move_starts_at.is_(None), Booking.starts_at < span.end, Booking.ends_at > span.start)
    return or_(moved, stays)


def _kept(session: Session, booking_ids: Sequence[int]) -> set[tuple[int, str]]:
    if not booking_ids:
        return set()
    wanted = select(KeptCall.booking_id, KeptCall.uid).where(KeptCall.booking_id.in_(booking_ids))
    return {(number, uid) for number, uid in session.execute(wanted)}
