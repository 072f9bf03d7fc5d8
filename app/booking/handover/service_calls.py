"""What becomes of the calls of a company that is handed over, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.queries import person
from app.accounts.service import record
from app.accounts.values import SPECIALIST, SignedIn
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.booking import queries as bookings
from app.booking.changes.service import cancel
from app.booking.errors import CannotChange
from app.booking.handover import queries
from app.booking.handover.letter import Reader, stuck_letter
from app.booking.handover.models import HandOverCall
from app.booking.handover.service import visible
from app.booking.handover.service_serving import who_serves
from app.booking.handover.values import SETTLED, CallState, HandOverValue, Stage
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.models import Booking
from app.booking.reassigning.service import reassign, stay
from app.booking.values import CallValue
from app.config import Settings
from app.customers.profiles import SpecialistProfile, as_user
from app.lib.errors import DomainError
from app.lib.wording import local_date
from app.mail.service import post

# What is tried again by itself: nobody has to decide anything.
AWAY = CalendarAway.code
_TEXT = 40


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides on which call of which hand-over (public ids)."""

    actor: SignedIn
    hand_over_id: str
    call_id: str


def take_stock(
    session: Session, now: datetime, settings: Settings, public_id: str
) -> Mapping[int, SpecialistProfile]:
    """See what has become of the calls, add those that were booked since, and end what is over.

    The ids of the calls that are to be passed on now, each with who serves on its day.
    """
    hand_over = queries.find(session, public_id)
    if hand_over.stage is not Stage.MOVING:
        return {}
    row, zone = queries.row_of(session, hand_over.id), settings.service_time_zone
    known = queries.passing(session, hand_over.id)
    calls = queries.calls_from_the_day(session, hand_over, zone, now)
    serving = who_serves(session, hand_over, zone, calls)
    # What is with who comes stays there even on their days away: those are decided about elsewhere.
    right = {call.id: {hand_over.coming.user_id, serving[call.id].user_id} for call in calls}
    ahead = {call.id: call for call in calls if call.specialist.user_id not in right[call.id]}
    theirs = serving.keys() - ahead.keys()
    for number in ahead.keys() - known.keys():
        session.add(HandOverCall(hand_over_id=hand_over.id, booking_id=number, state=CallState.WAITING))
    for number, item in known.items():
        if number not in ahead and item.state not in SETTLED:
            ended = CallState.MOVED if number in theirs else _end(session, hand_over, number)
            _set(session, hand_over, number, ended)
    session.flush()
    left = [item for item in queries.passing(session, hand_over.id).values() if item.state not in SETTLED]
    if not left and local_date(now, zone) >= hand_over.starts_on:
        row.moved_at = now
        record(session, now, None, "hand_over_done", "hand_over", public_id, company=hand_over.company_name)
    due = [it for it in left if it.state is CallState.WAITING or it.reason == AWAY]
    numbers = (item.booking_id for item in due)
    return {number: serving[number] for number in numbers if ahead[number].successor_id is None}


def pass_on(
    session: Session,
    now: datetime,
    settings: Settings,
    public_id: str,
    booking_id: int,
    to: SpecialistProfile,
) -> None:
    """Have who serves then take one call over; needs the write lock of both. Raises as reassign does."""
    hand_over = queries.find(session, public_id)
    item = session.get(HandOverCall, (hand_over.id, booking_id), populate_existing=True)
    if hand_over.stage is not Stage.MOVING or item is None or item.state in SETTLED:
        return
    reassign(session, now, settings, _mover(session, hand_over), booking_id, to, "")
    _set(session, hand_over, booking_id, CallState.WAITING)


