"""Taking and leaving a place in the waiting list, and how places stand."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking.models import Waiting
from app.booking.offers.service import Wishes, offer
from app.booking.values import CallValue
from app.booking.waiting import queries
from app.booking.waiting.errors import DaysRefused, TimesOpen, TooManyPlaces
from app.booking.waiting.line import LIVE, MOST_PLACES, Place, PlaceNow, Shown, State
from app.booking.waiting.service_answers import decline, hold_offer, move_to_offer
from app.booking.waiting.service_places import Ground, all_stand, end_place, ground, open_in_line, stands
from app.config import Settings
from app.lib.intervals import Interval
from app.lib.tokens import new_public_id
from app.lib.wording import local_date
from app.lib.zones import day_interval

__all__ = [
    "Ground",
    "Shown",
    "Wanted",
    "decline",
    "ground",
    "hold_offer",
    "join",
    "leave",
    "move_to_offer",
    "place_now",
    "places_of",
    "stands",
]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a contact wants to hear of: a call type, or a call (``moving``, its public id), and days."""

    slug: str
    first_day: date
    last_day: date
    moving: str = ""


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
    standing = all_stand(session, now, settings, same, queries.active_calls(session, now, {user.id}))
    offered = next((item for item in standing if item.state is State.OFFERED), None)
    if offered is not None:
        return offered.place
    if not same and len(own) >= MOST_PLACES:
        raise TooManyPlaces(MOST_PLACES)
    if found.moving is None:
        _require_nothing_open(session, now, settings, found.wishes, wanted.first_day, last_day)
    row = _row_for(session, now, user, found, same)
    row.first_day, row.last_day = wanted.first_day, last_day
    row.moves_from = found.moving.start if found.moving else None
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
        raise DaysRefused("after_call" if found.moving else "far")
    if wanted.last_day > found.last_day and found.moving is None:
        raise DaysRefused("far")
    return min(wanted.last_day, found.last_day)


def _require_nothing_open(
    session: Session, now: datetime, settings: Settings, wishes: Wishes, first: date, last: date
) -> None:
    zone = settings.service_time_zone
    span = Interval(max(now, day_interval(first, zone).start), day_interval(last, zone).end)
    slots = offer(session, now, settings, wishes, span).slots
    if slots:
        raise TimesOpen(wishes.open_times(slots[:_SHOWN]))


def _row_for(session: Session, now: datetime, user: SignedIn, found: Ground, same: list[Place]) -> Waiting:
    """The first of the places for the same, the others ended; else a new one."""
    for place in same[1:]:
        end_place(session, now, user, queries.row_of(session, place), State.ENDED, "left")
    if same:
        return queries.row_of(session, same[0])
    row = Waiting(
        public_id=new_public_id(),
        contact_id=user.id,
        specialist_id=found.wish.specialist.user_id,
        call_type_id=found.wish.call_type_id,
        moving_id=found.moving.id if found.moving else None,
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
        end_place(session, now, user, queries.row_of(session, place), State.ENDED, "left")


def places_of(
    session: Session, now: datetime, settings: Settings, user_id: int, calls: list[CallValue]
) -> list[PlaceNow]:
    """The contact's places that wait or have an offer, by what is true of them now.

    ``calls`` are all that they have ahead.
    """
    found = queries.live_places(session, Waiting.contact_id == user_id)
    standing = all_stand(session, now, settings, found, {user_id: calls})
    return [item for item in standing if item.state in LIVE]


def place_now(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> PlaceNow:
    """The contact's place for its page; while nothing is offered, with up to three open times of its days.

    Raises NotFound.
    """
    found = stands(session, now, settings, user.id, public_id)
    if found.state is not State.WAITING:
        return found
    calls = [] if found.moving is None else [found.moving]
    return replace(found, free=open_in_line(session, now, settings, user, found.place, calls)[:_SHOWN])
