"""Taking and freeing people's time, under their write lock; the constraint in the database decides."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.availability import queries
from app.availability.errors import SlotTaken
from app.lib.intervals import Interval


def reserve(
    session: Session,
    now: datetime,
    person_id: int,
    span: Interval,
    *,
    kind: str,
    expires_at: datetime | None = None,
    booking_id: int | None = None,
) -> int:
    """Take ``span`` (buffers included) of a person's time; the id of the reservation.

    Only inside ``app.lib.db.write`` with that person. ``kind`` is ``hold`` (then ``expires_at``) or
    ``booking``. The person's expired holds are deleted first, because a constraint cannot look at the clock.
    Raises SlotTaken when the database refuses: the transaction is lost then.
    """
    queries.delete_expired_holds(session, now, person_id)
    with _overlap_is_taken():
        return queries.insert_reservation(session, person_id, span, kind, expires_at, booking_id)


def reserve_move(session: Session, now: datetime, person_id: int, span: Interval, *, booking_id: int) -> None:
    """Take a booking's new time as well as its old one; where they meet, one row over both.

    Under the same lock, and with the same error, as reserve. Ends with settle.
    """
    queries.delete_expired_holds(session, now, person_id)
    with _overlap_is_taken():
        for reservation_id, old in queries.of_booking(session, person_id, booking_id):
            if old.overlaps(span):
                hull = Interval(min(old.start, span.start), max(old.end, span.end))
                queries.change_span(session, reservation_id, hull)
                return
        queries.insert_reservation(session, person_id, span, "booking", None, booking_id)


def settle(session: Session, person_id: int, span: Interval, *, booking_id: int) -> None:
    """Leave a booking exactly one reservation of this person, over ``span``; under the lock, after a move.

    Raises SlotTaken when ``span`` reaches outside of what the booking has and another has it.
    """
    rows = queries.of_booking(session, person_id, booking_id)
    queries.delete_reservations(session, [reservation_id for reservation_id, _ in rows])
    with _overlap_is_taken():
        queries.insert_reservation(session, person_id, span, "booking", None, booking_id)


def promote(session: Session, now: datetime, reservation_id: int, *, booking_id: int) -> bool:
    """Make a hold that has not expired the booking's reservation; False when it is gone."""
    return queries.promote_hold(session, now, reservation_id, booking_id)


def release(session: Session, reservation_ids: Sequence[int] = (), *, booking_id: int | None = None) -> None:
    """Free reservations: those with these ids, and all of a booking."""
    queries.delete_reservations(session, reservation_ids)
    if booking_id is not None:
        queries.delete_reservations_of_booking(session, booking_id)


def release_person(session: Session, person_id: int, *, booking_id: int) -> None:
    """Free what a booking takes of this person's time alone."""
    rows = queries.of_booking(session, person_id, booking_id)
    queries.delete_reservations(session, [reservation_id for reservation_id, _ in rows])


def has(session: Session, person_id: int, span: Interval, *, booking_id: int) -> bool:
    """Whether a booking has the whole of ``span`` of this person's time."""
    return any(taken.contains(span) for _, taken in queries.of_booking(session, person_id, booking_id))


@contextmanager
def _overlap_is_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "reservation_no_overlap" in str(error.orig):
            raise SlotTaken("the time is taken") from error
        raise
