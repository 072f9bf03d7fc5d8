"""The service window: Monday to Friday, 9:00 to 17:00 on the wall clock of the service zone."""

from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache

from app.lib.intervals import Interval
from app.lib.zones import days_touched, wall_interval

OPENS = time(9)
CLOSES = time(17)
_SATURDAY = 5


def window_in(span: Interval, zone: str) -> list[Interval]:
    """The service windows of all days of ``zone`` that a span touches, as a merged list."""
    return window_of(days_touched(span, zone), zone)


def window_of(days: Iterable[date], zone: str) -> list[Interval]:
    """The service windows of these days, which come in order; weekends have none."""
    return [_of_day(day, zone) for day in days if day.weekday() < _SATURDAY]


@lru_cache(maxsize=4096)
def _of_day(day: date, zone: str) -> Interval:
    return wall_interval(day, OPENS, CLOSES, zone)
