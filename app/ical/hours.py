"""Working hours and time off as plain events, which every calendar client can edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.expand import SpanKind, kind_of
from app.ical.lines import ContentLine, escape
from app.ical.people import Person
from app.ical.rules import WEEKDAYS, BadRule, Rule, read_rule
from app.ical.series import Reading, read_event_times
from app.ical.stand_in import stand_in_lines
from app.ical.writing import PRODUCT, clean_line
from app.ical.zone_book import NamedZone, ZoneBook, open_book
from app.ical.zones import timezone

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class WeeklyRange:
    """From ``start`` to ``end`` on the wall clock of a weekday (0 is Monday); an end of 00:00 is midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class HoursObject:
    """What one object of the "working hours" calendar says.

    ``is_simple``: one endless weekly event, which the form can edit; it may have exceptions.
    ``is_time_off``: one opaque all-day event; ``first_day`` and ``last_day`` are inclusive.
    ``is_availability``: a VAVAILABILITY (app/ical/availability_hours.py), of which the form can edit the
    ``ranges`` even when it is not simple; ``others`` are the titles of what it holds besides.
    """

    uid: str
    ranges: tuple[WeeklyRange, ...]
    is_simple: bool
    is_time_off: bool
    first_day: date | None
    last_day: date | None
    summary: str
    is_availability: bool = False
    others: tuple[str, ...] = ()


def read_hours(text: str, zone: str) -> HoursObject | None:
    """What the object means, ``zone`` (IANA) being the specialist's; None when no event in it counts."""
    try:
        root = read_components(text)
    except UnreadableCalendar:
        return None
    book = open_book(root, zone)
    masters = [item for item in root.walk("VEVENT") if item.first("RECURRENCE-ID") is None]
    if not masters:
        return None
    master, kind = masters[0], kind_of(masters[0], frozenset())
    reading = read_event_times(master, book)
    if reading is None or kind is None:
        return None
    is_repeated = any(master.first(name) for name in ("RRULE", "RDATE"))
    is_time_off = reading.start.is_date and kind is not SpanKind.FREE and not is_repeated
    ranges = weekly_ranges(reading, book)
    return HoursObject(
        uid=master.text("UID"),
        ranges=ranges,
        is_simple=bool(ranges) and len(masters) == 1 and reading.zone == NamedZone(zone),
        is_time_off=is_time_off,
        first_day=reading.start.wall.date() if is_time_off else None,
        last_day=reading.start.wall.date() + timedelta(days=reading.length.days - 1) if is_time_off else None,
        summary=master.text("SUMMARY"),
    )


def weekly_ranges(reading: Reading, book: ZoneBook) -> tuple[WeeklyRange, ...]:
    """The ranges of an endless weekly series on its own wall clock, sorted; none for any other."""
    rule = _weekly_rule(reading, book)
    return _ranges(reading, rule) if rule else ()


def _weekly_rule(reading: Reading, book: ZoneBook) -> Rule | None:
    """The rule when it is endless and weekly, on days of the week and nothing else."""
    lines = reading.component.all("RRULE")
    others = reading.component.all("RDATE") + reading.component.all("EXRULE")
    if len(lines) != 1 or others or reading.reasons:
        return None
    try:
        rule = read_rule(lines[0].value, reading.start, reading.zone, book)
    except BadRule:
        return None
    is_plain = rule.frequency == "WEEKLY" and rule.interval == 1 and set(rule.parts) <= {"BYDAY", "WKST"}
    return rule if is_plain and rule.count is None and rule.until is None else None


def _ranges(reading: Reading, rule: Rule) -> tuple[WeeklyRange, ...]:
    start = reading.start.wall
    end = reading.zone.to_wall(reading.span(start, reading.length).end)
    midnight = datetime.combine(start.date() + _ONE_DAY, time(0))
    if reading.start.is_date or not start < end <= midnight:
        return ()
    words = rule.parts.get("BYDAY", WEEKDAYS[start.weekday()]).split(",")
    return tuple(sorted({WeeklyRange(WEEKDAYS.index(word), start.time(), end.time()) for word in words}))


def write_hours(
    uid: str,
    ranges: Sequence[WeeklyRange],
    zone: str,
    first_day: date,
    summary: str,
    stamped_at: datetime,
    sequence: int = 0,
) -> str:
    """One weekly event from ``first_day`` on; the ranges differ in their weekday only.

    Transparent, for working hours block nobody's time. Raises ValueError when the ranges differ in their
    times, are empty, or there is no such zone.
    """
    times = {(item.start, item.end) for item in ranges}
    weekdays = frozenset(item.weekday for item in ranges)
    if len(times) != 1 or not weekdays <= set(range(7)):
        raise ValueError(f"not one range on several weekdays: {ranges!r}")
    start, end = times.pop()
    if end != time(0) and end <= start:
        raise ValueError(f"a range that ends at {end}, not after {start}")
    pairs = [*series_times(weekdays, start, end, zone, first_day), ("TRANSP", "TRANSPARENT")]
    return _object(uid, summary, stamped_at, sequence, pairs, [timezone(zone)])


