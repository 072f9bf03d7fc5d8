"""Moving and cancelling a call, in one write transaction each."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.availability.service import release, reserve_move, settle
from app.booking import queries
from app.booking.holds.service import drop_hold
from app.booking.letters.letter import Kind, Occasion
from app.booking.letters.service import post_letter
from app.booking.lifecycle import Status, Step, after
from app.booking.models import Booking
from app.booking.offers.service import require_open, wish_to_move
from app.booking.rules import require_changeable
from app.booking.values import CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.customers.service import contact_profile
from app.lib.crashpoints import reached
from app.lib.text import many_lines

_REASON_LIMIT = 500


def reschedule(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    start: datetime,
) -> CallValue:
    """Ask for a new time; the old one stays until the calendar has the new one. Needs the write lock.

    Asking for the time that the call has, or is on its way to, changes nothing. Asking for the present time
    of a call on its way gives the move up. Raises NotFound, CannotChange, NotEntitled, SlotTaken,
    SlotRefused, CalendarAway; nothing is written then.
    """
    start = start.astimezone(UTC)
    row, call = _own_call(session, actor, public_id)
    if call.is_active and start == (call.move.start if call.move else call.start):
        return call
    by_contact = actor.id == row.contact_id
    require_changeable(call.status, call.start, call.move_until, now, by_contact=by_contact)
    if start == call.start:
        _give_up_move(session, row, call)
    else:
        _take_new_time(session, now, settings, row, call, start)
    row.sequence += 1
    row.changed_at = now
    record(session, now, actor, "move_asked", "booking", public_id, start=start.isoformat())
    write_soon(session, row.id, row.sequence, "move")
    reached("move_reserved")
    return queries.required_call(session, row.id)


def cancel(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, reason: str = ""
) -> CallValue:
    """Call it off: the time is free at the commit, the mail is posted with it. Needs the write lock.

    Repeated, it changes nothing. Raises NotFound, CannotChange, UncleanText.
    """
    row, call = _own_call(session, actor, public_id)
    if call.status == Status.CANCELLED:
        return call
    by_contact = actor.id == row.contact_id
    require_changeable(call.status, call.start, call.cancel_until, now, by_contact=by_contact)
    row.status = after(row.status, Step.CANCEL)
    row.move_starts_at = row.move_ends_at = None
    row.sequence += 1
    row.ended_reason = many_lines(reason, _REASON_LIMIT)
    row.changed_at = now
    release(session, booking_id=row.id)
    record(session, now, actor, "cancelled", "booking", public_id, reason=row.ended_reason)
    session.flush()
    cancelled = queries.required_call(session, row.id)
    if cancelled.confirmed_at is not None:
        post_letter(session, now, settings, cancelled, Occasion(Kind.CANCELLED, reason=row.ended_reason))
    elif not by_contact:
        post_letter(session, now, settings, cancelled, Occasion(Kind.NOT_BOOKED, reason=row.ended_reason))
    write_soon(session, row.id, row.sequence, "cancel")
    reached("cancel_reserved")
    return cancelled


def _own_call(session: Session, actor: SignedIn, public_id: str) -> tuple[Booking, CallValue]:
    """The row and its value; who is neither its contact nor its specialist is told that there is none."""
    row = queries.booking_row(session, public_id)
    if row is None or actor.id not in {row.contact_id, row.specialist_id}:
        raise NotFound(f"no call {public_id} of {actor.id}")
    return row, queries.required_call(session, row.id)


def _give_up_move(session: Session, row: Booking, call: CallValue) -> None:
    row.status = after(row.status, Step.DROP_MOVE)
    row.move_starts_at = row.move_ends_at = None
    settle(session, row.specialist_id, call.rules.taken_by(call.start), booking_id=row.id)


def _take_new_time(
    session: Session, now: datetime, settings: Settings, row: Booking, call: CallValue, start: datetime
) -> None:
    wish = wish_to_move(now, settings, contact_profile(session, row.contact_id), call)
    span = call.rules.taken_by(start)
    drop_hold(session, row.contact_id, over=span)
    require_open(session, now, settings, wish, start)
    row.status = after(row.status, Step.MOVE)
    row.move_starts_at, row.move_ends_at = start, start + call.rules.length
    if call.move is not None:
        settle(session, row.specialist_id, call.rules.taken_by(call.start), booking_id=row.id)
    reserve_move(session, now, row.specialist_id, span, booking_id=row.id)
