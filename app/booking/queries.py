"""Everything the booking package reads, as values or plain columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, literal, null, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.availability.models import Reservation
from app.booking.models import Booking, BookingCopy, CallType, Hold
from app.booking.questions import read_answers
from app.booking.rules import cancel_until, move_until, slot_rules
from app.booking.seniors.queries import senior_of, with_senior
from app.booking.series.queries import IN_SERIES, place_in_series
from app.booking.values import CallValue
from app.customers.models import Company, Contact, Specialist
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.lib.db import fetch
from app.lib.intervals import Interval

_contact = aliased(User, name="contact_user")
_host = aliased(User, name="host_user")
_REACHED = (Specialist.phone.label("host_phone"), Specialist.room_url.label("host_room_url"))
_PLACE = (Specialist.country, Specialist.region)
_SPECIALIST = (Specialist.titles, *_PLACE, Specialist.spoken_languages, *_REACHED)
_DAY = timedelta(days=1)
_HELD = "held"


@dataclass(frozen=True, slots=True)
class Written:
    """A call of somebody as far as slots matter: where it stands or will stand, and whether it counts.

    ``is_own`` is false where they are the senior of somebody else's call.
    """

    id: int
    uid: str
    is_own: bool
    call_type_id: int
    status: str
    span: Interval
    move: Interval | None


def calls(
    session: Session, *conditions: ColumnElement[bool], order: Any = Booking.starts_at, limit: int = 500
) -> list[CallValue]:
    """The calls that meet the conditions, in one query."""
    rows = fetch(session, _calls().where(*conditions).order_by(order, Booking.id).limit(limit))
    return [_call_value(row) for row in rows]


def required_call(session: Session, booking_id: int) -> CallValue:
    """The call with this id, which exists; what was changed in the session is seen."""
    session.flush()
    return calls(session, Booking.id == booking_id)[0]


def call_of_contact(session: Session, contact: ContactProfile, public_id: str) -> CallValue:
    """The contact's own call; raises NotFound."""
    own = (Booking.public_id == public_id, Booking.contact_id == contact.user_id)
    for call in calls(session, *own):
        return call
    raise NotFound(f"no call {public_id} of contact {contact.user_id}")


def booking_row(session: Session, public_id: str) -> Booking | None:
    """The row, to be changed."""
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).first()


_NEAR_CALLS = select(
    Booking.id,
    Booking.uid,
    (Booking.specialist_id == bindparam("person_id")).label("is_own"),
    Booking.call_type_id,
    Booking.status,
    Booking.starts_at,
    Booking.ends_at,
    Booking.move_starts_at,
    Booking.move_ends_at,
).where(
    or_(
        Booking.specialist_id == bindparam("person_id"),
        Booking.id.in_(select(BookingCopy.booking_id).where(BookingCopy.person_id == bindparam("person_id"))),
    ),
    or_(
        (Booking.starts_at < bindparam("last")) & (Booking.ends_at > bindparam("first")),
        (Booking.move_starts_at < bindparam("last")) & (Booking.move_ends_at > bindparam("first")),
    ),
)
_OWN_HOLD = (
    select(
        Reservation.id,
        literal(""),
        true(),
        Hold.call_type_id,
        literal(_HELD),
        Hold.starts_at,
        Hold.ends_at,
        null(),
        null(),
    )
    .join(Reservation, Reservation.id.in_((Hold.reservation_id, Hold.senior_reservation_id)))
    .where(Hold.contact_id == bindparam("contact_id"), Reservation.person_id == bindparam("person_id"))
)
_NEAR_CALLS_AND_HOLD = _NEAR_CALLS.union_all(_OWN_HOLD)


def written_calls(session: Session, person_id: int, span: Interval) -> list[Written]:
    """The person's calls of any status near a span: a day more on both sides, for caps a day."""
    near = {"first": span.start - _DAY, "last": span.end + _DAY}
    return [_written(row) for row in fetch(session, _NEAR_CALLS, person_id=person_id, **near)]


def calls_and_hold(
    session: Session, person_id: int, span: Interval, contact_id: int, margin: timedelta = _DAY
) -> tuple[list[Written], list[int]]:
    """The same with ``margin`` on both sides, and what the contact's own hold reserves of this person's time.

    All in one query.
    """
    asked = {"first": span.start - margin, "last": span.end + margin, "contact_id": contact_id}
    rows = fetch(session, _NEAR_CALLS_AND_HOLD, person_id=person_id, **asked).all()
    kept = [row.id for row in rows if row.status == _HELD]
    return [_written(row) for row in rows if row.status != _HELD], kept


