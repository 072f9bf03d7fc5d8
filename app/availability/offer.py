"""What asking for times takes and gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from app.availability.presence import Presence
from app.availability.slots import SlotRules
from app.customers.profiles import SpecialistProfile
from app.lib.intervals import Interval

# One of our bookings as it was last written into the calendar: UID, start, end.
OwnWrite = tuple[str, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nothing at all is offered: ``no_calendar`` or ``calendar_away``, and since when."""

    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The calls that can be booked; ``as_of`` is when the calendar was last in step."""

    slots: tuple[Interval, ...]
    closed: Closed | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """How the copy of a calendar stands: ``ok``, ``calendar_away`` or ``no_calendar``.

    ``cause`` is the account's own state (``refused``, ``missing`` …), empty when there is none.
    """

    state: str
    as_of: datetime | None
    since: datetime | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """How a person of ours stands: whether they are in, and their calendar."""

    presence: Presence
    calendar: CalendarStatus


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody else who has to be free as well; ``own`` and ``without_kept`` as for the specialist."""

    person: SpecialistProfile
    own: frozenset[OwnWrite] = frozenset()
    without_kept: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody's time for a call that exists, by its rules; ``own`` as in Asked."""

    person: SpecialistProfile
    rules: SlotRules
    start: datetime
    own: frozenset[OwnWrite]


class Asked(TypedDict, total=False):
    """What the caller knows besides, all of it optional.

    ``own``: our bookings as written into the calendar; an entry of ours that is not exactly one of them
    counts as busy. ``booked_per_day``: calls by day of the service zone, for the daily cap;
    ``booked_per_week`` the same by the Monday of their ISO week. ``last_day``: the last on which the option
    is paid for. ``without_booking``: the call being moved, which does not stand in its own way.
    ``without_kept``: likewise the reservations (their ids) that keep a time for whoever asks.
    ``working_override``: hours in place of the calendar's, merged, for the editor's preview. ``beside``: who
    takes part besides; of the rules, the caps and the last day are not theirs. ``away`` is merged: when the
    specialist is away besides what their calendar says.
    """

    own: frozenset[OwnWrite]
    booked_per_day: Mapping[date, int]
    booked_per_week: Mapping[date, int]
    last_day: date | None
    without_booking: int | None
    without_kept: Collection[int]
    working_override: Sequence[Interval] | None
    beside: Beside | None
    away: Sequence[Interval]
