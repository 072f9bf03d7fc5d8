"""The pass over a specialist's line: what places have become, and who is offered which open time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import CONTACT
from app.booking.call_types.queries import call_type
from app.booking.holds.service import reserve_for
from app.booking.models import Waiting
from app.booking.offers.service import Wish, Wishes, offer, only, wish_to_move, wishes_for
from app.booking.offers.wish import Turn
from app.booking.rules import effective
from app.booking.taking.queries import open_count
from app.booking.values import CallValue
from app.booking.waiting import queries
from app.booking.waiting.letter import OfferFacts, write_lost, write_offer
from app.booking.waiting.line import (
    Place,
    PlaceNow,
    State,
    choose,
    has_run_out,
    in_line,
    is_untold,
    kept_until,
    moving_call,
    passed,
    span_of,
)
from app.booking.waiting.service_places import all_stand, end_place, give_back, open_in_line
from app.config import Settings
from app.customers.profiles import as_user
from app.customers.queries_cover import not_there
from app.customers.service import contact_profile
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.wording import local_date
from app.mail.draft import Draft
from app.mail.service import post

# Listings of one pass for one specialist: whoever stands further behind waits for the line to get shorter.
_LISTED = 50

Calls = Mapping[int, Sequence[CallValue]]


def is_due(session: Session, now: datetime, settings: Settings, specialist_id: int) -> bool:
    """Whether anything is to be done in this specialist's line; without the lock, so that pages can write."""
    places, calls = _line(session, now, specialist_id)
    standing = all_stand(session, now, settings, places, calls)
    if any(item.state != item.place.state or is_untold(item.place, now) for item in standing):
        return True
    for place in _waiting(places):
        wishes = _wishes(session, now, settings, place, calls)
        if wishes is None:
            continue
        if wishes.first.specialist.user_id != specialist_id:
            return True
        slots = _open(session, now, settings, wishes, place, calls)
        if slots is None:
            return False
        if slots:
            return True
    return False


def serve_line(
    session: Session, now: datetime, settings: Settings, specialist_id: int, locked: Collection[int]
) -> None:
    """Write down what places have become, then offer open times, each to the first in line who waits for it.

    Under the write lock of ``locked`` (``people_in_line``), which makes it safe with two workers. Repeated,
    it does nothing. A time of somebody else, who stands in only since, is left to the next pass.
    """
    places, calls = _line(session, now, specialist_id)
    for item in all_stand(session, now, settings, places, calls):
        _settle(session, now, settings, item, calls.get(item.place.contact_id, ()))
    session.flush()
    places, calls = _line(session, now, specialist_id)
    hopeful = _offer_what_is_open(session, now, settings, places, calls, locked)
    untold = [place for place in places if place.id not in hopeful and is_untold(place, now)]
    for item in all_stand(session, now, settings, untold, calls):
        _tell(session, now, settings, item)


def _offer_what_is_open(
    session: Session,
    now: datetime,
    settings: Settings,
    places: Sequence[Place],
    calls: Calls,
    locked: Collection[int],
) -> set[int]:
    """Offer open times; the places that got one, or that the next pass has to look at once more."""
    hopeful = set[int]()
    for place in _waiting(places):
        wishes = _wishes(session, now, settings, place, calls)
        if wishes is None:
            continue
        if wishes.first.specialist.user_id != place.specialist_id:
            # Somebody else serves them now, whose lock is another: the next pass goes on there.
            queries.row_of(session, place).specialist_id = wishes.first.specialist.user_id
            hopeful.add(place.id)
            continue
        slots = _open(session, now, settings, wishes, place, calls)
        if slots is None:
            break
        if not slots:
            continue
        hopeful.add(place.id)
        turn = wishes.turn_at(slots[0].start)
        if turn is not None and set(turn.wish.people) <= set(locked):
            _offer(session, now, settings, place, turn, slots[0])
    return hopeful


def _line(session: Session, now: datetime, specialist_id: int) -> tuple[list[Place], Calls]:
    places = in_line(queries.live_places(session, Waiting.specialist_id == specialist_id))
    return places, queries.active_calls(session, now, {place.contact_id for place in places})


def _waiting(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.state is State.WAITING][:_LISTED]


def _wishes(session: Session, now: datetime, settings: Settings, place: Place, calls: Calls) -> Wishes | None:
    """What the place waits for, as its contact may ask for it; None when they may not.

    What the contact keeps for themselves is nothing to offer.
    """
    try:
        contact = contact_profile(session, place.contact_id)
        if not place.is_moving:
            kind = call_type(session, place.call_type_slug)
            wishes = wishes_for(session, now, settings, contact, kind)
            most = effective(kind, wishes.first.specialist.user_id).open_cap
            if most and open_count(session, contact.company_id, kind.id, now) >= most:
                return None
            return wishes.each(lambda wish: replace(wish, holder_id=0))
        call = moving_call(place, calls.get(place.contact_id, ()))
        if call is None:
            return None
        wish = wish_to_move(session, now, settings, as_user(contact, CONTACT), call)
        return only(replace(wish, holder_id=0))
    except DomainError:
        return None


