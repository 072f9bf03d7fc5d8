"""Booking a call: everything that one write transaction decides and writes down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import CONTACT
from app.availability.service import reserve
from app.booking import queries
from app.booking.call_types.queries import call_type as find_call_type
from app.booking.errors import AlreadyYours, HoldGone, KeyReused, OtherServes, TooManyOpen
from app.booking.holds.service import drop_hold
from app.booking.lifecycle import TABLE, Event, Who, begin
from app.booking.models import Attendee, Booking, IdempotencyKey
from app.booking.offers.service import Wish, require_open, wish_for
from app.booking.questions import Answer, answered, stored_answers
from app.booking.rooms import room_for
from app.booking.rules import cleaned, effective, fingerprint, require_way, stored_rules
from app.booking.seniors.copies.service import make_copy, place_for
from app.booking.seniors.people import people_of
from app.booking.taking import queries as lookups
from app.booking.values import VIDEO, BookingRequest, CallTypeValue, CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.customers.profiles import ContactProfile, as_user
from app.customers.service import contact_profile
from app.ical.event import new_uid
from app.lib.crashpoints import reached
from app.lib.tokens import new_public_id, new_reference


def book(
    session: Session, now: datetime, settings: Settings, user_id: int, request: BookingRequest
) -> CallValue:
    """Reserve a call and enqueue its writing into the calendar; needs the write lock.

    A key that was used gives the same call again, whatever became of it. Raises KeyReused, UncleanText,
    WayRefused, AnswersRefused, LengthRefused, NotEntitled, NoSpecialist, NoSenior, NotFound (call type),
    OtherServes, AlreadyYours, TooManyOpen, HoldGone, SlotTaken, SlotRefused, CalendarAway; nothing is
    written then.
    """
    wanted = cleaned(replace(request, start=request.start.astimezone(UTC)))
    known = lookups.known_key(session, user_id, wanted.key)
    if known is not None:
        return _same_call(session, known, wanted)
    contact = contact_profile(session, user_id)
    kind = find_call_type(session, wanted.slug)
    wish = wish_for(session, now, settings, contact, kind, wanted.start, wanted.length, wanted.senior)
    if not wish.is_as_shown(wanted.specialist):
        raise OtherServes(wish.specialist)
    call_type = effective(kind, wish.specialist.user_id, wanted.length)
    require_way(call_type, wanted.way)
    answers = answered(call_type.questions, wanted.answers, contact.language)
    _require_room(session, now, contact, call_type, wish, wanted)
    _require_hold(session, now, user_id, wish, wanted)
    drop_hold(session, user_id, over=wish.rules.taken_by(wanted.start))
    require_open(session, now, settings, wish, wanted.start)
    digest = fingerprint(wanted)
    row = enter(session, now, contact, call_type, wish, wanted, digest=digest, answers=answers)
    reached("booking_reserved")
    return queries.required_call(session, row.id)


def enter(
    session: Session,
    now: datetime,
    contact: ContactProfile,
    call_type: CallTypeValue,
    wish: Wish,
    wanted: BookingRequest,
    *,
    digest: str,
    answers: Sequence[Answer],
    series_id: int | None = None,
) -> Booking:
    """Write down a call whose start was judged: row, key, reservation, audit log and the calendar's work.

    ``digest`` is what its idempotency key stands for. Raises SlotTaken, CalendarAway.
    """
    row = _insert(session, now, contact, call_type, wish, wanted, answers, series_id=series_id)
    session.add(
        IdempotencyKey(
            contact_id=contact.user_id,
            key=wanted.key,
            fingerprint=digest,
            booking_id=row.id,
            created_at=now,
        )
    )
    span = wish.rules.taken_by(wanted.start)
    for person in people_of(row):
        reserve(session, now, person, span, kind="booking", booking_id=row.id)
    who, start = as_user(contact, CONTACT), wanted.start.isoformat()
    rule = TABLE[Event.BOOK]
    record(session, now, who, rule.verb, "booking", row.public_id, wanted.client_address, start=start)
    write_soon(session, row.id, row.sequence, rule.writes)
    return row


def _same_call(session: Session, known: tuple[str, int], wanted: BookingRequest) -> CallValue:
    stored, booking_id = known
    if stored != fingerprint(wanted):
        raise KeyReused(f"key {wanted.key!r} stands for another request")
    return queries.required_call(session, booking_id)


def _require_room(
    session: Session,
    now: datetime,
    contact: ContactProfile,
    call_type: CallTypeValue,
    wish: Wish,
    wanted: BookingRequest,
) -> None:
    own = lookups.call_at(session, contact.user_id, wish.specialist.user_id, wanted.start)
    if own is not None:
        raise AlreadyYours(own)
    limit = call_type.open_cap
    if limit and lookups.open_count(session, contact.company_id, call_type.id, now) >= limit:
        raise TooManyOpen(limit)


def _require_hold(session: Session, now: datetime, user_id: int, wish: Wish, wanted: BookingRequest) -> None:
    if wanted.hold is None:
        return
    row = queries.hold_of(session, user_id)
    end = wanted.start + wish.rules.length
    asked = (wanted.hold, wish.specialist.user_id, wish.call_type_id, wanted.start, end)
    if row is None or row.expires_at <= now:
        raise HoldGone(f"no hold {wanted.hold}")
    if asked != (row.public_id, row.specialist_id, row.call_type_id, row.starts_at, row.ends_at):
        raise HoldGone(f"hold {wanted.hold} is for another call")


def _insert(
    session: Session,
    now: datetime,
    contact: ContactProfile,
    call_type: CallTypeValue,
    wish: Wish,
    wanted: BookingRequest,
    answers: Sequence[Answer],
    *,
    series_id: int | None,
) -> Booking:
    uid, public_id, reference = new_uid(), new_public_id(), _free_reference(session)
    own = wish.specialist.room_url
    room = room_for(call_type.video_link, own, reference=reference, public_id=public_id)
    calendar_id, href = place_for(session, wish.specialist.user_id, uid)
    row = Booking(
        public_id=public_id,
        reference=reference,
        company_id=contact.company_id,
        contact_id=contact.user_id,
        specialist_id=wish.specialist.user_id,
        senior_id=None if wish.senior is None else wish.senior.user_id,
        call_type_id=call_type.id,
        series_id=series_id,
        status=begin(Event.BOOK, Who.CONTACT),
        starts_at=wanted.start,
        ends_at=wanted.start + wish.rules.length,
        sequence=0,
        topic=wanted.topic,
        answers=stored_answers(answers),
        way=wanted.way,
        phone=wanted.phone,
        room_url=room if wanted.way == VIDEO else "",
        rules=stored_rules(call_type),
        uid=uid,
        calendar_id=calendar_id,
        href=href,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _invite(session, now, row.id, contact)
    make_copy(session, row)
    return row


def _invite(session: Session, now: datetime, booking_id: int, contact: ContactProfile) -> None:
    invited = {"email": contact.email, "name": contact.name, "is_contact": True, "added_at": now}
    session.add(Attendee(booking_id=booking_id, **invited))


def _free_reference(session: Session) -> str:
    while lookups.is_reference_used(session, reference := new_reference()):
        pass
    return reference