def series_times(
    weekdays: frozenset[int], start: time, end: time, zone: str, first_day: date
) -> list[tuple[str, str]]:
    """DTSTART, DTEND and RRULE, with their values, of a weekly series from ``first_day`` on."""
    day = _next_day(first_day, weekdays)
    return [
        (f"DTSTART;TZID={zone}", f"{day:%Y%m%d}T{start:%H%M%S}"),
        (f"DTEND;TZID={zone}", f"{day + _ONE_DAY if end == time(0) else day:%Y%m%d}T{end:%H%M%S}"),
        ("RRULE", _rule_text(weekdays)),
    ]


def write_time_off(
    uid: str,
    first_day: date,
    last_day: date,
    summary: str,
    stamped_at: datetime,
    stand_in: Person | None = None,
    language: str = "en",
) -> str:
    """One opaque all-day event over both days inclusive (DTEND is the day after, RFC 5545, 3.6.1).

    ``stand_in`` is named in it for programs, and for people in ``language``.
    Raises ValueError when the last day comes before the first.
    """
    if last_day < first_day:
        raise ValueError(f"time off that ends on {last_day}, before {first_day}")
    pairs = [
        ("DTSTART;VALUE=DATE", f"{first_day:%Y%m%d}"),
        ("DTEND;VALUE=DATE", f"{last_day + _ONE_DAY:%Y%m%d}"),
        ("TRANSP", "OPAQUE"),
    ]
    if stand_in is not None:
        pairs += stand_in_lines(stand_in.address, stand_in.name, language)
    return _object(uid, summary, stamped_at, 0, pairs, [])


def with_weekdays(text: str, weekdays: frozenset[int], stamped_at: datetime) -> str:
    """The same object on other weekdays: SEQUENCE rises, everything foreign stays as it stood.

    A start on a weekday that went moves to the next one that counts, for DTSTART is always an occurrence
    (RFC 5545, 3.8.5.3). Raises ValueError when there is no weekday or no weekly event, UnreadableCalendar
    when the text is no calendar.
    """
    root = read_components(text)
    events = [item for item in root.walk("VEVENT") if item.first("RECURRENCE-ID") is None]
    reading = read_event_times(events[0], open_book(root, "UTC")) if events else None
    if not weekdays or reading is None or reading.component.first("RRULE") is None:
        raise ValueError("no weekly event, or no weekday left")
    keep_weekdays(reading, weekdays, stamped_at)
    return "".join(child.write() for child in root.children)


def keep_weekdays(reading: Reading, weekdays: frozenset[int], stamped_at: datetime) -> None:
    """Put a weekly series on other weekdays, in its component, as with_weekdays says."""
    moved = _next_day(reading.start.wall.date(), weekdays) - reading.start.wall.date()
    fresh = {
        "RRULE": _rule_text(weekdays, reading.component.text("RRULE")),
        "DTSTAMP": utc_text(stamped_at),
        "LAST-MODIFIED": utc_text(stamped_at),
    }
    if reading.component.name == "VEVENT" or reading.component.first("SEQUENCE"):
        # An AVAILABLE has none of its own (RFC 7953, 3.1).
        fresh["SEQUENCE"] = str(reading.component.number("SEQUENCE") + 1)
    lines = [_shifted(line, moved) for line in reading.component.lines if line.name not in fresh]
    reading.component.lines = lines + [ContentLine(name, f"{name}:{value}") for name, value in fresh.items()]


def _shifted(line: ContentLine, moved: timedelta) -> ContentLine:
    if line.name not in ("DTSTART", "DTEND") or not moved:
        return line
    before, _, value = line.raw.rpartition(":")
    day = datetime.strptime(value.strip()[:8], "%Y%m%d").replace(tzinfo=UTC) + moved
    return ContentLine(line.name, f"{before}:{day:%Y%m%d}{value.strip()[8:]}")


def _next_day(first: date, weekdays: frozenset[int]) -> date:
    return next(day for n in range(7) if (day := first + timedelta(days=n)).weekday() in weekdays)


def _rule_text(weekdays: frozenset[int], former: str = "") -> str:
    kept = [word for word in former.split(";") if word.upper().startswith(("WKST=", "X-"))]
    days = ",".join(WEEKDAYS[day] for day in sorted(weekdays))
    return ";".join(["FREQ=WEEKLY", f"BYDAY={days}", *kept])


def utc_text(moment: datetime) -> str:
    """A moment as iCalendar writes it in UTC; raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _object(
    uid: str,
    summary: str,
    stamped_at: datetime,
    sequence: int,
    pairs: list[tuple[str, str]],
    zones: list[Component],
) -> str:
    stamp = utc_text(stamped_at)
    stamps = [("DTSTAMP", stamp), ("LAST-MODIFIED", stamp), ("SEQUENCE", str(sequence))]
    words = [("UID", clean_line(uid)), *stamps, *pairs, ("SUMMARY", escape(clean_line(summary)))]
    lines = [ContentLine(name.partition(";")[0], f"{name}:{value}") for name, value in words]
    start = [ContentLine("VERSION", "VERSION:2.0"), ContentLine("PRODID", f"PRODID:{PRODUCT}")]
    return Component("VCALENDAR", start, [*zones, Component("VEVENT", lines)]).write()
