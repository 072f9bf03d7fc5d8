"""What can be waited for, what of it is open, and how a place ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.availability.service import release
from app.booking import queries
from app.booking.call_types.queries import call_type
from app.booking.lifecycle import Event, Who, after
from app.booking.models import Waiting
from app.booking.offers.service import Wish, Wishes, offer, only, wish_to_move, wishes_for
from app.booking.offers.wish import OpenTime
from app.booking.values import CallValue
from app.booking.waiting.line import Place, PlaceNow, State, as_it_stands, moving_call, span_of
from app.booking.waiting.queries import active_calls, place_of
from app.config import Settings
from app.customers.queries_cover import not_there
from app.customers.roster import Served
from app.customers.service import contact_profile, roster
from app.lib.errors import DomainError
from app.lib.wording import local_date


@dataclass(frozen=True, slots=True)
class Ground:
    """What a place can be taken for: whose time and up to which day (service zone), and the call to move."""

    wishes: Wishes
    last_day: date
    moving: CallValue | None

    @property
    def wish(self) -> Wish:
        """The wish as it is today."""
        return self.wishes.first


def ground(
    session: Session, now: datetime, settings: Settings, user: SignedIn, slug: str, moving: str = ""
) -> Ground:
    """What this contact can wait for.

    Raises NotFound (call type, call), CannotChange, NotEntitled, NoSpecialist.
    """
    contact = contact_profile(session, user.id)
    if moving:
        call = queries.call_of_contact(session, contact, moving)
        wishes = _to_move(session, now, settings, user, call)
        return Ground(wishes, _last_day(now, settings, wishes.first, call.start), call)
    wishes = wishes_for(session, now, settings, contact, call_type(session, slug))
    return Ground(wishes, _last_day(now, settings, wishes.first), None)


def _to_move(session: Session, now: datetime, settings: Settings, user: SignedIn, call: CallValue) -> Wishes:
    after(call, Event.RESCHEDULE, Who.CONTACT, now)
    return only(wish_to_move(session, now, settings, user, call))


def _last_day(now: datetime, settings: Settings, wish: Wish, before: datetime | None = None) -> date:
    latest = now + wish.rules.horizon
    last = local_date(min(latest, before or latest), settings.service_time_zone)
    return min(last, wish.last_day or last)


def open_in_line(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    place: Place,
    calls: Sequence[CallValue],
) -> tuple[OpenTime, ...]:
    """All open times that the place waits for; none when there is no telling."""
    span = span_of(place, calls, now, settings.service_time_zone)
    if span is None:
        return ()
    moving = moving_call(place, calls)
    try:
        if moving is None:
            wishes = ground(session, now, settings, user, place.call_type_slug).wishes
        else:
            wishes = _to_move(session, now, settings, user, moving)
    except DomainError:
        return ()
    return wishes.open_times(offer(session, now, settings, wishes, span).slots)


def stands(session: Session, now: datetime, settings: Settings, user_id: int, public_id: str) -> PlaceNow:
    """The contact's own place; raises NotFound."""
    place = place_of(session, user_id, public_id)
    return all_stand(session, now, settings, [place], active_calls(session, now, {user_id}))[0]


def all_stand(
    session: Session,
    now: datetime,
    settings: Settings,
    places: Sequence[Place],
    calls: Mapping[int, Sequence[CallValue]],
) -> list[PlaceNow]:
    """What is true of places, by their contacts' active ``calls`` and by who serves on the days of offers."""
    zone = settings.service_time_zone
    served, absent = _served(session, places, zone), _absent(session, places, calls, zone)
    return [
        as_it_stands(
            place,
            calls.get(place.contact_id, ()),
            served.get(place.id),
            now,
            zone,
            is_there=place.id not in absent,
        )
        for place in places
    ]


def _absent(
    session: Session, places: Sequence[Place], calls: Mapping[int, Sequence[CallValue]], zone: str
) -> set[int]:
    """The places whose call would move to a day on which its specialist takes none; one query for all."""
    days: dict[int, tuple[int, date]] = {}
    for place in places:
        call = moving_call(place, calls.get(place.contact_id, ()))
        if call is not None and place.offer is not None:
            days[place.id] = call.specialist.user_id, local_date(place.offer.start, zone)
    gone = not_there(session, days.values())
    return {place_id for place_id, day in days.items() if day in gone}


def _served(session: Session, places: Sequence[Place], zone: str) -> dict[int, Served]:
    """Who serves on the day of what is offered to each place; one look at the roster for each company."""
    days: dict[int, dict[int, date]] = {}
    for place in places:
        if place.state is State.OFFERED and place.offer is not None and not place.is_moving:
            days.setdefault(place.company_id, {})[place.id] = local_date(place.offer.start, zone)
    return {
        place_id: shift.served
        for company_id, theirs in days.items()
        for shift in roster(session, company_id, min(theirs.values()), max(theirs.values()))
        for place_id, day in theirs.items()
        if shift.first <= day <= shift.last
    }


def end_place(
    session: Session, now: datetime, user: SignedIn | None, row: Waiting, state: State, verb: str
) -> None:
    """It has done its work: ``verb`` is the fact in the audit log, ``user`` None the service itself."""
    row.state = state
    give_back(session, row)
    record(session, now, user, verb, "waiting", row.public_id)


def give_back(session: Session, row: Waiting) -> None:
    """Free the time that is kept for a place."""
    kept = [number for number in (row.reservation_id, row.senior_reservation_id) if number is not None]
    row.reservation_id = row.senior_reservation_id = None
    session.flush()
    release(session, kept)
