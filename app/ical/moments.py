"""Dates, times and lengths of iCalendar values (RFC 5545, 3.3.4 to 3.3.6), read with tolerance."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ical.lines import ContentLine

_VALUE = re.compile(r":\s*(?=\d{4}-?\d{2}-?\d{2})")
_DATE = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?"
)
_DURATION = re.compile(r"([+-]?)P((?:\d{1,18}[WD])*)(?:T((?:\d{1,18}[WDHMS])*))?")
_AMOUNT = re.compile(r"(\d+)([WDHMS])")
_TZID = re.compile(r';\s*TZID\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A value as written: wall-clock time (naive), the zone's name or none, a fixed offset or none."""

    wall: datetime
    is_date: bool = False
    tzid: str = ""
    offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """A DURATION: ``days`` pass on the wall clock, ``exact`` in real time (RFC 5545, 3.3.6)."""

    days: int
    exact: timedelta


def read_stamp(value: str, tzid: str = "") -> Stamp:
    """One DATE or DATE-TIME; 24:00 is the next midnight, second 60 the 59th.

    Raises ValueError, naming the value.
    """
    match = _DATE.fullmatch(value.strip())
    if not match:
        raise ValueError(f"not a date or time: {value.strip()[:40]!r}")
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if match[4] is None:
        return Stamp(datetime(year, month, day), is_date=True, tzid=tzid)  # noqa: DTZ001  wall clock on purpose
    hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
    wall = datetime(year, month, day, 0 if hour == 24 else hour, minute, second)  # noqa: DTZ001
    if hour == 24:
        wall += timedelta(days=1)
    if not match[7]:
        return Stamp(wall, tzid=tzid)
    return Stamp(wall, offset=_offset(match[7]))


def _offset(text: str) -> timedelta:
    if text in "Zz":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -span if text[0] == "-" else span


class TooLong(ValueError):
    """A DURATION beyond all calendars."""


def read_length(value: str) -> Length:
    """A DURATION; raises ValueError, naming the value, and TooLong when no date could hold it.

    Weeks beside days and behind the T are forgiven (both are seen in the wild).
    """
    match = _DURATION.fullmatch(value.strip().upper())
    amounts = _AMOUNT.findall((match[2] + (match[3] or "")) if match else "")
    if not match or not amounts:
        raise ValueError(f"not a duration: {value.strip()[:40]!r}")
    total = {unit: sum(int(number) for number, other in amounts if other == unit) for unit in "WDHMS"}
    sign = -1 if match[1] == "-" else 1
    days = total["W"] * 7 + total["D"]
    try:
        exact = timedelta(hours=total["H"], minutes=total["M"], seconds=total["S"])
        datetime(2000, 1, 1) + timedelta(days=days) + exact  # noqa: DTZ001
    except OverflowError as error:
        raise TooLong(f"duration too long: {value.strip()[:40]!r}") from error
    return Length(sign * days, sign * exact)


def split_stamps(line: ContentLine) -> tuple[str, str]:
    """The zone's name and the values of a line of dates.

    The value begins at the first colon before a date: Exchange writes colons into an unquoted TZID.
    """
    match = _VALUE.search(line.raw)
    if not match:
        return line.parameter("TZID"), line.value
    named = _TZID.search(line.raw, 0, match.start())
    return (named[1].strip('"') if named else ""), line.raw[match.end() :]


def stamp_of(line: ContentLine) -> Stamp:
    """The single date or time of a line; raises ValueError."""
    tzid, value = split_stamps(line)
    return read_stamp(value, tzid)


def values_of(line: ContentLine) -> tuple[str, list[str]]:
    """The zone's name and the single values of EXDATE or RDATE; semicolons are taken for commas."""
    tzid, value = split_stamps(line)
    return tzid, [part.strip() for part in re.split("[,;]", value) if part.strip()]
