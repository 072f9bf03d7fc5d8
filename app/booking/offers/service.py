"""Which times a contact can have: the open times of their specialist, near ones, the next one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.values import CONTACT, SignedIn
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.offer import Asked, Beside, Offer, OwnWrite
from app.availability.service import check_slot, judge_starts, offer_slots
from app.availability.slots import Reason, monday_of, starts_in
from app.booking import queries
from app.booking.holds.queries import offered_to
from app.booking.lifecycle import ACTIVE, STANDING
from app.booking.offers.service_wishes import wish_for, wish_to_move, wishes_for
from app.booking.offers.wish import (
    OpenTime,
    Turn,
    Wish,
    Wishes,
    asked_once,
    joined,
    only,
    open_times_of,
    starting_in,
)
from app.booking.queries import Written
from app.booking.values import CallTypeValue, CallValue, OpenTimes, Share
from app.config import Settings
from app.customers.profiles import ContactProfile, as_user
from app.customers.service import contact_profile
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.wording import local_date

__all__ = [
    "Wish",
    "Wishes",
    "alternatives",
    "alternatives_among",
    "alternatives_to_move",
    "free_times_near",
    "judge",
    "nearest",
    "offer",
    "only",
    "open_times",
    "own_writes",
    "require_open",
    "times_for",
    "wish_for",
    "wish_to_move",
    "wishes_for",
]

_NEAR = timedelta(days=7)
_DAY = timedelta(days=1)
_OFFERED = 3
# A week of the service zone may begin or end a day off the same week in UTC.
_WEEK = timedelta(days=8)


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
    wishes = wishes_for(session, now, settings, contact, call_type, length, senior)
    return times_for(session, now, settings, wishes, span)


def times_for(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, span: Interval
) -> OpenTimes:
    """The times with a start in ``span`` that wishes can have."""
    return open_times_of(wishes, _shares(session, now, settings, wishes, span))


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
) -> list[OpenTime]:
    """The three open times nearest to ``near``, in order."""
    wishes = wishes_for(session, now, settings, contact, call_type, length, senior)
    return alternatives_among(session, now, settings, wishes, near)


def alternatives_among(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, near: datetime
) -> list[OpenTime]:
    """The three open times nearest to ``near`` that wishes can have, in order."""
    return list(wishes.open_times(nearest(session, now, settings, wishes, near, _OFFERED)))


def alternatives_to_move(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    near: datetime,
    senior: str = "",
) -> list[OpenTime]:
    """The three times nearest to ``near`` that this person can move the call to, in order."""
    wish = wish_to_move(session, now, settings, actor, call, senior)
    return alternatives_among(session, now, settings, only(wish), near)


def nearest(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, near: datetime, count: int
) -> list[Interval]:
    """The open times nearest to ``near``, without it: looked for a week around it, then anywhere."""
    whole = Interval(now, now + max(turn.wish.rules.horizon for turn in wishes.turns) + _DAY)
    around = Interval(max(whole.start, near - _NEAR), min(whole.end, near + _NEAR))
    found: Sequence[Interval] = ()
    for span in (around, whole):
        if span.start < span.end:
            slots = offer(session, now, settings, wishes, span).slots
            found = [slot for slot in slots if slot.start != near]
        if len(found) >= count:
            break
    return sorted(sorted(found, key=lambda slot: abs(slot.start - near))[:count])


def offer(session: Session, now: datetime, settings: Settings, wishes: Wishes, span: Interval) -> Offer:
    """What is open for wishes in a span."""
    return joined(_shares(session, now, settings, wishes, span))


def _shares(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, span: Interval
) -> list[Share]:
    """Everybody is asked once, over all of their days.

    Of days in nobody's turn (they are over, say) the first person's calendar tells whether it can be read.
    """
    parts = wishes.within(span) or [(wishes.turns[0], span)]
    offers: dict[int, Offer] = {}
    for wish, whole in asked_once(parts):
        asked = _asked(session, settings, wish, whole)
        one = offer_slots(session, now, settings, wish.specialist, wish.rules, whole, **asked)
        offers[wish.specialist.user_id] = one
    nothing = Offer((), None, None)
    return [
        Share(
            part,
            turn.wish.specialist,
            turn.wish.rules,
            starting_in(part, nothing if turn.wish.away else _own(turn, offers)),
            turn.served,
        )
        for turn, part in parts
    ]


def _own(turn: Turn, offers: Mapping[int, Offer]) -> Offer:
    return starting_in(turn.span, offers[turn.wish.specialist.user_id])


def judge(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, span: Interval, main: Wish
) -> list[tuple[datetime, Reason | None]]:
    """Every start of the grid in a span with what speaks against it, None exactly for those of offer.

    What the waiting list keeps there for whoever asks is theirs to book as well. What is busy is told as
    taken (see require_open). Raises CalendarAway when it is the calendar of ``main``, one of the
    wishes, that cannot be read; of the days of others that is told as a reason.
    """
    parts, offered = wishes.within(span), offered_to(session, main.holder_id, span)
    nobodys = [(turn.wish, part) for turn, part in parts if turn.wish.away]
    judged = list[tuple[datetime, Reason | None]]()
    for wish, whole in (*asked_once(parts), *nobodys):
        asked = _asked(session, settings, wish, whole, offered)
        try:
            found = judge_starts(session, now, settings, wish.specialist, wish.rules, whole, **asked)
        except CalendarAway:
            if wish.specialist == main.specialist:
                raise
            zone = settings.service_time_zone
            found = [(start, Reason.CALENDAR_AWAY) for start in starts_in(whole, wish.rules, zone)]
        judged += [(start, why) for start, why in found if wish.is_same_as(wishes.at(start))]
    in_order = sorted(judged, key=lambda item: item[0])
    return [(start, Reason.TAKEN if reason is Reason.BUSY else reason) for start, reason in in_order]


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
        "away": wish.away,
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
    return tuple(nearest(session, now, settings, only(wish), start, _OFFERED))
