"""Taking and leaving a place in the waiting list, and answering what is offered to it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.availability.service import release
from app.booking import queries as booking_queries
from app.booking.changes.service import reschedule
from app.booking.errors import CannotChange
from app.booking.holds.service import drop_hold, held
from app.booking.lifecycle import Event, Who, after
from app.booking.models import Hold, Waiting
from app.booking.offers.service import Wish, offer, wish_for, wish_to_move
from app.booking.values import CallValue, HeldCall
from app.booking.waiting import queries
from app.booking.waiting.errors import DaysRefused, OfferGone, TimesOpen, TooManyPlaces
from app.booking.waiting.line import (
    LIVE,
    MOST_PLACES,
    Place,
    State,
    fate,
    is_offered,
    moving_call,
    passed,
    span_of,
)
from app.config import Settings
from app.customers.service import contact_profile
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.tokens import new_public_id
from app.lib.wording import local_date
from app.lib.zones import day_interval

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a contact wants to hear of: a call type, or a call (``moving``, its public id), and days."""

    slug: str
    first_day: date
    last_day: date
    moving: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a place can be taken for: whose time and up to which day (service zone), and the call to move."""

    wish: Wish
    last_day: date
    moving: CallValue | None


def ground(
    session: Session, now: datetime, settings: Settings, user: SignedIn, slug: str, moving: str = ""
) -> Ground:
    """What this contact can wait for.

    Raises NotFound (call type, call), CannotChange, NotEntitled, NoSpecialist.
    """
    contact = contact_profile(session, user.id)
    if moving:
        call = booking_queries.call_of_contact(session, contact, moving)
        after(call, Event.RESCHEDULE, Who.CONTACT, now)
        wish = wish_to_move(session, now, settings, user, call)
        return Ground(wish, _last_day(now, settings, wish, call.start), call)
    wish = wish_for(session, now, settings, contact, booking_queries.call_type(session, slug))
    return Ground(wish, _last_day(now, settings, wish), None)


def _last_day(now: datetime, settings: Settings, wish: Wish, before: datetime | None = None) -> date:
    latest = now + wish.rules.horizon
    last = local_date(min(latest, before or latest), settings.service_time_zone)
    return min(last, wish.last_day or last)


def join(session: Session, now: datetime, settings: Settings, user: SignedIn, wanted: Wanted) -> Place:
    """Take a place in the line; one for the same with overlapping days is changed instead.

    Needs the write lock. Raises DaysRefused, TooManyPlaces, TimesOpen (without a call to move), and what
    ``ground`` raises; nothing is written then.
    """
    found = ground(session, now, settings, user, wanted.slug, wanted.moving)
    last_day = _checked_days(now, settings, found, wanted)
    own = queries.live_places(session, Waiting.contact_id == user.id)
    moving_id = found.moving.id if found.moving else None
    same = [
        place
        for place in own
        if (place.call_type_id, place.moving_id) == (found.wish.call_type_id, moving_id)
        and place.first_day <= last_day
        and wanted.first_day <= place.last_day
    ]
    offered = next((place for place in same if is_offered(place, now)), None)
    if offered is not None:
        return offered
    if not same and len(own) >= MOST_PLACES:
        raise TooManyPlaces(MOST_PLACES)
    if found.moving is None:
        _require_nothing_open(session, now, settings, found.wish, wanted.first_day, last_day)
    row = _row_for(session, now, user, found, same)
    row.first_day, row.last_day = wanted.first_day, last_day
    session.flush()
    days = {"first": row.first_day.isoformat(), "last": row.last_day.isoformat()}
    record(session, now, user, "changed" if same else "joined", "waiting", row.public_id, **days)
    session.flush()
    return queries.place_of(session, user.id, row.public_id)


def _checked_days(now: datetime, settings: Settings, found: Ground, wanted: Wanted) -> date:
    """The last day; with a call to move at most that of the call."""
    if wanted.first_day > wanted.last_day:
        raise DaysRefused("order")
    if wanted.first_day < local_date(now, settings.service_time_zone):
        raise DaysRefused("past")
    if wanted.first_day > found.last_day:
        raise DaysRefused("late" if found.moving else "far")
    if wanted.last_day > found.last_day and found.moving is None:
        raise DaysRefused("far")
    return min(wanted.last_day, found.last_day)


def _require_nothing_open(
    session: Session, now: datetime, settings: Settings, wish: Wish, first: date, last: date
) -> None:
    zone = settings.service_time_zone
    span = Interval(max(now, day_interval(first, zone).start), day_interval(last, zone).end)
    slots = offer(session, now, settings, wish, span).slots
    if slots:
        raise TimesOpen(slots[:_SHOWN])


def _row_for(session: Session, now: datetime, user: SignedIn, found: Ground, same: list[Place]) -> Waiting:
    """The first of the places for the same, the others ended; else a new one."""
    for place in same[1:]:
        _end(session, now, user, queries.row_of(session, place), State.ENDED, "left")
    if same:
        return queries.row_of(session, same[0])
    row = Waiting(
        public_id=new_public_id(),
        contact_id=user.id,
        specialist_id=found.wish.specialist.user_id,
        call_type_id=found.wish.call_type_id,
        moving_id=found.moving.id if found.moving else None,
        moves_from=found.moving.start if found.moving else None,
        state=State.WAITING,
        created_at=now,
        passed_starts=[],
    )
    session.add(row)
    return row


def leave(session: Session, now: datetime, user: SignedIn, public_id: str) -> None:
    """Give up the place and the time that is kept for it; needs the write lock. Raises NotFound."""
    place = queries.place_of(session, user.id, public_id)
    if place.state in LIVE:
        _end(session, now, user, queries.row_of(session, place), State.ENDED, "left")


def _end(
    session: Session, now: datetime, user: SignedIn | None, row: Waiting, state: State, verb: str
) -> None:
    row.state = state
    give_back(session, row)
    record(session, now, user, verb, "waiting", row.public_id)


def give_back(session: Session, row: Waiting) -> None:
    """Free the time that is kept for a place."""
    kept, row.reservation_id = row.reservation_id, None
    session.flush()
    release(session, [kept] if kept is not None else [])


def places_of(
    session: Session, now: datetime, settings: Settings, user_id: int, calls: list[CallValue]
) -> list[Place]:
    """The contact's places that wait or have an offer, by what is true of them now.

    ``calls`` are all that they have ahead.
    """
    zone = settings.service_time_zone
    found = queries.live_places(session, Waiting.contact_id == user_id)
    return [place for place in found if fate(place, calls, now, zone) in LIVE]


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A place as it stands: what is true of it now, the call that it would move, and times that are free."""

    place: Place
    state: State
    moving: CallValue | None
    free: tuple[Interval, ...]


