"""Which times a contact can have: the open times of their specialist, near ones, the next one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.values import CONTACT, SignedIn
from app.availability.errors import SlotRefused, SlotTaken
from app.availability.offer import Asked, Beside, Offer, OwnWrite
from app.availability.service import check_slot, judge_starts, offer_slots
from app.availability.slots import Reason, SlotRules, monday_of
from app.booking import queries
from app.booking.holds.queries import offered_to
from app.booking.lifecycle import ACTIVE, STANDING
from app.booking.queries import Written
from app.booking.rules import effective
from app.booking.seniors.choice.service import choose_senior
from app.booking.values import CallTypeValue, CallValue, OpenTimes
from app.config import Settings
from app.customers.entitlement import entitled_until
from app.customers.profiles import ContactProfile, SpecialistProfile, as_user
from app.customers.service import contact_profile, require_entitled, serving
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.wording import local_date

_NEAR = timedelta(days=7)
_DAY = timedelta(days=1)
_OFFERED = 3
# A week of the service zone may begin or end a day off the same week in UTC.
_WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose time is wanted for what: a new call of a type, or a new time for the call ``moving``.

    ``holder_id`` is who asks: what they keep for themselves does not stand in their way. ``senior`` is who
    takes part besides, if anybody.
    """

    specialist: SpecialistProfile
    call_type_id: int
    rules: SlotRules
    last_day: date | None
    holder_id: int
    moving: CallValue | None = None
    senior: SpecialistProfile | None = None

    @property
    def people(self) -> tuple[int, ...]:
        """Whose time is wanted."""
        others = () if self.senior is None else (self.senior.user_id,)
        return (self.specialist.user_id, *others)


def wish_for(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: ContactProfile,
    call_type: CallTypeValue,
    length: int | None = None,
    senior: str = "",
) -> Wish:
    """What this contact may ask for; raises NotEntitled, NoSpecialist, NoSenior, LengthRefused.

    ``length`` is in minutes, None for the call type's first; ``senior`` as in BookingRequest.
    """
    last_day = _last_day(contact, now, settings)
    specialist = serving(session, contact.company_id, local_date(now, settings.service_time_zone))
    rules = effective(call_type, specialist.user_id, length).rules
    wish = Wish(specialist, call_type.id, rules, last_day, contact.user_id)
    return _with_senior(session, now, settings, wish, senior)


def wish_to_move(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    senior: str = "",
) -> Wish:
    """A new time for a call, which keeps its people and its rules; ``senior`` is brought in along with it.

    Contacts can have what their company is entitled to (raises NotEntitled); notice and caps are theirs to
    keep, not their specialist's or the administrator's. Raises NoSenior.
    """
    if actor.role == CONTACT:
        last_day = _last_day(contact_profile(session, call.contact_id), now, settings)
        wish = Wish(call.specialist, call.call_type_id, call.rules, last_day, actor.id, call)
    else:
        rules = replace(call.rules, notice=timedelta(0), daily_cap=0, weekly_cap=0)
        wish = Wish(call.specialist, call.call_type_id, rules, None, actor.id, call)
    if call.senior is not None:
        return replace(wish, senior=call.senior)
    return _with_senior(session, now, settings, wish, senior)


def _with_senior(session: Session, now: datetime, settings: Settings, wish: Wish, asked: str) -> Wish:
    if not asked:
        return wish
    return replace(wish, senior=choose_senior(session, now, settings, asked, wish.specialist.user_id))


def _last_day(contact: ContactProfile, now: datetime, settings: Settings) -> date | None:
    require_entitled(contact, now, settings)
    return entitled_until(contact.option, local_date(now, settings.service_time_zone))


def open_times(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: ContactProfile,
    call_type: CallTypeValue,
    span: Interval,
    *,
    length: int | None = None,
    senior: str = "",
) -> OpenTimes:
    """The times with a start in ``span`` that the contact can book.

    The contact's own hold does not close its time. Raises NotEntitled, NoSpecialist, NoSenior, LengthRefused.
    """
    wish = wish_for(session, now, settings, contact, call_type, length, senior)
    return times_for(session, now, settings, wish, span)


def times_for(session: Session, now: datetime, settings: Settings, wish: Wish, span: Interval) -> OpenTimes:
    """The times with a start in ``span`` that a wish can have."""
    found = offer(session, now, settings, wish, span)
    return OpenTimes(wish.specialist, wish.rules, found, wish.last_day, wish.senior)


def alternatives(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: ContactProfile,
    call_type: CallTypeValue,
    near: datetime,
    *,
    length: int | None = None,
    senior: str = "",
) -> list[Interval]:
    """The three open times nearest to ``near``, in order."""
    wish = wish_for(session, now, settings, contact, call_type, length, senior)
    return nearest(session, now, settings, wish, near, _OFFERED)


