"""When the occurrences of one master start, and how long each lasts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import icalendar
from recurring_ical_events import CalendarQuery

from app.ical.budget import MAX_OCCURRENCES, TooCostly, fitted, is_filtered_out
from app.ical.components import Component
from app.ical.lines import ContentLine
from app.ical.moments import Length, Stamp, TooLong, read_length, read_stamp, stamp_of, values_of
from app.ical.rules import Rule, read_rule
from app.ical.zone_book import Zone, ZoneBook
from app.lib.intervals import Interval

_ONE_DAY = Length(1, timedelta(0))
_MARGIN = timedelta(days=3)
_FLOOR, _CEILING = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001  wall clocks
_GUESS = Length(0, timedelta(hours=1))


class Reason(StrEnum):
    """Why an event could not be read wholly."""

    BROKEN = "unreadable"
    NO_START = "unreadable-start"
    NO_END = "unreadable-end"
    UNKNOWN_ZONE = "unknown-zone"
    BAD_RULE = "unreadable-rule"
    TOO_MANY = "too-many"
    BAD_DATE = "unreadable-date"
    ZONE_MISMATCH = "zone-mismatch"
    INNER_CALENDAR = "calendar-inside-a-calendar"


@dataclass(frozen=True, slots=True)
class Start:
    """One occurrence of a series: its start on the master's wall clock; a period has its own length."""

    wall: datetime
    length: Length


@dataclass(slots=True)
class Reading:
    """One VEVENT, its own times read; ``reasons`` gathers what could not be."""

    component: Component
    start: Stamp
    zone: Zone
    length: Length
    reasons: list[Reason]

    @property
    def is_repeated(self) -> bool:
        """Whether it has more than one occurrence, as far as its properties' names say."""
        return any(self.component.first(name) for name in ("RRULE", "RDATE"))

    def span(self, wall: datetime, length: Length) -> Interval:
        """The UTC span of an occurrence that starts at ``wall``; a negative length spans backwards."""
        start = self.zone.to_utc(wall)
        try:
            end = self.zone.to_utc(wall + timedelta(days=length.days)) if length.days else start
            end += length.exact
        except OverflowError:
            end = _CEILING.replace(tzinfo=start.tzinfo)
        return Interval(min(start, end), max(start, end))


def read_event_times(component: Component, book: ZoneBook) -> Reading | None:
    """The times of one VEVENT; None when its start cannot be read, so that nothing can be placed."""
    start = None
    for line in component.all("DTSTART"):
        try:
            start = start or stamp_of(line)
        except (ValueError, OverflowError):
            continue
    if start is None:
        return None
    reasons = [Reason.UNKNOWN_ZONE] if book.is_unknown(start) else []
    try:
        length = _length(component, start, book)
    except TooLong:
        length = Length(0, timedelta(0))
        reasons.append(Reason.NO_END)
    except (ValueError, OverflowError):
        length = _ONE_DAY if start.is_date else _GUESS
        reasons.append(Reason.NO_END)
    if start.is_date and not nominal(length):
        # A day that ends on itself: a slip for one day, or nothing; the host is told.
        reasons.append(Reason.NO_END)
    return Reading(component, start, book.zone_of(start), length, reasons)


def _length(component: Component, start: Stamp, book: ZoneBook) -> Length:
    """DTEND counts in real time, DURATION's days on the wall clock (RFC 5545, 3.3.6 and 3.8.5.3)."""
    if line := component.first("DTEND"):
        return _until(stamp_of(line), start, book)
    if line := component.first("DURATION"):
        length = read_length(line.value)
        # A whole day cannot end in its middle: kcal, libical, node-ical and sabre drop the hours.
        return _whole_days(length) if start.is_date else length
    return _ONE_DAY if start.is_date else Length(0, timedelta(0))


def _whole_days(length: Length) -> Length:
    days = nominal(length) // timedelta(days=1)
    return Length(days or (1 if nominal(length) else 0), timedelta(0))


def _until(end: Stamp, start: Stamp, book: ZoneBook) -> Length:
    if start.is_date:
        span = end.wall - start.wall
        return Length(span.days, timedelta(seconds=span.seconds))
    if not end.tzid and end.offset is None or end.is_date:
        end = Stamp(end.wall, tzid=start.tzid, offset=start.offset)
    return Length(0, book.to_utc(end) - book.to_utc(start))


