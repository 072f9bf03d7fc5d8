"""Who takes part in calls for us, who can be brought in, and where the events of seniors stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import SENIOR
from app.availability.models import Reservation
from app.booking.models import Booking, BookingCopy, Hold, Waiting
from app.calendars.models import Calendar, CalendarAccount
from app.customers.models import Assignment, Contact, Specialist, TimeOff
from app.customers.profiles import SpecialistProfile

_senior = aliased(User, name="senior_user")
_facts = aliased(Specialist, name="senior_facts")
_OF_USER = ("id", "public_id", "name", "email", "language", "time_zone")
_OF_SPECIALIST = ("titles", "country", "phone", "spoken_languages", "room_url", "region")
# Whose time a call takes.
_PEOPLE = (Booking.specialist_id, Booking.senior_id, Booking.successor_id)


def with_senior(calls: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A select of calls with the columns of the senior who was brought in."""
    columns = [getattr(_senior, name).label(f"senior_{name}") for name in _OF_USER]
    columns += [getattr(_facts, name).label(f"senior_{name}") for name in _OF_SPECIALIST]
    return (
        calls.add_columns(*columns)
        .outerjoin(_senior, _senior.id == Booking.senior_id)
        .outerjoin(_facts, _facts.user_id == Booking.senior_id)
    )


def senior_of(row: Row[*tuple[Any, ...]]) -> SpecialistProfile | None:
    """The senior in a row of with_senior."""
    if row.senior_id is None:
        return None
    facts = {name: getattr(row, f"senior_{name}") for name in (*_OF_USER[1:], *_OF_SPECIALIST)}
    return SpecialistProfile(user_id=row.senior_id, **facts)


def seniors(session: Session) -> list[SpecialistProfile]:
    """The seniors whose calendar takes bookings, by name."""
    receiving = (
        select(Calendar.id)
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(CalendarAccount.person_id == User.id, Calendar.receives_bookings)
        .correlate(User)
    )
    rows = session.execute(
        select(
            User.id.label("user_id"),
            *(getattr(User, name) for name in _OF_USER[1:]),
            *(getattr(Specialist, name) for name in _OF_SPECIALIST),
        )
        .join(Specialist, Specialist.user_id == User.id)
        .where(User.role == SENIOR, User.is_active, receiving.exists())
        .order_by(User.name, User.id)
    )
    return [SpecialistProfile(**row._mapping) for row in rows]


def has_seniors(session: Session) -> bool:
    """Whether there is anybody who could be brought in."""
    return (
        session.execute(select(User.id).where(User.role == SENIOR, User.is_active).limit(1)).first()
        is not None
    )


def people_around(session: Session, user_id: int, now: datetime) -> set[int]:
    """Whose time a request of this person may take or free.

    All who serve or served them as a contact or may stand in for one of these, everybody on their calls, and
    whose time is kept for them.
    """
    assigned = (
        select(Assignment.specialist_id)
        .join(Contact, Contact.company_id == Assignment.company_id)
        .where(Contact.user_id == user_id)
    )
    ahead = (or_(Booking.contact_id == user_id, Booking.specialist_id == user_id), Booking.ends_at > now)
    calls = (select(person).where(*ahead) for person in _PEOPLE)
    kept = (
        select(Reservation.person_id)
        .join(keeper, Reservation.id.in_((keeper.reservation_id, keeper.senior_reservation_id)))
        .where(keeper.contact_id == user_id)
        for keeper in (Hold, Waiting)
    )
    deputies = deputies_of(assigned.scalar_subquery())
    found = session.scalars(union(assigned, *deputies, *calls, *kept))
    return {person for person in found if person is not None}


def deputies_of(specialists: Any) -> tuple[Select[int | None], Select[int | None]]:
    """Selects of all who may stand in for specialists: the usual one, and whom their time off names."""
    usual = select(Specialist.stand_in_id).where(Specialist.user_id.in_(specialists))
    named = select(TimeOff.stand_in_id).where(TimeOff.specialist_id.in_(specialists))
    return usual, named


def people_of_call(session: Session, public_id: str) -> set[int]:
    """Whose time a call takes; nobody for a call that does not exist."""
    wanted = select(*_PEOPLE).where(Booking.public_id == public_id)
    return _everybody(session.execute(wanted).all())


def people_of_calls(session: Session, booking_ids: Sequence[int]) -> set[int]:
    """The same for several calls by their ids."""
    wanted = select(*_PEOPLE).where(Booking.id.in_(booking_ids))
    return _everybody(session.execute(wanted).all())


def _everybody(rows: Sequence[Row[int, int | None, int | None]]) -> set[int]:
    return {person for row in rows for person in row if person is not None}


def as_specialist(session: Session, user_id: int) -> list[int]:
    """The person's own id when they are a specialist or senior, else nothing."""
    return list(session.scalars(select(Specialist.user_id).where(Specialist.user_id == user_id)))


def copies_of(session: Session, booking_id: int) -> list[BookingCopy]:
    """The rows of a call's events in the calendars of seniors, be they taken off since, oldest first."""
    wanted = select(BookingCopy).where(BookingCopy.booking_id == booking_id).order_by(BookingCopy.id)
    return list(session.scalars(wanted))


def copy_of(session: Session, booking_id: int, person_id: int) -> BookingCopy | None:
    """The row of one senior's event."""
    own = (BookingCopy.booking_id == booking_id, BookingCopy.person_id == person_id)
    return session.scalars(select(BookingCopy).where(*own)).first()


def receiving_calendar(session: Session, person_id: int) -> tuple[int, str] | None:
    """Id and href of the calendar that takes a person's bookings."""
    row = session.execute(
        select(Calendar.id, Calendar.href)
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(CalendarAccount.person_id == person_id, Calendar.receives_bookings)
        .limit(1)
    ).first()
    return None if row is None else (row.id, row.href)