def place_now(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> PlaceNow:
    """The contact's place for its page; while nothing is offered, with up to three open times of its days.

    Raises NotFound.
    """
    place = queries.place_of(session, user.id, public_id)
    calls = queries.active_calls(session, now, {user.id}).get(user.id, [])
    state = fate(place, calls, now, settings.service_time_zone)
    free: tuple[Interval, ...] = ()
    if state is State.WAITING:
        free = open_in_line(session, now, settings, user, place, calls)[:_SHOWN]
    return PlaceNow(place, state, moving_call(place, calls), free)


def open_in_line(
    session: Session, now: datetime, settings: Settings, user: SignedIn, place: Place, calls: list[CallValue]
) -> tuple[Interval, ...]:
    """All open times that the place waits for; none when there is no telling."""
    span = span_of(place, calls, now, settings.service_time_zone)
    if span is None:
        return ()
    moving = moving_call(place, calls)
    try:
        found = ground(session, now, settings, user, place.call_type_slug, moving.public_id if moving else "")
    except DomainError:
        return ()
    return offer(session, now, settings, found.wish, span).slots


def hold_offer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> HeldCall:
    """Take the offered time in hand, to write the details: the contact's hold until the offer runs out.

    Needs the write lock. Raises NotFound, OfferGone.
    """
    place = _offered(session, now, settings, user, public_id)
    return held(session, now, user.id, _as_hold(session, place))


def move_to_offer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> CallValue:
    """Move the call to the time that is offered to it; needs the write lock.

    Raises NotFound, OfferGone, and what ``reschedule`` raises; nothing is written then.
    """
    place = _offered(session, now, settings, user, public_id)
    call = moving_call(place, queries.active_calls(session, now, {user.id}).get(user.id, []))
    if call is None or place.offer is None:
        raise CannotChange("ended")
    _as_hold(session, place)
    moved = reschedule(session, now, settings, user, call.public_id, place.offer.start)
    row = queries.row_of(session, place)
    session.refresh(row)
    _end(session, now, user, row, State.TAKEN, "taken")
    return moved


def decline(session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str) -> None:
    """Let the offered time go and stay in line; needs the write lock. Raises NotFound, OfferGone."""
    place = _offered(session, now, settings, user, public_id)
    row = queries.row_of(session, place)
    row.state, row.passed_starts = State.WAITING, passed(place, (), now)
    give_back(session, row)
    record(session, now, user, "declined", "waiting", row.public_id)


def _offered(session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str) -> Place:
    place = queries.place_of(session, user.id, public_id)
    calls = queries.active_calls(session, now, {user.id}).get(user.id, [])
    if fate(place, calls, now, settings.service_time_zone) is not State.OFFERED:
        raise OfferGone(f"nothing is kept for place {public_id}")
    return place


def _as_hold(session: Session, place: Place) -> str:
    """Make the reservation of the offer the contact's own hold, in place of another; its public id."""
    row, old = queries.row_of(session, place), booking_queries.hold_of(session, place.contact_id)
    if old is not None and old.reservation_id == row.reservation_id:
        return old.public_id
    drop_hold(session, place.contact_id)
    kept = Hold(
        public_id=new_public_id(),
        contact_id=place.contact_id,
        specialist_id=row.specialist_id,
        call_type_id=row.call_type_id,
        reservation_id=row.reservation_id,
        starts_at=row.offer_starts_at,
        ends_at=row.offer_ends_at,
        expires_at=row.offer_expires_at,
    )
    session.add(kept)
    session.flush()
    return kept.public_id
