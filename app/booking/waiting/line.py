"""The rules of the waiting list: who is next, for which time, and when a place has done its work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.booking.lifecycle import Event, Who, is_possible
from app.booking.offers.wish import OpenTime
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.lib.intervals import Interval
from app.lib.wording import in_language, local_date, rfc3339
from app.lib.zones import day_interval

MOST_PLACES = 5
KEPT_FOR = timedelta(minutes=30)
# A time that could only be kept for less than this is not offered: nobody would get there.
_SHORTEST = timedelta(minutes=5)


class State(StrEnum):
    """Where a place stands; the last two are ends."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    ENDED = "ended"


LIVE = (State.WAITING, State.OFFERED)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line; days are those of the service zone, both included.

    ``offer`` is the time offered last, kept until ``offer_expires_at`` as long as ``is_kept``;
    ``passed_starts`` are not offered again. With ``moves_from`` an earlier time would move the call
    ``moving_id``, which was to begin then when the place was taken.
    """

    id: int
    public_id: str
    contact_id: int
    company_id: int
    specialist_id: int
    specialist_name: str
    call_type_id: int
    call_type_slug: str
    call_type_names: Mapping[str, str]
    moving_id: int | None
    moves_from: datetime | None
    first_day: date
    last_day: date
    state: State
    created_at: datetime
    passed_at: datetime | None
    passed_starts: frozenset[str]
    offer: Interval | None
    offer_expires_at: datetime | None
    is_kept: bool

    @property
    def is_moving(self) -> bool:
        """Whether it waits for an earlier time for a call."""
        return self.moves_from is not None

    def call_type_name(self, language: str) -> str:
        """The kind of call in a language, else in English."""
        return in_language(self.call_type_names, language)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed of an offer: its start and who takes it, by public id; empty where any will do."""

    start: datetime | None = None
    specialist: str = ""


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A place as it stands: what is true of it now, the call that it would move, and times that are free.

    ``served`` says who serves on the day of what was offered, and why; it is None for a call that moves,
    whose specialist takes calls on that day while ``is_there``.
    """

    place: Place
    state: State
    moving: CallValue | None
    served: Served | None = None
    is_there: bool = True
    free: tuple[OpenTime, ...] = ()

    @property
    def taken_by(self) -> SpecialistProfile | None:
        """Who takes a call at the time that was offered; where nobody serves, or there is none, None."""
        if self.moving is not None:
            return self.moving.specialist if self.is_there else None
        return None if self.served is None else self.served.by

    @property
    def person(self) -> SpecialistProfile | None:
        """The same; where nobody serves, whom the customer knows."""
        if self.moving is not None:
            return self.moving.specialist
        return None if self.served is None else self.served.person

    @property
    def specialist_name(self) -> str:
        """Whose time it waits for."""
        return self.place.specialist_name if self.person is None else self.person.name

    @property
    def is_lost(self) -> bool:
        """Whether a time is still kept with somebody who does not take calls on that day any more."""
        is_waiting = self.place.state is State.OFFERED and self.state is State.WAITING
        return is_waiting and self.place.is_kept and _person_id(self.taken_by) != self.place.specialist_id


def as_it_stands(
    place: Place,
    calls: Sequence[CallValue],
    served: Served | None,
    now: datetime,
    zone: str,
    *,
    is_there: bool = True,
) -> PlaceNow:
    """What is true of a place by its contact's active calls, and by who serves on the day of its offer.

    ``is_there`` says of a place with a call to move whether its specialist does.
    """
    stands = PlaceNow(place, place.state, moving_call(place, calls), served, is_there)
    return replace(stands, state=fate(place, calls, now, zone, _person_id(stands.taken_by)))


def _person_id(person: SpecialistProfile | None) -> int | None:
    return None if person is None else person.user_id


def in_line(places: Iterable[Place]) -> list[Place]:
    """The places in their order: as they were taken, those whose offer ran out as if taken then."""
    return sorted(places, key=lambda place: (place.passed_at or place.created_at, place.id))


def moving_call(place: Place, calls: Sequence[CallValue]) -> CallValue | None:
    """The call that an earlier time would move, among its contact's active calls."""
    return next((call for call in calls if place.is_moving and call.id == place.moving_id), None)


