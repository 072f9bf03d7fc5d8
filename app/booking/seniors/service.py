"""Bringing a senior into a call that exists, and taking them off again."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.errors import SlotTaken
from app.availability.service import why_closed
from app.availability.slots import Reason, SlotRules
from app.booking import queries
from app.booking.errors import CannotChange
from app.booking.holds.service import drop_hold
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.life.service import Step, take
from app.booking.life.service_time import bring_in, take_out
from app.booking.lifecycle import Event, Who, after, who_in
from app.booking.models import Booking
from app.booking.offers.service import own_writes
from app.booking.offers.service_wishes import require_seniors
from app.booking.seniors.choice.service import choose_senior
from app.booking.seniors.copies.service import make_copy
from app.booking.values import ANY_SENIOR, CallValue
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.customers.service import contact_profile, require_entitled
from app.lib.crashpoints import reached

# What a booked time has met already is not asked again: only whether the senior is free then.
_ANY_DAY = timedelta(days=3650)


def senior_for(session: Session, now: datetime, settings: Settings, call: CallValue) -> SpecialistProfile:
    """Who would be brought into the call; raises NoSenior."""
    return choose_senior(session, now, settings, ANY_SENIOR, call.specialist.user_id)


def rules_as_booked(call: CallValue) -> SlotRules:
    """The call's rules without what its time has met already."""
    return replace(
        call.rules,
        grid=timedelta(seconds=1),
        notice=timedelta(0),
        horizon=_ANY_DAY,
        daily_cap=0,
        weekly_cap=0,
    )


def why_not_free(
    session: Session, now: datetime, settings: Settings, call: CallValue, senior: SpecialistProfile
) -> Reason | None:
    """What keeps this senior from the call at its own time; None when they are free. Raises CalendarAway."""
    rules = rules_as_booked(call)
    for span in filter(None, (call.span, call.move)):
        own = own_writes(queries.written_calls(session, senior.user_id, span))
        reason = why_closed(
            session, now, settings, senior, rules, span.start, own=own, without_booking=call.id
        )
        if reason is not None:
            return reason
    return None


def add_senior(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, asked: str
) -> CallValue:
    """Bring a senior in at the call's own time; needs the write lock, theirs included.

    ``asked`` as in BookingRequest. Repeated, it changes nothing. Raises NotFound, NotEntitled, NoSenior,
    CannotChange (``other_senior`` while somebody else than who is asked for takes part), SlotTaken,
    CalendarAway; nothing is written then.
    """
    row, call = _call(session, actor, public_id)
    who = who_in(call, actor)
    if who is Who.SENIOR:
        raise NotFound(f"call {public_id} is not {actor.id}'s to change")
    if call.is_active and call.senior is not None:
        if asked not in {ANY_SENIOR, call.senior.public_id}:
            raise CannotChange("other_senior")
        return call
    after(call, Event.ADD_SENIOR, who, now)
    if who is Who.CONTACT:
        require_entitled(contact_profile(session, call.contact_id), now, settings)
        require_seniors(settings, asked)
    senior = choose_senior(session, now, settings, asked, call.specialist.user_id)
    if senior.user_id == call.successor_id:
        raise CannotChange("moving")
    drop_hold(session, actor.id, over=call.rules.taken_by(call.start))
    if why_not_free(session, now, settings, call, senior) is not None:
        raise SlotTaken("the senior is not free")
    row.senior_id = senior.user_id
    make_copy(session, row)
    bring_in(session, now, row, call)
    added = take(session, now, settings, row, Step(Event.ADD_SENIOR, actor), senior=senior.name)
    reached("senior_reserved")
    return added


def remove_senior(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str
) -> CallValue:
    """Take the senior off the call, by its specialist, an administrator, or the senior; needs the write lock.

    Their time is free at the commit. Repeated, it changes nothing. Raises NotFound (also for the senior who
    has left already), CannotChange.
    """
    row, call = _call(session, actor, public_id)
    if call.senior is None:
        return call
    if call.move is not None:
        # Their letter and the one of the new time would carry one SEQUENCE and two times (RFC 5546, 2.1.4).
        raise CannotChange("moving")
    event = Event.LOSE_SENIOR if who_in(call, actor) is Who.SENIOR else Event.DROP_SENIOR
    return leave(session, now, settings, row, Step(event, actor))


def leave(
    session: Session, now: datetime, settings: Settings, row: Booking, step: Step, via: str = ""
) -> CallValue:
    """The senior is off the call: the letters name them, the calendar's work takes their event out."""
    call = queries.required_call(session, row.id)
    after(call, step.event, who_in(call, step.actor), now)
    name = call.senior.name if call.senior else ""
    take_out(session, row)
    told = Occasion(Kind.SENIOR_GONE, senior=name)
    detail = {"senior": name} | ({"via": via} if via else {})
    return take(session, now, settings, row, replace(step, told=told), **detail)


def _call(session: Session, actor: SignedIn, public_id: str) -> tuple[Booking, CallValue]:
    """The row and its value; for everybody else than those who take part there is none."""
    row = queries.booking_row(session, public_id)
    if row is None or not _is_part(row, actor):
        raise NotFound(f"no call {public_id} of {actor.id}")
    return row, queries.required_call(session, row.id)


def _is_part(row: Booking, actor: SignedIn) -> bool:
    return actor.role == ADMINISTRATOR or actor.id in {row.contact_id, row.specialist_id, row.senior_id}