def note_stuck(
    session: Session, now: datetime, settings: Settings, public_id: str, reasons: Mapping[int, str]
) -> None:
    """These calls cannot pass on: administrators and both specialists are told of those that are new.

    What was decided about a call while it was tried holds.
    """
    hand_over = queries.find(session, public_id)
    queries.row_of(session, hand_over.id)
    known = queries.passing(session, hand_over.id)
    stuck = [number for number in reasons if known[number].state not in SETTLED]
    new = [number for number in stuck if known[number].state is not CallState.STUCK]
    for number in stuck:
        _set(session, hand_over, number, CallState.STUCK, reasons[number])
    if not new:
        return
    calls = bookings.calls(session, Booking.id.in_(new))
    readers: list[Reader] = [*queries.administrators(session), hand_over.coming]
    readers += [hand_over.leaving] if hand_over.leaving else []
    for reader in readers:
        number = reader.id if isinstance(reader, SignedIn) else reader.user_id
        key = f"hand-over:{hand_over.id}:stuck:{min(new)}-{now:%Y%m%dT%H%M%S}:{number}"
        letter = stuck_letter(hand_over, reader, settings, calls)
        post(session, now, key, f"hand-over:{hand_over.id}:{number}", letter)


def try_again(session: Session, now: datetime, settings: Settings, asked: Decision) -> None:
    """Have a stuck or kept call tried once more by the next pass; raises NotFound."""
    hand_over, call = _call(session, now, settings, asked)
    _set(session, hand_over, call.id, CallState.WAITING)
    record(session, now, asked.actor, "hand_over_retried", "booking", call.public_id)


def keep(session: Session, now: datetime, settings: Settings, asked: Decision) -> None:
    """Leave a call with who had it; needs the write lock. Raises NotFound, CannotChange.

    Its contact, who was told that it passes on, is written to, unless no calendar has confirmed it yet.
    """
    hand_over, call = _call(session, now, settings, asked)
    call = stay(session, now, settings, session.get_one(Booking, call.id), asked.actor)
    _set(session, hand_over, call.id, CallState.KEPT)
    record(session, now, asked.actor, "kept", "booking", call.public_id, before=call.specialist.name)
    if call.confirmed_at is not None:
        coming = hand_over.coming.name
        told = Occasion(Kind.KEPT, other=coming, mark=f"hand-over-{hand_over.id}", at=now)
        post_letter(session, now, settings, call, told)


def cancel_call(session: Session, now: datetime, settings: Settings, asked: Decision) -> None:
    """Cancel a call that cannot pass on, as its specialist or an administrator; needs the write lock.

    Raises NotFound, CannotChange.
    """
    _hand_over, call = _call(session, now, settings, asked)
    cancel(session, now, settings, asked.actor, call.public_id)


def word_for(error: DomainError) -> str | None:
    """What is noted of a call that cannot pass on; None when it is only not the moment."""
    match error:
        case CannotChange(reason="moving" | "ended"):
            return None
        case CannotChange():
            return error.reason
        case SlotTaken():
            return "taken"
        case SlotRefused():
            return str(error.reason)[:_TEXT]
    return error.code[:_TEXT]


def _call(
    session: Session, now: datetime, settings: Settings, asked: Decision
) -> tuple[HandOverValue, CallValue]:
    """The hand-over under way, locked, and a call in it that is not settled otherwise; raises NotFound."""
    queries.row_of(session, queries.find(session, asked.hand_over_id).id)
    hand_over = visible(session, now, settings, asked.actor, asked.hand_over_id)
    row = bookings.booking_row(session, asked.call_id)
    item = session.get(HandOverCall, (hand_over.id, row.id), populate_existing=True) if row else None
    open_states = {CallState.WAITING, CallState.STUCK, CallState.KEPT}
    if row is None or item is None or item.state not in open_states or hand_over.stage is not Stage.MOVING:
        raise NotFound(f"no open call {asked.call_id} in hand-over {asked.hand_over_id}")
    return hand_over, bookings.required_call(session, row.id)


def _end(session: Session, hand_over: HandOverValue, booking_id: int) -> CallState:
    held_by = session.get_one(Booking, booking_id, populate_existing=True).specialist_id
    return CallState.MOVED if held_by == hand_over.coming.user_id else CallState.OVER


def _set(
    session: Session, hand_over: HandOverValue, booking_id: int, state: CallState, reason: str = ""
) -> None:
    item = session.get_one(HandOverCall, (hand_over.id, booking_id), populate_existing=True)
    item.state, item.reason = state, reason


def _mover(session: Session, hand_over: HandOverValue) -> SignedIn:
    """On whose behalf calls move: the planner, or if they are gone who takes over."""
    planner = None if hand_over.planner_id is None else person(session, User.id == hand_over.planner_id)
    return planner or as_user(hand_over.coming, SPECIALIST)
