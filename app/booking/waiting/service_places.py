"""What can be waited for, what of it is open, and how a place ends."""

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
from app.booking.waiting.line import Place, PlaceNow, State, fate, moving_call, span_of
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import contact_profile, serving
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
        after(call, Event.RESCHEDULE, Who.CONTACT, now)
        wish = wish_to_move(session, now, settings, user, call)
        return Ground(only(wish), _last_day(now, settings, wish, call.start), call)
    wishes = wishes_for(session, now, settings, contact, call_type(session, slug))
    return Ground(wishes, _last_day(now, settings, wishes.first), None)


def _last_day(now: datetime, settings: Settings, wish: Wish, before: datetime | None = None) -> date:
    latest = now + wish.rules.horizon
    last = local_date(min(latest, before or latest), settings.service_time_zone)
    return min(last, wish.last_day or last)


def open_in_line(
    session: Session, now: datetime, settings: Settings, user: SignedIn, place: Place, calls: list[CallValue]
) -> tuple[OpenTime, ...]:
    """All open times that the place waits for; none when there is no telling."""
    span = span_of(place, calls, now, settings.service_time_zone)
    if span is None:
        return ()
    moving = moving_call(place, calls)
    try:
        found = ground(session, now, settings, user, place.call_type_slug, moving.public_id if moving else "")
    except DomainError:
        return ()
    return found.wishes.open_times(offer(session, now, settings, found.wishes, span).slots)


def stands(session: Session, place: Place, calls: list[CallValue], now: datetime, zone: str) -> PlaceNow:
    """What is true of a place by its contact's active calls, and who takes what is offered to it."""
    state, moving = fate(place, calls, now, zone), moving_call(place, calls)
    if state is not State.OFFERED or place.is_moving or place.offer is None:
        return PlaceNow(place, state, moving, ())
    company_id = contact_profile(session, place.contact_id).company_id
    try:
        served = serving(session, company_id, local_date(place.offer.start, zone))
    except NoSpecialist:
        served = None
    return PlaceNow(place, state, moving, (), served)


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
