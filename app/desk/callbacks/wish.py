"""When somebody wishes to be rung: days to choose from, and times as people type them."""

from datetime import date, datetime, time
from itertools import islice

from app.availability.typed_times import read_time
from app.desk.callbacks.due import AFTER_WISH, can_wish
from app.desk.callbacks.errors import WishRefused
from app.desk.hours import BusinessHours, windows_after
from app.lib.intervals import Interval
from app.lib.zones import local, to_utc

_WINDOWS = 5


def wishable(hours: BusinessHours, now: datetime) -> list[Interval]:
    """The next business days' spans in which a wish may lie, both ends included; what is over is left out."""
    spans = []
    for window in islice(windows_after(hours, now), _WINDOWS):
        first, last = max(window.start, now), window.end - AFTER_WISH
        if first <= last:
            spans.append(Interval(first, last))
    return spans


def days_of(spans: list[Interval], zone: str) -> list[date]:
    """The days that these spans touch on the clock of a zone, in order."""
    return sorted({local(moment, zone).date() for span in spans for moment in (span.start, span.end)})


def read_wish(hours: BusinessHours, now: datetime, day: str, typed: str, zone: str) -> datetime | None:
    """The moment that a chosen day (ISO 8601, '' for any) and a typed time ('' for any) mean in a zone.

    None without either. Raises WishRefused: ``day`` (none of those to choose), ``time`` (not readable),
    ``past``, ``hours`` (out of hours).
    """
    if not day and not typed.strip():
        return None
    spans = wishable(hours, now)
    days = [found for found in days_of(spans, zone) if day in {"", found.isoformat()}]
    if not days:
        raise WishRefused("day")
    if not typed.strip():
        return next(span.start for span in spans if days[0] in days_of([span], zone))
    wall = read_time(typed)
    if wall is None:
        raise WishRefused("time")
    return _first(hours, now, days, wall, zone)


def _first(hours: BusinessHours, now: datetime, days: list[date], wall: time, zone: str) -> datetime:
    moments = [to_utc(found, wall, zone) for found in days]
    ahead = [moment for moment in moments if moment > now]
    if not ahead:
        raise WishRefused("past")
    possible = [moment for moment in ahead if can_wish(hours, moment)]
    if not possible:
        raise WishRefused("hours")
    return possible[0]
