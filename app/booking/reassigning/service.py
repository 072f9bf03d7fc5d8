"""Passing a call on to another specialist; it stays with its own until the other's calendar has it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import history, record
from app.accounts.values import SignedIn
from app.availability.errors import SlotRefused, SlotTaken
from app.availability.service import release_person, reserve
from app.availability.slots import Reason
from app.booking import queries
from app.booking.call_types.queries import call_type_by_id
from app.booking.errors import CannotChange
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.life.service import Step, take
from app.booking.life.service_time import let_successor_go
from app.booking.lifecycle import TABLE, Event, after, who_in
from app.booking.models import Booking, BookingCopy
from app.booking.rooms import room_for
from app.booking.rules import effective
from app.booking.seniors.copies.service import make_copy_for
from app.booking.seniors.queries import copy_of, people_of_calls
from app.booking.seniors.service import why_not_free
from app.booking.values import VIDEO, CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.customers.service import specialist_profile
from app.lib.crashpoints import reached
from app.lib.text import many_lines

_REASON_LIMIT = 500


def people_to_lock(session: Session, booking_id: int, to: SpecialistProfile) -> list[int]:
    """Whose write lock reassign needs."""
    return sorted({*people_of_calls(session, [booking_id]), to.user_id})


def can_take(
    session: Session, now: datetime, settings: Settings, call: CallValue, to: SpecialistProfile
) -> Reason | None:
    """What keeps this specialist from the call at its own time; None when they can take it.

    Judged as the list of open times is, but for notice and caps, which are for those who book. Raises
    CalendarAway.
    """
    return why_not_free(session, now, settings, call, to)


def reassign(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    booking_id: int,
    to: SpecialistProfile,
    reason: str,
) -> None:
    """Have ``to`` take the call: their time is taken at once, the call is theirs once their calendar has it.

    Until then nothing is different for its guests; should the calendar have something else at that time, the
    call stays where it is. Needs the write lock of all of people_to_lock. Repeated, it changes nothing.
    ``reason`` is told to the contact. Raises NotFound, CannotChange (``moving``: on its way to another time
    or to somebody else; ``other_senior``: they take part as the senior already), SlotTaken, SlotRefused,
    CalendarAway, UncleanText; nothing is to be committed then.
    """
    why = many_lines(reason, _REASON_LIMIT)
    row = session.get(Booking, booking_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no call {booking_id}")
    call = queries.required_call(session, booking_id)
    if call.is_active and to.user_id in {call.specialist.user_id, call.successor_id}:
        return
    after(call, Event.REASSIGN, who_in(call, actor), now)
    if call.move is not None or call.successor_id is not None:
        raise CannotChange("moving")
    if call.senior is not None and call.senior.user_id == to.user_id:
        raise CannotChange("other_senior")
    _require_free(session, now, settings, call, to)
    row.successor_id = to.user_id
    make_copy_for(session, row, to.user_id)
    taken = call.rules.taken_by(call.start)
    reserve(session, now, to.user_id, taken, kind="booking", booking_id=row.id)
    names = {"before": call.specialist.name, "after": to.name}
    detail = names | ({"reason": why} if why else {})
    take(session, now, settings, row, Step(Event.REASSIGN, actor), **detail)
    write_soon(session, row.id, row.sequence, f"reassign-{now:%Y%m%dT%H%M%S%f}")
    reached("reassign_reserved")


def stay(
    session: Session, now: datetime, settings: Settings, row: Booking, actor: SignedIn | None
) -> CallValue:
    """Nobody takes the call over: the time that was taken for it is free, the event goes again."""
    successor = row.successor_id
    if successor is None:
        return queries.required_call(session, row.id)
    name = specialist_profile(session, successor).name
    let_successor_go(session, row)
    call = take(session, now, settings, row, Step(Event.STAY, actor), after=name)
    write_soon(session, row.id, row.sequence, f"stay-{now:%Y%m%dT%H%M%S%f}")
    return call


def take_over(session: Session, now: datetime, settings: Settings, row: Booking) -> None:
    """The new specialist's calendar has the call: it is theirs, the old one's time is free, all are told.

    The event in the old one's calendar goes with the writing that follows.
    """
    call = queries.required_call(session, row.id)
    if row.successor_id is None:
        return
    old, new = call.specialist, specialist_profile(session, row.successor_id)
    taken = as_taken_over(session, call, new)
    _swap_places(session, row, new.user_id)
    row.specialist_id, row.successor_id, row.room_url = new.user_id, None, taken.room_url
    row.missing_since = row.asked_at = None
    row.calendar_trouble = ""
    release_person(session, old.user_id, booking_id=row.id)
    told = Occasion(Kind.TAKEN_OVER, reason=_why(session, call), other=old.name)
    now_theirs = take(
        session, now, settings, row, Step(Event.TAKE_OVER, told=told), before=old.name, after=new.name
    )
    if call.confirmed_at is None:
        verb, start = TABLE[Event.CONFIRM].verb, call.start.isoformat()
        record(session, now, None, verb, "booking", row.public_id, start=start)
    gone = Occasion(Kind.HANDED_ON, at_home=True, other=new.name)
    post_letter(session, now, settings, replace(now_theirs, specialist=old), gone)
    reached("taking_over")


def as_taken_over(session: Session, call: CallValue, new: SpecialistProfile) -> CallValue:
    """The call as it is once this specialist has it: theirs, and in the room that it has with them."""
    link = effective(call_type_by_id(session, call.call_type_id), new.user_id).video_link
    room = room_for(link, new.room_url, reference=call.reference, public_id=call.public_id)
    return replace(
        call, specialist=new, successor_id=None, room_url=room if call.way == VIDEO else call.room_url
    )


def _require_free(
    session: Session, now: datetime, settings: Settings, call: CallValue, to: SpecialistProfile
) -> None:
    reason = can_take(session, now, settings, call, to)
    if reason is Reason.TAKEN:
        raise SlotTaken(f"{to.name} has another call then")
    if reason is not None:
        raise SlotRefused(reason)


def _swap_places(session: Session, row: Booking, new_id: int) -> None:
    """The event in the new calendar is the call's own; the one in the old calendar is to go."""
    theirs = copy_of(session, row.id, new_id)
    assert theirs is not None, "whoever takes a call over has its event"
    left = BookingCopy(
        booking_id=row.id,
        person_id=row.specialist_id,
        calendar_id=row.calendar_id,
        href=row.href,
        etag=row.etag,
        written_sequence=row.written_sequence,
    )
    row.calendar_id, row.href, row.etag = theirs.calendar_id, theirs.href, theirs.etag
    row.written_sequence = theirs.written_sequence
    session.delete(theirs)
    session.flush()
    session.add(left)


def _why(session: Session, call: CallValue) -> str:
    """What was written by whoever asked for it."""
    verb = TABLE[Event.REASSIGN].verb
    asked = [fact for fact in history(session, "booking", call.public_id) if fact.verb == verb]
    return str(asked[-1].detail.get("reason", "")) if asked else ""
