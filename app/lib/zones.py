"""Where wall-clock time becomes UTC and back: the only module that knows pytz and tzdata's path."""

import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytz

from app.lib.intervals import Interval

# One truth for zones on every machine: the tzdata package, not what the system happens to hold (they
# differed in 11 zones on Debian 12).
zoneinfo.reset_tzpath(to=[])

_FIRST_YEAR, _LAST_YEAR = 1900, 2200

COMMON_ZONES: Sequence[str] = tuple(pytz.common_timezones)


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone with this exact IANA name.

    Raises ValueError, naming the value, when there is none.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error


def is_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone."""
    try:
        zone(name)
    except ValueError:
        return False
    return True


def to_utc(day: date, wall: time, zone_name: str) -> datetime:
    """The UTC moment of a wall-clock time in a zone.

    In a gap the offset before the gap counts (02:30 on the spring Sunday is 03:30 summer time), in an
    overlap the first of the two: RFC 5545, 3.3.5.
    """
    # fold=0 is exactly this rule in both cases (PEP 495).
    return datetime.combine(day, wall, tzinfo=zone(zone_name)).astimezone(UTC)


def is_in_reach(moment: datetime) -> bool:
    """Whether calendars can reckon with a moment: days before and after it exist in every zone."""
    return _FIRST_YEAR <= moment.year <= _LAST_YEAR


def local(moment: datetime, zone_name: str) -> datetime:
    """The moment on the wall clock of a zone, aware."""
    return moment.astimezone(zone(zone_name))


def day_interval(day: date, zone_name: str) -> Interval:
    """The whole calendar day in a zone: 23, 24 or 25 hours, half-open, in UTC."""
    return Interval(to_utc(day, time(0), zone_name), to_utc(day + timedelta(days=1), time(0), zone_name))


def wall_interval(day: date, start: time, end: time, zone_name: str) -> Interval:
    """From one wall-clock time to another on a day; an end of 00:00 means the day's end."""
    last = day + timedelta(days=1) if end == time(0) else day
    return Interval(to_utc(day, start, zone_name), to_utc(last, end, zone_name))


def days_touched(span: Interval, zone_name: str) -> list[date]:
    """The calendar days of a zone that a span touches, in order."""
    first = local(span.start, zone_name).date()
    last = local(span.end - timedelta(microseconds=1), zone_name).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def offset_minutes(moment: datetime, zone_name: str) -> int:
    """The zone's UTC offset at that moment, in minutes."""
    offset = local(moment, zone_name).utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)
