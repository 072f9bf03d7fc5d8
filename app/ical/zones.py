"""Our own VTIMEZONE: one STANDARD, one DAYLIGHT, by the rule in force now (Outlook reads no more)."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import icalendar

from app.ical.components import Component, read_components
from app.ical.lines import ContentLine

_NAME = r"(<[^>]+>|[A-Za-z]+)"
_OFFSET = r"([+-]?\d{1,3}(?::\d\d){0,2})"
_CHANGE = r",M(\d+)\.(\d)\.(\d)(?:/([+-]?\d{1,3}(?::\d\d){0,2}))?"
_FOOTER = re.compile(f"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?{_CHANGE}{_CHANGE})?")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_MONTH_LENGTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = 1970


@dataclass(frozen=True, slots=True)
class _Change:
    """When a clock changes: the rule and the first onset's wall-clock time, as iCalendar writes them."""

    rule: str
    start: str


def timezone(name: str) -> Component:
    """The VTIMEZONE of an IANA zone from the last line of its tzdata file (RFC 9636, 3.3).

    Zones whose rule tzdata cannot say in that line get their standard time only. Raises ValueError when there
    is no such zone.
    """
    return read_components(f"BEGIN:VCALENDAR\r\n{_written(name)}END:VCALENDAR\r\n").children[0].children[0]


def utc_timezone() -> icalendar.Timezone:
    """A VTIMEZONE for UTC, for calendars that would otherwise hold nothing."""
    component = icalendar.Timezone()
    component.add("TZID", "Etc/UTC")
    part = icalendar.TimezoneStandard()
    for key, value in (("DTSTART", "19700101T000000"), ("TZOFFSETFROM", "+0000"), ("TZOFFSETTO", "+0000")):
        part.add(key, icalendar.vText(value))
    component.add_component(part)
    return component


@cache
def _written(name: str) -> str:
    match = _FOOTER.fullmatch(_footer(name))
    if not match:
        raise ValueError(f"no rule for time zone {name!r}")
    standard, summer = -_seconds(match[2]), None
    zone = Component("VTIMEZONE", [ContentLine("TZID", f"TZID:{name}")])
    if match[3]:
        summer = -_seconds(match[4]) if match[4] else standard + 3600
        begin, end = _change(match, 5), _change(match, 9)
        # In Dublin winter is the saving time: by name DAYLIGHT is whichever is ahead.
        names = ("DAYLIGHT", "STANDARD") if summer > standard else ("STANDARD", "DAYLIGHT")
        zone.children = [
            _part(names[1], match[1], summer, standard, end),
            _part(names[0], match[3], standard, summer, begin),
        ]
        zone.children.sort(key=lambda part: part.name, reverse=True)
    else:
        zone.children = [_part("STANDARD", match[1], standard, standard, _Change("", f"{_YEAR}0101T000000"))]
    return zone.write()


def _footer(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", name):
        raise ValueError(f"no such time zone: {name!r}")
    try:
        data = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)


def _change(match: re.Match[str], group: int) -> _Change:
    """Mm.w.d/time of POSIX as RRULE; one outside of the day goes to its neighbour, by BYMONTHDAY."""
    month, week, weekday = int(match[group]), int(match[group + 1]), int(match[group + 2])
    moved, seconds = divmod(_seconds(match[group + 3] or "2"), 86_400)
    length = _MONTH_LENGTH[month - 1]
    first = (length - 6 if week == 5 else week * 7 - 6) + moved
    day = _DAYS[(weekday + moved) % 7]
    if moved == 0:
        days = f"BYDAY={-1 if week == 5 else week}{day}"
    else:
        days = f"BYDAY={day};BYMONTHDAY={','.join(str(first + n) for n in range(7))}"
    start = _first_day(month, first, _DAYS.index(day))
    clock = f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}"
    return _Change(f"FREQ=YEARLY;BYMONTH={month};{days}", f"{_YEAR}{month:02}{start:02}T{clock}")


def _first_day(month: int, first: int, weekday: int) -> int:
    # 1 January 1970 was a Thursday, the fourth day of a week that begins with Sunday as 0.
    before = 4 + sum(_MONTH_LENGTH[: month - 1]) - 1
    return next(day for day in range(first, first + 7) if (before + day) % 7 == weekday)


def _part(kind: str, name: str, before: int, after: int, change: _Change) -> Component:
    pairs = [
        ("DTSTART", change.start), ("RRULE", change.rule), ("TZOFFSETFROM", _offset(before)),
        ("TZOFFSETTO", _offset(after)), ("TZNAME", name.strip("<>")),
    ]  # fmt: skip
    return Component(kind, [ContentLine(key, f"{key}:{value}") for key, value in pairs if value])


def _offset(seconds: int) -> str:
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return text + (f"{seconds % 60:02}" if seconds % 60 else "")