def _written(row: Any) -> Written:
    span = Interval(row.starts_at, row.ends_at)
    return Written(row.id, row.uid, row.is_own, row.call_type_id, row.status, span, _move(row))


def hold_of(session: Session, contact_id: int) -> Hold | None:
    """The contact's one hold, expired or not."""
    return session.scalars(select(Hold).where(Hold.contact_id == contact_id)).first()


def senior_of_hold(session: Session, row: Hold) -> int | None:
    """Whose time the hold keeps besides the specialist's."""
    kept = Reservation.id == row.senior_reservation_id
    return session.scalars(select(Reservation.person_id).where(kept)).first()


def _move(row: Any) -> Interval | None:
    return None if row.move_starts_at is None else Interval(row.move_starts_at, row.move_ends_at)


def _calls() -> Select[*tuple[Any, ...]]:
    return with_senior(
        select(
            Booking.id,
            Booking.public_id,
            Booking.reference,
            Booking.status,
            Booking.starts_at,
            Booking.ends_at,
            Booking.move_starts_at,
            Booking.move_ends_at,
            Booking.sequence,
            Booking.written_sequence,
            Booking.successor_id,
            Booking.topic,
            Booking.way,
            Booking.phone,
            Booking.room_url,
            Booking.rules,
            Booking.uid,
            Booking.created_at,
            Booking.changed_at,
            Booking.confirmed_at,
            Booking.ended_reason,
            Booking.calendar_trouble,
            Booking.asked_at,
            Booking.answers,
            Contact.wants_reminders,
            Booking.call_type_id,
            CallType.slug,
            CallType.names,
            *IN_SERIES,
            Company.id.label("company_id"),
            Company.name.label("company_name"),
            *_person(_contact, "contact"),
            *_person(_host, "host"),
            *_SPECIALIST,
        )
        .join(CallType, CallType.id == Booking.call_type_id)
        .join(Company, Company.id == Booking.company_id)
        .join(_contact, _contact.id == Booking.contact_id)
        .outerjoin(Contact, Contact.user_id == Booking.contact_id)
        .join(_host, _host.id == Booking.specialist_id)
        .join(Specialist, Specialist.user_id == Booking.specialist_id)
    )


def _person(user: Any, prefix: str) -> Sequence[Any]:
    names = ("id", "public_id", "name", "email", "language", "time_zone")
    return [getattr(user, name).label(f"{prefix}_{name}") for name in names]


def _call_value(row: Row[*tuple[Any, ...]]) -> CallValue:
    stored: Mapping[str, Any] = row.rules
    return CallValue(
        id=row.id,
        public_id=row.public_id,
        reference=row.reference,
        status=row.status,
        start=row.starts_at,
        end=row.ends_at,
        move=_move(row),
        sequence=row.sequence,
        written_sequence=row.written_sequence,
        topic=row.topic,
        way=row.way,
        phone=row.phone,
        room_url=row.room_url,
        uid=row.uid,
        call_type_id=row.call_type_id,
        call_type_slug=row.slug,
        call_type_names=row.names,
        contact_id=row.contact_id,
        contact_public_id=row.contact_public_id,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        contact_language=row.contact_language,
        contact_time_zone=row.contact_time_zone,
        company_id=row.company_id,
        company_name=row.company_name,
        specialist=_specialist(row),
        senior=senior_of(row),
        created_at=row.created_at,
        changed_at=row.changed_at,
        confirmed_at=row.confirmed_at,
        move_until=move_until(row.starts_at, stored),
        cancel_until=cancel_until(row.starts_at, stored),
        rules=slot_rules(stored),
        ended_reason=row.ended_reason,
        calendar_trouble=row.calendar_trouble,
        asked_at=row.asked_at,
        answers=read_answers(row.answers),
        series=place_in_series(row),
        reminders=tuple(stored["reminders"]) if row.wants_reminders else (),
        successor_id=row.successor_id,
    )


def _specialist(row: Row[*tuple[Any, ...]]) -> SpecialistProfile:
    return SpecialistProfile(
        user_id=row.host_id,
        public_id=row.host_public_id,
        name=row.host_name,
        email=row.host_email,
        language=row.host_language,
        time_zone=row.host_time_zone,
        titles=row.titles,
        country=row.country,
        phone=row.host_phone,
        spoken_languages=row.spoken_languages,
        room_url=row.host_room_url,
        region=row.region,
    )
