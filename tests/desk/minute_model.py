"""The clocks of the desk again, slowly: every minute is looked at and asked whether it counts.

Nothing of app/desk and app/lib/zones is used. Moments are whole minutes in UTC; days off are given as dates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When the service is open; ``days`` are weekdays from Monday (0) on."""

    zone: str
    opens: time
    closes: time
    days: tuple[int, ...]
    days_off: frozenset[date]

    def counts(self, minute: datetime) -> bool:
        """Whether a minute is open."""
        day = wall(minute, self.zone).date()
        if day.weekday() not in self.days or day in self.days_off:
            return False
        opening, closing = window_of(self.zone, day, self.opens, self.closes)
        return opening <= minute < closing


def wall(minute: datetime, zone: str) -> datetime:
    """What the clock on the wall shows, without a zone."""
    return minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@cache
def moment_of(zone: str, day: date, shown: time) -> datetime:
    """The first minute at which the clock shows this; when it never does, told by yesterday's clock."""
    sought = datetime.combine(day, shown)
    guess = sought.replace(tzinfo=UTC)
    for minute in walk(guess - timedelta(hours=15), guess + timedelta(hours=15)):
        if wall(minute, zone) == sought:
            return minute
    ahead = wall(guess - timedelta(days=1), zone) - (guess - timedelta(days=1)).replace(tzinfo=None)
    return guess - ahead


@cache
def window_of(zone: str, day: date, opens: time, closes: time) -> Span:
    """When the window opens and closes on a day."""
    return moment_of(zone, day, opens), moment_of(zone, day, closes)


def walk(start: datetime, end: datetime | None = None) -> Iterator[datetime]:
    """The minutes from start up to, and without, end."""
    minute = start
    while end is None or minute < end:
        yield minute
        minute += MINUTE


def minutes_between(calendar: Calendar | None, span: Span) -> int:
    """How many minutes count; without a calendar all do."""
    return sum(1 for minute in walk(*span) if calendar is None or calendar.counts(minute))


def minutes_later(
    calendar: Calendar | None, moment: datetime, amount: int, pauses: tuple[Span, ...] = ()
) -> datetime:
    """The end of the n-th minute that counts and is in no pause; of none: the next minute that counts."""
    passed = 0
    for minute in walk(moment):
        if (calendar is None or calendar.counts(minute)) and not any(a <= minute < b for a, b in pauses):
            passed += 1
            if amount == 0:
                return minute
            if passed == amount:
                return minute + MINUTE
    raise AssertionError


def days_later(calendar: Calendar, moment: datetime, amount: int) -> datetime:
    """So many business days later: minutes are walked until as many days with open ones were met."""
    asked = wall(moment, calendar.zone)
    is_inside = calendar.counts(moment)
    met: list[date] = []
    last = moment
    for minute in walk(moment):
        day = wall(minute, calendar.zone).date()
        if len(met) == amount and day > met[-1]:
            break
        if not calendar.counts(minute) or (is_inside and day == asked.date()):
            continue
        if day not in met:
            met.append(day)
            first = minute
        last = minute
    if not is_inside:
        return last + MINUTE
    return max(first, min(moment_of(calendar.zone, met[-1], asked.time()), last + MINUTE))


def paused(calendar: Calendar | None, due: datetime, pauses: tuple[Span, ...]) -> datetime:
    """Due after pauses in order: what is left when one begins is walked again when it ends."""
    for start, end in pauses:
        if start < due and minutes_between(calendar, (start, end)):
            due = minutes_later(calendar, end, minutes_between(calendar, (start, due)))
    return due


def warnings(
    calendar: Calendar | None, starts_at: datetime, due: datetime, pauses: tuple[Span, ...]
) -> tuple[datetime, datetime]:
    """When three quarters of the minutes that count are over, and when fifteen of them are left."""
    whole = sum(
        1
        for minute in walk(starts_at, due)
        if (calendar is None or calendar.counts(minute)) and not any(a <= minute < b for a, b in pauses)
    )

    def over(quarters: int) -> datetime:
        if quarters <= 0:
            return starts_at
        minutes = -(-quarters // 4)
        return minutes_later(calendar, starts_at, minutes, pauses) - (minutes * 4 - quarters) * MINUTE / 4

    return over(whole * 3), over((whole - 15) * 4)