def alternatives_to_move(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    near: datetime,
    senior: str = "",
) -> list[Interval]:
    """The three times nearest to ``near`` that this person can move the call to, in order."""
    wish = wish_to_move(session, now, settings, actor, call, senior)
    return nearest(session, now, settings, wish, near, _OFFERED)


def nearest(
    session: Session, now: datetime, settings: Settings, wish: Wish, near: datetime, count: int
) -> list[Interval]:
    """The open times nearest to ``near``, without it: looked for a week around it, then anywhere."""
    whole = Interval(now, now + wish.rules.horizon + _DAY)
    around = Interval(max(whole.start, near - _NEAR), min(whole.end, near + _NEAR))
    found: Sequence[Interval] = ()
    for span in (around, whole):
        if span.start < span.end:
            slots = offer(session, now, settings, wish, span).slots
            found = [slot for slot in slots if slot.start != near]
        if len(found) >= count:
            break
    return sorted(sorted(found, key=lambda slot: abs(slot.start - near))[:count])


def offer(session: Session, now: datetime, settings: Settings, wish: Wish, span: Interval) -> Offer:
    """What is open for a wish in a span."""
    asked = _asked(session, settings, wish, span)
    return offer_slots(session, now, settings, wish.specialist, wish.rules, span, **asked)


def judge(
    session: Session, now: datetime, settings: Settings, wish: Wish, span: Interval
) -> list[tuple[datetime, Reason | None]]:
    """Every start of the grid in a span with what speaks against it, None exactly for those of offer.

    What the waiting list keeps there for whoever asks is theirs to book as well. What is busy is told as
    taken (see require_open). Raises CalendarAway.
    """
    asked = _asked(session, settings, wish, span, offered_to(session, wish.holder_id, span))
    judged = judge_starts(session, now, settings, wish.specialist, wish.rules, span, **asked)
    return [(start, Reason.TAKEN if reason is Reason.BUSY else reason) for start, reason in judged]


def require_open(session: Session, now: datetime, settings: Settings, wish: Wish, start: datetime) -> None:
    """Nothing, when a call can begin at ``start``: judged exactly as the list of open times is.

    Raises SlotTaken when the specialist is not free, SlotRefused for any other reason, CalendarAway. Whether
    another customer has the time or something else stands in the calendar is nobody's to know.
    """
    asked = _asked(session, settings, wish, Interval(start, start + wish.rules.length))
    try:
        check_slot(session, now, settings, wish.specialist, wish.rules, start, **asked)
    except SlotRefused as refused:
        if refused.reason in {Reason.TAKEN, Reason.BUSY}:
            raise SlotTaken(f"{start} is taken") from refused
        raise


def own_writes(written: Sequence[Written]) -> frozenset[OwnWrite]:
    """Where events of ours may stand in the calendar without being somebody else's appointment.

    Calls that were cancelled are among them: their time is free at once, their event goes a moment later.
    """
    own = {(item.uid, item.span.start, item.span.end) for item in written}
    own |= {(item.uid, item.move.start, item.move.end) for item in written if item.move}
    return frozenset(own)


def _asked(
    session: Session, settings: Settings, wish: Wish, span: Interval, offered: Sequence[int] = ()
) -> Asked:
    """``offered`` are reservations, of everybody's time, that do not stand in the way either."""
    # Caps count whole days and weeks, of which the span may show a part.
    margin = _WEEK if wish.rules.weekly_cap else _DAY
    written, kept = queries.calls_and_hold(session, wish.specialist.user_id, span, wish.holder_id, margin)
    moving = None if wish.moving is None else wish.moving.id
    counted = [
        item.move or item.span
        for item in written
        if item.is_own
        and item.status in ACTIVE | STANDING
        and item.call_type_id == wish.call_type_id
        and item.id != moving
    ]
    days = [local_date(item.start, settings.service_time_zone) for item in counted]
    return {
        "own": own_writes(written),
        "booked_per_day": Counter(days),
        "booked_per_week": Counter(monday_of(day) for day in days),
        "last_day": wish.last_day,
        "without_booking": moving,
        "without_kept": [*kept, *offered],
        "beside": _beside(session, wish, span, offered),
    }


def _beside(session: Session, wish: Wish, span: Interval, offered: Sequence[int]) -> Beside | None:
    if wish.senior is None:
        return None
    written, kept = queries.calls_and_hold(session, wish.senior.user_id, span, wish.holder_id)
    return Beside(wish.senior, own_writes(written), [*kept, *offered])


def free_times_near(
    session: Session, now: datetime, settings: Settings, call: CallValue, start: datetime
) -> tuple[Interval, ...]:
    """Up to three times to offer in place of one that a call could not have; none if there is no telling."""
    try:
        contact = as_user(contact_profile(session, call.contact_id), CONTACT)
        wish = wish_to_move(session, now, settings, contact, call)
    except DomainError:
        return ()
    return tuple(nearest(session, now, settings, wish, start, _OFFERED))