def fate(place: Place, calls: Sequence[CallValue], now: datetime, zone: str, serves: int | None) -> State:
    """What a place is now, by its contact's active ``calls``, whatever was written down of it.

    ``serves`` is who takes a call at the offered time now, None for nobody: with another it is no offer.

    An offered time that became a call is taken. A place ends when its days are over, when its contact has
    booked that kind of call into them otherwise, or when the call that it would move was moved to an earlier
    time or can be moved no more. An offer that is kept no longer leaves it waiting.
    """
    if place.state not in LIVE:
        return place.state
    if place.state is State.OFFERED and _has_taken(place, calls):
        return State.TAKEN
    if _is_over(place, calls, now, zone):
        return State.ENDED
    is_still_theirs = serves == place.specialist_id and is_offered(place, now)
    return State.OFFERED if is_still_theirs else State.WAITING


def is_offered(place: Place, now: datetime) -> bool:
    """Whether a time is kept for it at this moment."""
    expires_at = place.offer_expires_at
    is_kept = place.is_kept and expires_at is not None and expires_at > now
    return place.state is State.OFFERED and is_kept


def has_run_out(place: Place, now: datetime) -> bool:
    """Whether its offer was kept to the end and not answered."""
    expires_at = place.offer_expires_at
    return place.state is State.OFFERED and expires_at is not None and expires_at <= now


def is_untold(place: Place, now: datetime) -> bool:
    """Whether its offer was taken back, as whoever it was with serves no more, and its contact does not know.

    Such an offer was neither refused nor let run out, so it is not among those that are not made again.
    """
    offer = place.offer
    if place.state is not State.WAITING or offer is None or offer.start <= now:
        return False
    return rfc3339(offer.start) not in place.passed_starts


def span_of(place: Place, calls: Sequence[CallValue], now: datetime, zone: str) -> Interval | None:
    """Where a start may lie that is offered to it; None when there is nothing to wait for at the moment.

    While its call is on its way to another time, nothing else is offered.
    """
    start, end = day_interval(place.first_day, zone).start, day_interval(place.last_day, zone).end
    if place.is_moving:
        call = moving_call(place, calls)
        if call is None or call.move is not None:
            return None
        end = min(end, call.start)
    start = max(start, now)
    return Interval(start, end) if start < end else None


def choose(place: Place, slots: Iterable[Interval]) -> list[Interval]:
    """The open times that may be offered to it, in order."""
    return [slot for slot in slots if rfc3339(slot.start) not in place.passed_starts]


def kept_until(
    now: datetime, slot: Interval, notice: timedelta, move_until: datetime | None
) -> datetime | None:
    """Until when an offered time is kept, and can be taken all the while; None when that is too short.

    ``notice`` is that of the call type, ``move_until`` the last moment to move the call in question.
    """
    latest = min(slot.start - notice, move_until or slot.start)
    until = min(now + KEPT_FOR, latest)
    return until if until - now >= _SHORTEST else None


def passed(place: Place, slots: Iterable[Interval], now: datetime) -> list[str]:
    """The starts not to be offered again once an offer was let go: its own and those of ``slots``."""
    starts = {rfc3339(slot.start) for slot in slots} | place.passed_starts
    if place.offer is not None:
        starts.add(rfc3339(place.offer.start))
    return sorted(start for start in starts if start > rfc3339(now))


def _has_taken(place: Place, calls: Sequence[CallValue]) -> bool:
    offer = place.offer
    return offer is not None and any(
        call.specialist.user_id == place.specialist_id
        and offer.start in {call.start, call.move.start if call.move else call.start}
        for call in calls
    )


def _is_over(place: Place, calls: Sequence[CallValue], now: datetime, zone: str) -> bool:
    if place.last_day < local_date(now, zone):
        return True
    if place.is_moving:
        return _is_moved(place, moving_call(place, calls), now, zone)
    return any(
        call.call_type_id == place.call_type_id
        and call.created_at > place.created_at
        and place.first_day <= local_date(call.start, zone) <= place.last_day
        for call in calls
    )


def _is_moved(place: Place, call: CallValue | None, now: datetime, zone: str) -> bool:
    """Whether no earlier time can or need be found for the call any more."""
    if call is None or not is_possible(call, Event.RESCHEDULE, Who.CONTACT, now):
        return True
    is_earlier = place.moves_from is not None and call.move is None and call.start < place.moves_from
    return is_earlier or day_interval(place.first_day, zone).start >= call.start
