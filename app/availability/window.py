"""The service window: by default Monday to Friday, 9:00 to 17:00 on the wall clock of the service zone."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from app.lib.intervals import Interval
from app.lib.zones import days_touched, wall_interval
from app.settings.values import ServiceWindow


def window_in(span: Interval, zone: str, window: ServiceWindow) -> list[Interval]:
    """The service windows of all days of ``zone`` that a span touches, as a merged list."""
    return window_of(days_touched(span, zone), zone, window)


def window_of(days: Iterable[date], zone: str, window: ServiceWindow) -> list[Interval]:
    """The service windows of these days, which come in order; days on which it stays shut have none."""
    return [_of_day(day, zone, window) for day in days if day.weekday() in window.days]


@lru_cache(maxsize=4096)
def _of_day(day: date, zone: str, window: ServiceWindow) -> Interval:
    return wall_interval(day, window.opens, window.closes, zone)