def _open(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, place: Place, calls: Calls
) -> list[Interval] | None:
    """The times that can be offered to it, in order; None while the calendar is away."""
    span = span_of(place, calls.get(place.contact_id, ()), now, settings.service_time_zone)
    if span is None:
        return []
    found = offer(session, now, settings, wishes, span)
    if found.closed is not None:
        return None
    slots = [slot for slot in choose(place, found.slots) if _until(now, wishes.at(slot.start), slot)]
    return _while_there(session, settings, slots, wishes.first) if place.is_moving else slots


def _while_there(
    session: Session, settings: Settings, slots: Sequence[Interval], wish: Wish
) -> list[Interval]:
    """The times on days on which the call's specialist takes calls, as ``all_stand`` looks at it.

    Days away that went out of the calendar are kept until they are noticed: an offer would be lost at once.
    """
    person, zone = wish.specialist.user_id, settings.service_time_zone
    gone = not_there(session, [(person, local_date(slot.start, zone)) for slot in slots])
    return [slot for slot in slots if (person, local_date(slot.start, zone)) not in gone]


def _until(now: datetime, wish: Wish | None, slot: Interval) -> datetime | None:
    if wish is None:
        return None
    return kept_until(now, slot, wish.rules.notice, wish.moving.move_until if wish.moving else None)


def _settle(
    session: Session, now: datetime, settings: Settings, item: PlaceNow, calls: Sequence[CallValue]
) -> None:
    """Write down what has become of a place."""
    place, state = item.place, item.state
    if state is place.state:
        return
    row = queries.row_of(session, place)
    if state is not State.WAITING:
        end_place(session, now, None, row, state, state.value)
        return
    verb, slots = "let_go", tuple[Interval, ...]()
    if has_run_out(place, now):
        # Told of one time they had the chance to see them all: only what comes free later is news.
        user = as_user(contact_profile(session, place.contact_id), CONTACT)
        seen = open_in_line(session, now, settings, user, place, calls)
        verb, slots = "passed", tuple(time.slot for time in seen)
        row.passed_at = now
    row.state = state
    if item.is_lost and verb == "let_go":
        # It keeps its turn, and the same time may be offered with whoever serves now.
        verb = "lost"
    else:
        row.passed_starts = passed(place, slots, now)
    give_back(session, row)
    record(session, now, None, verb, "waiting", row.public_id)


def _offer(
    session: Session, now: datetime, settings: Settings, place: Place, turn: Turn, slot: Interval
) -> None:
    wish = turn.wish
    until = _until(now, wish, slot)
    assert until is not None
    row = queries.row_of(session, place)
    # Whoever serves on that day: in their line the offer is kept, and comes back when it is let go.
    row.specialist_id = wish.specialist.user_id
    row.reservation_id, row.senior_reservation_id = reserve_for(session, now, wish, slot.start, until)
    row.state = State.OFFERED
    row.offer_starts_at, row.offer_ends_at, row.offer_expires_at = slot.start, slot.end, until
    start = slot.start.isoformat()
    record(session, now, None, "offered", "waiting", row.public_id, start=start)
    contact = contact_profile(session, place.contact_id)
    letter = write_offer(OfferFacts(place, contact, turn, slot, until), settings)
    _post(session, now, place, slot.start, "offer", letter)


def _tell(session: Session, now: datetime, settings: Settings, item: PlaceNow) -> None:
    """Write that the time is not kept any more, where no other is offered in its place."""
    place = item.place
    assert place.offer is not None
    contact = contact_profile(session, place.contact_id)
    letter = write_lost(item, place.offer, contact, settings)
    _post(session, now, place, place.offer.start, "lost", letter, useful_until=place.offer.start)
    row = queries.row_of(session, place)
    row.offer_starts_at = row.offer_ends_at = row.offer_expires_at = None


def _post(
    session: Session,
    now: datetime,
    place: Place,
    start: datetime,
    kind: str,
    letter: Draft,
    useful_until: datetime | None = None,
) -> None:
    key = f"waiting:{place.id}:{start:%Y%m%dT%H%M}:{now:%Y%m%dT%H%M%S}:{kind}:{place.contact_id}"
    post(session, now, key, f"waiting:{place.id}:{place.contact_id}", letter, useful_until)
