"""What is kept for a contact besides their hold."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability.models import Reservation
from app.booking.models import Waiting
from app.lib.intervals import Interval


def offered_to(session: Session, contact_id: int, span: Interval) -> list[int]:
    """The reservations that keep some of a span for the contact's places in the waiting list."""
    wanted = (
        select(Waiting.reservation_id, Waiting.senior_reservation_id)
        .join(Reservation, Reservation.id == Waiting.reservation_id)
        .where(
            Waiting.contact_id == contact_id,
            Reservation.starts_at < span.end,
            Reservation.ends_at > span.start,
        )
    )
    return [number for row in session.execute(wanted) for number in row if number is not None]
