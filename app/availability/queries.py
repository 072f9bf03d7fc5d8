"""Who is taken when: plain statements on columns, no objects."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.availability.holidays import OwnDay
from app.availability.models import OwnHoliday, Reservation
from app.lib.db import fetch
from app.lib.intervals import Interval

_IN_SPAN = (
    Reservation.person_id == bindparam("person_id"),
    Reservation.ends_at > bindparam("start"),
    Reservation.starts_at < bindparam("end"),
)
_RESERVED = (
    select(Reservation.starts_at, Reservation.ends_at, Reservation.kind)
    .where(
        *_IN_SPAN,
        or_(Reservation.expires_at.is_(None), Reservation.expires_at > bindparam("now")),
        or_(Reservation.booking_id.is_(None), Reservation.booking_id != bindparam("booking_id")),
        Reservation.id.not_in(bindparam("without", expanding=True)),
    )
    .order_by(Reservation.starts_at)
)

_BOOKED = (
    select(Reservation.starts_at, Reservation.ends_at, Reservation.person_id)
    .where(
        Reservation.person_id.in_(bindparam("people", expanding=True)),
        Reservation.ends_at > bindparam("start"),
        Reservation.starts_at < bindparam("end"),
        Reservation.kind == "booking",
    )
    .order_by(Reservation.starts_at)
)


_OWN_DAYS = select(
    OwnHoliday.public_id, OwnHoliday.day, OwnHoliday.country, OwnHoliday.region, OwnHoliday.names
).order_by(OwnHoliday.day, OwnHoliday.country, OwnHoliday.region)
_KNOWN = "own_days"


def own_days(session: Session) -> list[OwnDay]:
    """All days off that administrators named; one query a transaction, since a page asks several times."""
    under_way: object
    known: list[OwnDay]
    under_way, known = session.info.get(_KNOWN, (None, []))
    if under_way is None or under_way is not session.get_transaction():
        known = [OwnDay(*row) for row in fetch(session, _OWN_DAYS)]
        session.info[_KNOWN] = (session.get_transaction(), known)
    return known


def forget_own_days(session: Session) -> None:
    """They change in this transaction."""
    session.info.pop(_KNOWN, None)


def reserved(
    session: Session,
    now: datetime,
    person_id: int,
    span: Interval,
    *,
    without_booking: int | None = None,
    without: Collection[int] = (),
) -> list[tuple[Interval, str]]:
    """A person's reservations that overlap ``span``, with their kind; expired holds are ignored by ``now``.

    No two rows overlap (the constraint), so that being in order is being merged, but for touching.
    """
    rows = fetch(
        session,
        _RESERVED,
        person_id=person_id,
        start=span.start,
        end=span.end,
        now=now,
        # No row has the id 0: then nothing is left out.
        booking_id=without_booking or 0,
        without=list(without),
    )
    return [(Interval(start, end), kind) for start, end, kind in rows]


def reserved_of(
    session: Session, now: datetime, people: Sequence[int], span: Interval
) -> dict[int, list[Interval]]:
    """The same of several people by id, without those who have none; one query."""
    rows = session.execute(
        select(Reservation.person_id, Reservation.starts_at, Reservation.ends_at)
        .where(
            Reservation.person_id.in_(people),
            Reservation.ends_at > span.start,
            Reservation.starts_at < span.end,
            or_(Reservation.expires_at.is_(None), Reservation.expires_at > now),
        )
        .order_by(Reservation.starts_at)
    )
    found: dict[int, list[Interval]] = {}
    for person_id, start, end in rows:
        found.setdefault(person_id, []).append(Interval(start, end))
    return found


def reserved_span(session: Session, reservation_id: int) -> Interval:
    """What this reservation, which exists, takes."""
    row = session.execute(
        select(Reservation.starts_at, Reservation.ends_at).where(Reservation.id == reservation_id)
    ).one()
    return Interval(row.starts_at, row.ends_at)


def booked(session: Session, person_id: int, span: Interval) -> list[Interval]:
    """A person's reservations for bookings (no holds) that overlap ``span``, in order, buffers included."""
    return booked_of(session, [person_id], span).get(person_id, [])


def booked_of(session: Session, people: Sequence[int], span: Interval) -> dict[int, list[Interval]]:
    """The same of several people by id, without those who have none; one query."""
    found: dict[int, list[Interval]] = {}
    for start, end, person_id in fetch(session, _BOOKED, people=list(people), start=span.start, end=span.end):
        found.setdefault(person_id, []).append(Interval(start, end))
    return found


def of_booking(session: Session, person_id: int, booking_id: int) -> list[tuple[int, Interval]]:
    """A person's reservations for one booking: id and span."""
    rows = session.execute(
        select(Reservation.id, Reservation.starts_at, Reservation.ends_at)
        .where(Reservation.person_id == person_id, Reservation.booking_id == booking_id)
        .order_by(Reservation.starts_at)
    )
    return [(reservation_id, Interval(start, end)) for reservation_id, start, end in rows]


def insert_reservation(
    session: Session,
    person_id: int,
    span: Interval,
    kind: str,
    expires_at: datetime | None,
    booking_id: int | None,
) -> int:
    """A new row; its id. Raises IntegrityError naming reservation_no_overlap when the time is taken."""
    # Only what the session has not sent yet may be missing, like the booking the row belongs to.
    session.flush()
    row = insert(Reservation).values(
        person_id=person_id,
        starts_at=span.start,
        ends_at=span.end,
        kind=kind,
        expires_at=expires_at,
        booking_id=booking_id,
    )
    return session.execute(row.returning(Reservation.id)).scalar_one()


def change_span(session: Session, reservation_id: int, span: Interval) -> None:
    """Give a reservation another span; raises like insert_reservation."""
    row = update(Reservation).where(Reservation.id == reservation_id)
    session.execute(row.values(starts_at=span.start, ends_at=span.end))


def promote_hold(session: Session, now: datetime, reservation_id: int, booking_id: int) -> bool:
    """Turn a hold into a booking's row unless it is gone or expired; whether that was so."""
    session.flush()
    changed = session.execute(
        update(Reservation)
        .where(Reservation.id == reservation_id, Reservation.kind == "hold", Reservation.expires_at > now)
        .values(kind="booking", expires_at=None, booking_id=booking_id)
        .returning(Reservation.id)
    )
    return changed.scalar_one_or_none() is not None


def delete_expired_holds(session: Session, now: datetime, person_id: int) -> None:
    """Forget a person's holds that have run out."""
    expired = (Reservation.person_id == person_id, Reservation.kind == "hold", Reservation.expires_at <= now)
    session.execute(delete(Reservation).where(*expired))


def delete_reservations(session: Session, reservation_ids: Sequence[int]) -> None:
    """Free the rows with these ids."""
    if reservation_ids:
        session.execute(delete(Reservation).where(Reservation.id.in_(reservation_ids)))


def delete_reservations_of_booking(session: Session, booking_id: int) -> None:
    """Free all rows of a booking, of every person."""
    session.execute(delete(Reservation).where(Reservation.booking_id == booking_id))