def starts(
    reading: Reading, window: Interval, book: ZoneBook, shift: timedelta = timedelta(0)
) -> list[Start]:
    """The occurrences that may touch the window, in order, by RRULE, RDATE, EXDATE and EXRULE.

    ``shift`` is how far overrides may move or stretch them. What cannot be read is left out and named in
    ``reading.reasons``; the first occurrence always stays.
    """
    component, zone = reading.component, reading.zone
    if not reading.is_repeated:
        return [Start(reading.start.wall, reading.length)]
    dates = _dates(reading, "RDATE", book)
    excluded = _dates(reading, "EXDATE", book)
    reach = (
        shift
        + _MARGIN
        + max(abs(nominal(length)) for length in [reading.length, *(item[1] for item in dates)])
    )
    begin, end = zone.to_wall(window.start), zone.to_wall(window.end)
    first, last = begin - min(reach, begin - _FLOOR), end + min(shift + _MARGIN, _CEILING - end)
    walls = _by_rules(reading, "RRULE", first, last, book) | {wall for wall, _, _ in dates}
    walls -= _by_rules(reading, "EXRULE", first, last, book) if component.first("EXRULE") else set()
    gone = {wall for wall, _, _ in excluded}
    gone_days = {wall.date() for wall, _, is_date in excluded if is_date}
    lengths = {wall: length for wall, length, _ in dates}
    found = [
        Start(wall, lengths.get(wall, reading.length))
        for wall in sorted(walls)
        if first <= wall <= last and wall not in gone and wall.date() not in gone_days
    ]
    if len(found) > MAX_OCCURRENCES:
        reading.reasons.append(Reason.TOO_MANY)
    return found[:MAX_OCCURRENCES]


def nominal(length: Length) -> timedelta:
    """About how long it lasts, for ranges to look in."""
    return timedelta(days=length.days) + length.exact


def _by_rules(reading: Reading, name: str, first: datetime, last: datetime, book: ZoneBook) -> set[datetime]:
    found: set[datetime] = set()
    lines = reading.component.all(name)
    for line in lines:
        try:
            found |= _by_rule(reading, line, first, last, book)
        except TooCostly:
            reading.reasons.append(Reason.TOO_MANY)
            found |= {reading.start.wall} if name == "RRULE" else set()
        except Exception:  # the libraries raise a dozen families on rubbish
            reading.reasons.append(Reason.BAD_RULE)
            found |= {reading.start.wall} if name == "RRULE" else set()
    return found if lines or name != "RRULE" else {reading.start.wall}


def _by_rule(
    reading: Reading, line: ContentLine, first: datetime, last: datetime, book: ZoneBook
) -> set[datetime]:
    rule = read_rule(line.value, reading.start, reading.zone, book)
    if not rule.is_whole:
        reading.reasons.append(Reason.BAD_RULE)
    start = fitted(rule, reading.start.wall, first, last)
    found = _expanded(rule, start, first, last) if start is not None else set()
    lost = len(found) - len({reading.zone.to_utc(wall) for wall in found})
    if lost and rule.count and not rule.is_fine:
        # A day that a zone skipped (Samoa, 30 December 2011) is none of the COUNT.
        found = _expanded(replace(rule, count=rule.count + lost), reading.start.wall, first, last)
    if rule.until is not None:
        found = {wall for wall in found if wall <= rule.until}
        if reading.start.wall > rule.until:
            return found
    if (rule.is_fine or line.name == "EXRULE") and is_filtered_out(rule, reading.start.wall):
        # No person's program writes such fine rules: their DTSTART is an anchor (RFC 5545, 3.8.5.3, leaves
        # it open). Elsewhere DTSTART counts, whether it fits the rule or not.
        return found - {reading.start.wall}
    return found | {reading.start.wall}


def _expanded(rule: Rule, start: datetime, first: datetime, last: datetime) -> set[datetime]:
    event = icalendar.Event()
    event.add("UID", "one")
    event.add("DTSTART", start)
    event.add("RRULE", icalendar.vRecur.from_ical(rule.text()))
    # On naive wall-clock times: no TZID ever reaches the libraries, whose memory of zones is process-wide.
    occurrences = [item for series in CalendarQuery(event).series for item in series.between(first, last)]
    return {item.start for item in occurrences if isinstance(item.start, datetime)}


def _dates(reading: Reading, name: str, book: ZoneBook) -> list[tuple[datetime, Length, bool]]:
    """RDATE or EXDATE on the master's wall clock: start, length, whether a date only."""
    found: list[tuple[datetime, Length, bool]] = []
    for line in reading.component.all(name):
        tzid, values = values_of(line)
        for value in values:
            try:
                found.append(_date(reading, value, tzid, book))
            except (ValueError, OverflowError):
                reading.reasons.append(Reason.BAD_DATE)
    return found


def _date(reading: Reading, value: str, tzid: str, book: ZoneBook) -> tuple[datetime, Length, bool]:
    begin, _, end = value.partition("/")
    stamp = read_stamp(begin, tzid)
    length = reading.length
    if end:
        is_length = end.lstrip("+-")[:1] in "Pp"
        length = read_length(end) if is_length else _until(read_stamp(end, tzid), stamp, book)
    return on_wall(stamp, reading, book), length, stamp.is_date and not reading.start.is_date


def on_wall(stamp: Stamp, reading: Reading, book: ZoneBook) -> datetime:
    """A stamp on the clock of the series it belongs to; floating and dates are taken as they stand."""
    if reading.start.is_date:
        return stamp.wall.replace(hour=0, minute=0, second=0)
    if stamp.is_date:
        return datetime.combine(stamp.wall.date(), reading.start.wall.time())
    if stamp.offset is None and stamp.tzid in ("", reading.start.tzid):
        return stamp.wall
    return reading.zone.to_wall(book.to_utc(stamp))
