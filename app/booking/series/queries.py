"""What is read about series, and a call's place in its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking, Series
from app.booking.values import SeriesPlace

_other = aliased(Booking, name="other_of_series")
_together = select(func.count(_other.id)).where(_other.series_id == Booking.series_id)

# Columns of a call's row. The calls of a series were entered in the order of their first times.
IN_SERIES = (
    select(Series.public_id).where(Series.id == Booking.series_id).scalar_subquery().label("series"),
    _together.where(_other.id <= Booking.id).scalar_subquery().label("series_number"),
    _together.scalar_subquery().label("series_total"),
)


def place_in_series(row: Any) -> SeriesPlace | None:
    """The place of a call, from the columns of IN_SERIES."""
    return SeriesPlace(row.series, row.series_number, row.series_total) if row.series else None


def series_row(session: Session, public_id: str) -> Series | None:
    """The series with this public id."""
    return session.scalars(select(Series).where(Series.public_id == public_id)).first()


def series_of_booking(session: Session, booking_id: int) -> Series | None:
    """The series that a booking belongs to."""
    wanted = select(Series).join(Booking, Booking.series_id == Series.id)
    return session.scalars(wanted.where(Booking.id == booking_id)).first()


def own_starts(
    session: Session, contact_id: int, specialist_ids: Iterable[int], starts: Iterable[datetime]
) -> frozenset[datetime]:
    """Those of the starts at which, or on its way to which, the contact has an active call already."""
    wanted = set(starts)
    rows = session.execute(
        select(Booking.starts_at, Booking.move_starts_at).where(
            Booking.contact_id == contact_id,
            Booking.specialist_id.in_(set(specialist_ids)),
            Booking.status.in_(ACTIVE),
            or_(Booking.starts_at.in_(wanted), Booking.move_starts_at.in_(wanted)),
        )
    )
    return frozenset(start for row in rows for start in row if start in wanted)
