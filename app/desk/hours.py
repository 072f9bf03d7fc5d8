"""Business time: the service window without the days off, and what so many hours or days of it are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from app.availability.holidays import holiday_names
from app.availability.window import window_of
from app.lib.intervals import Interval
from app.lib.zones import local, to_utc
from app.settings.values import Clock, ServiceWindow, Term, Unit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The service window on the clock of ``zone``, without public holidays and days off of our own."""

    window: ServiceWindow
    zone: str
    country: str = ""
    region: str = ""
    own_days: frozenset[date] = frozenset()

    def is_day_off(self, day: date) -> bool:
        """Whether the service stays shut on a day on which its window would open."""
        return day in self.own_days or day in _public_holidays(self.country, self.region, day.year)


def is_open(hours: BusinessHours, moment: datetime) -> bool:
    """Whether it is business time; the moment of closing is outside."""
    return next_opening(hours, moment) == moment


def next_opening(hours: BusinessHours, moment: datetime) -> datetime:
    """When it is business time next: the moment itself when it is already."""
    return later(hours, moment, timedelta(0))


def time_between(hours: BusinessHours, start: datetime, end: datetime) -> timedelta:
    """How much business time lies between two moments in order."""
    total = timedelta(0)
    for window in windows_after(hours, start):
        if window.start >= end:
            break
        total += min(window.end, end) - max(window.start, start)
    return total


def later(hours: BusinessHours, moment: datetime, length: timedelta) -> datetime:
    """When so much business time is over, from the next opening when ``moment`` is outside.

    What is over when the service closes is over then, not at the next opening.
    """
    remaining = length
    for window in windows_after(hours, moment):
        begins = max(window.start, moment)
        if remaining <= window.end - begins:
            return begins + remaining
        remaining -= window.end - begins
    raise AssertionError("windows do not end")


def after(hours: BusinessHours, clock: Clock, term: Term, moment: datetime) -> datetime:
    """When a term that begins at ``moment`` is over, in UTC.

    On the wall clock a day is 24 hours. *n* business days from inside business time are the same wall-clock
    time n business days later; from outside, the end of the next window to come and n - 1 business days more.
    """
    if clock is Clock.WALL:
        return moment + term.amount * (_DAY if term.unit is Unit.DAYS else timedelta(hours=1))
    if term.unit is Unit.HOURS:
        return later(hours, moment, timedelta(hours=term.amount))
    return _business_days_after(hours, term.amount, moment)


def _business_days_after(hours: BusinessHours, count: int, moment: datetime) -> datetime:
    is_inside = is_open(hours, moment)
    windows = windows_after(hours, moment)
    window = next(islice(windows, count if is_inside else count - 1, None))
    if not is_inside:
        return window.end
    asked, day = local(moment, hours.zone), local(window.start, hours.zone).date()
    same_time = to_utc(day, asked.time(), hours.zone)
    # Where the clocks change in a window, its day may be shorter than the one before.
    return min(max(same_time, window.start), window.end)


def windows_after(hours: BusinessHours, moment: datetime) -> Iterator[Interval]:
    """The windows that are not over at ``moment``, in order, without end."""
    day = local(moment, hours.zone).date()
    while True:
        for window in window_of([day], hours.zone, hours.window):
            # A window of which a change of clocks leaves nothing would end before it starts.
            if max(moment, window.start) < window.end and not hours.is_day_off(day):
                yield window
        day += _DAY


@lru_cache(maxsize=512)
def _public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(holiday_names(country, [year], region=region))
