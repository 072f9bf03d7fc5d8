"""Keeping a time for five minutes while a contact writes the details."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.availability.errors import SlotTaken
from app.availability.queries import reserved_span
from app.availability.service import has, release, reserve
from app.booking import queries
from app.booking.call_types.queries import call_type, call_type_by_id
from app.booking.errors import AlreadyYours, CannotChange, HoldGone, OtherServes
from app.booking.holds.queries import offered_to
from app.booking.lifecycle import Event, Who, begin, who_in
from app.booking.models import Hold
from app.booking.offers.service import Wish, require_open, wish_for, wish_to_move
from app.booking.rules import HOLD_LENGTH, effective, outside, spans_to_reserve
from app.booking.taking.queries import call_at
from app.booking.values import CallValue, HeldCall
from app.config import Settings
from app.customers.service import contact_profile, specialist_profile
from app.lib.intervals import Interval
from app.lib.tokens import new_public_id


def hold(
    session: Session,
    now: datetime,
    settings: Settings,
    user_id: int,
    slug: str,
    start: datetime,
    *,
    length: int | None = None,
    senior: str = "",
    specialist: str = "",
) -> HeldCall:
    """Keep a time for the contact, in place of what was kept before; needs the write lock.

    ``length`` is in minutes, None for the call type's first. With ``senior`` (see BookingRequest, also for
    ``specialist``) the time is kept of both people, or not at all. Raises NotEntitled, NoSpecialist,
    NoSenior, NotFound, LengthRefused, OtherServes, SlotTaken, SlotRefused, CalendarAway, and AlreadyYours for
    a time that is the contact's own call.
    """
    begin(Event.HOLD, Who.CONTACT)
    contact = contact_profile(session, user_id)
    wish = wish_for(session, now, settings, contact, call_type(session, slug), start, length, senior)
    if not wish.is_as_shown(specialist):
        raise OtherServes(wish.specialist)
    own = call_at(session, user_id, wish.specialist.user_id, start)
    if own is not None:
        raise AlreadyYours(own)
    return _keep(session, now, settings, wish, start)


def hold_to_move(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    start: datetime,
    senior: str = "",
) -> HeldCall:
    """Keep a new time for a call beside its old one; needs the write lock.

    Raises CannotChange("same") when the call has that time already, AlreadyYours when another of the
    contact's has, and NotEntitled, SlotTaken, SlotRefused, CalendarAway.
    """
    begin(Event.HOLD, who_in(call, actor))
    own = call_at(session, call.contact_id, call.specialist.user_id, start)
    if own is not None:
        raise CannotChange("same") if own == call.public_id else AlreadyYours(own)
    return _keep(session, now, settings, wish_to_move(session, now, settings, actor, call, senior), start)


def _keep(session: Session, now: datetime, settings: Settings, wish: Wish, start: datetime) -> HeldCall:
    require_open(session, now, settings, wish, start)
    drop_hold(session, wish.holder_id)
    kept = reserve_for(session, now, wish, start, now + HOLD_LENGTH)
    reservation_id, senior_reservation_id = kept
    row = Hold(
        public_id=new_public_id(),
        contact_id=wish.holder_id,
        specialist_id=wish.specialist.user_id,
        call_type_id=wish.call_type_id,
        reservation_id=reservation_id,
        senior_reservation_id=senior_reservation_id,
        starts_at=start,
        ends_at=start + wish.rules.length,
        expires_at=now + HOLD_LENGTH,
    )
    session.add(row)
    session.flush()
    return _value(session, row)


def held(session: Session, now: datetime, user_id: int, public_id: str) -> HeldCall:
    """The contact's kept time.

    Raises HoldGone when it is kept no longer, or never was for this contact.
    """
    row = queries.hold_of(session, user_id)
    if row is None or row.public_id != public_id or row.expires_at <= now:
        raise HoldGone(f"no hold {public_id}")
    return _value(session, row)


def drop_hold(session: Session, contact_id: int, over: Interval | None = None) -> None:
    """Give up the contact's hold; with ``over`` only if it keeps some of that span, buffers included.

    With ``over`` also what is kept there for them in the waiting list: they take it, by whatever way.
    """
    if over is not None:
        release(session, offered_to(session, contact_id, over))
    row = queries.hold_of(session, contact_id)
    if row is None or (over is not None and not over.overlaps(reserved_span(session, row.reservation_id))):
        return
    kept = [number for number in (row.reservation_id, row.senior_reservation_id) if number is not None]
    session.delete(row)
    session.flush()
    release(session, kept)


def reserve_for(
    session: Session, now: datetime, wish: Wish, start: datetime, expires_at: datetime
) -> tuple[int, int | None]:
    """Reserve everybody's time for a wish until ``expires_at``, or nobody's.

    The ids of the reservations: the specialist's, and that of the senior who takes part, if any. Raises
    SlotTaken.
    """
    first, *others = [_reserve(session, now, wish, person, start, expires_at) for person in wish.people]
    return first, others[0] if others else None


def _reserve(
    session: Session, now: datetime, wish: Wish, person_id: int, start: datetime, expires_at: datetime
) -> int:
    """Reserve what the call does not have yet: a call that moves a little keeps part of its own time."""
    wanted = wish.rules.taken_by(start)
    parts = outside(wanted, [] if wish.moving is None else _taken_by(session, wish.moving, person_id))
    if not parts:
        raise SlotTaken(f"{start} lies within the call's own time")
    return reserve(session, now, person_id, parts[0], kind="hold", expires_at=expires_at)


def _taken_by(session: Session, call: CallValue, person_id: int) -> list[Interval]:
    """What the call has of this person's time already: nothing of somebody who is yet to be brought in."""
    new = None if call.move is None else call.rules.taken_by(call.move.start)
    spans = spans_to_reserve(call.rules.taken_by(call.start), new)
    return [span for span in spans if has(session, person_id, span, booking_id=call.id)]


def _value(session: Session, row: Hold) -> HeldCall:
    other = queries.senior_of_hold(session, row)
    return HeldCall(
        public_id=row.public_id,
        call_type=effective(call_type_by_id(session, row.call_type_id), row.specialist_id),
        specialist=specialist_profile(session, row.specialist_id),
        start=row.starts_at,
        end=row.ends_at,
        expires_at=row.expires_at,
        senior=None if other is None else specialist_profile(session, other),
    )
