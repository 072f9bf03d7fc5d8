"""Moving and cancelling a call, in one write transaction each."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.booking import queries
from app.booking.errors import OtherServes
from app.booking.holds.service import drop_hold
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event, Status, after, who_in
from app.booking.models import Booking
from app.booking.offers.service import Wish, require_open, wish_to_move
from app.booking.seniors.copies.service import make_copy
from app.booking.seniors.service import add_senior
from app.booking.values import CallValue
from app.config import Settings
from app.lib.crashpoints import reached
from app.lib.intervals import Interval
from app.lib.text import many_lines

_REASON_LIMIT = 500


def reschedule(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    start: datetime,
    reason: str = "",
    senior: str = "",
    shown: str = "",
) -> CallValue:
    """Ask for a new time; the old one stays until the calendar has the new one. Needs the write lock.

    With ``senior`` (see BookingRequest) one is brought in along with it; should the move come to nothing,
    they are off the call again.

    Asking for the time that the call has, or is on its way to, changes nothing but that the senior is brought
    in. Asking for the present time of a call on its way gives the move up. ``reason`` is told to the guests
    and kept in the audit log. ``shown`` is the public id of who was shown to have the call, empty for whoever
    does. Raises NotFound, OtherServes, CannotChange, NotEntitled, NoSenior, SlotTaken, SlotRefused,
    CalendarAway, UncleanText; nothing is to be committed then.
    """
    start, why = start.astimezone(UTC), many_lines(reason, _REASON_LIMIT)
    row, call = own_call(session, actor, public_id)
    if not call.is_active or start != (call.move.start if call.move else call.start):
        if shown not in {"", call.specialist.public_id}:
            raise OtherServes(call.specialist)
        detail = {"start": start.isoformat()} | ({"reason": why} if why else {})
        call = _go_to(session, now, settings, actor, row, call, start, senior, detail)
    if senior and call.senior is None:
        return add_senior(session, now, settings, actor, public_id, senior)
    return call


def _go_to(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    row: Booking,
    call: CallValue,
    start: datetime,
    senior: str,
    detail: Mapping[str, str],
) -> CallValue:
    """Ask for a new time, or give up the one that was asked for."""
    event = Event.GIVE_UP_MOVE if start == call.start else Event.RESCHEDULE
    after(call, event, who_in(call, actor), now)
    if event is Event.RESCHEDULE:
        wish = wish_to_move(session, now, settings, actor, call, senior)
        _require_new_time(session, now, settings, wish, start)
        row.senior_id = None if wish.senior is None else wish.senior.user_id
        make_copy(session, row)
    new = Interval(start, start + call.rules.length)
    call = take(session, now, settings, row, Step(event, actor, to=new), **detail)
    reached("move_reserved")
    return call


def cancel(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, reason: str = ""
) -> CallValue:
    """Call it off: the time is free at the commit, the mail is posted with it. Needs the write lock.

    Repeated, it changes nothing. Raises NotFound, CannotChange, UncleanText.
    """
    row, call = own_call(session, actor, public_id)
    if call.status == Status.CANCELLED:
        return call
    why = many_lines(reason, _REASON_LIMIT)
    told = Occasion(Kind.CANCELLED, reason=why)
    row.ended_reason = why
    cancelled = take(session, now, settings, row, Step(Event.CANCEL, actor, told=told), reason=why)
    reached("cancel_reserved")
    return cancelled


def own_call(session: Session, actor: SignedIn, public_id: str) -> tuple[Booking, CallValue]:
    """The row and its value, for who is part of the call and for administrators.

    Raises NotFound for everybody else, as for a call that does not exist.
    """
    row = queries.booking_row(session, public_id)
    is_own = row is not None and actor.id in {row.contact_id, row.specialist_id}
    if row is None or not (is_own or actor.role == ADMINISTRATOR):
        raise NotFound(f"no call {public_id} of {actor.id}")
    return row, queries.required_call(session, row.id)


def _require_new_time(
    session: Session, now: datetime, settings: Settings, wish: Wish, start: datetime
) -> None:
    drop_hold(session, wish.holder_id, over=wish.rules.taken_by(start))
    require_open(session, now, settings, wish, start)
