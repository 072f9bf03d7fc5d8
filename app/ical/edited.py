"""An event of ours as its owner left it: read tolerantly, and changed without touching what is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.event import CalendarEvent
from app.ical.expand import SpanKind, kind_of
from app.ical.lines import ContentLine, escape
from app.ical.moments import read_stamp, stamp_of, values_of
from app.ical.people import has_people, with_people
from app.ical.series import Reading, read_event_times
from app.ical.writing import clean, clean_line, utc
from app.ical.zone_book import ZoneBook, open_book
from app.lib.intervals import Interval

_REPEATS = ("RRULE", "RDATE")
_OF_A_SERIES = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE"})
_RENEWED = frozenset({"DTSTART", "DTEND", "DURATION", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED"})
_BROKEN = (ArithmeticError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class EditedEvent:
    """The event, of a recurring one its first occurrence; ``span`` in UTC.

    ``is_off``: cancelled, left out of its series, or declined by its owner.
    """

    span: Interval
    sequence: int
    summary: str
    description: str
    is_off: bool
    is_free: bool
    is_recurring: bool


def read_edited(text: str, uid: str, zone: str, owners: frozenset[str] = frozenset()) -> EditedEvent:
    """What stands in an object; ``zone`` (IANA) is the owner's, ``owners`` their addresses in lower case.

    Raises UnreadableCalendar when the text holds no such event that has a time.
    """
    try:
        found = _Found(read_components(text), uid, zone)
        first = found.first
        kind = None if found.is_excluded else kind_of(first.component, owners)
        return EditedEvent(
            span=first.span(first.start.wall, first.length),
            sequence=first.component.number("SEQUENCE"),
            summary=first.component.text("SUMMARY"),
            description=first.component.text("DESCRIPTION"),
            is_off=kind is None,
            is_free=kind is SpanKind.FREE,
            is_recurring=found.is_recurring,
        )
    except _BROKEN as error:
        raise UnreadableCalendar(f"event {uid} cannot be read: {error}") from error


def holds(text: str, event: CalendarEvent, zone: str) -> bool:
    """Whether the stored object says what the event says, though the server wrote its bytes anew."""
    try:
        there = read_edited(text, event.uid, zone)
    except UnreadableCalendar:
        return False
    return (
        there.sequence == event.sequence
        and there.span == Interval(utc(event.starts_at), utc(event.ends_at))
        and clean_line(there.summary) == clean_line(event.summary)
        and (event.organizer is None or has_people(text, event.uid, event.attendees))
    )


def has_other_words(there: EditedEvent, summary: str, description: str) -> bool:
    """Whether title or notes are not those that were written."""
    said = (clean_line(there.summary), clean(there.description).split())
    return said != (clean_line(summary), clean(description).split())


def amended(text: str, event: CalendarEvent, zone: str) -> str:
    """The object with the event's time, SEQUENCE, people and notes, and the place that its old notes had.

    Everything else in it stays its owner's. Of an event that its owner made recurring only the
    first occurrence moves (RFC 5545, 3.8.4.4).
    Raises UnreadableCalendar as read_edited does.
    """
    try:
        root = read_components(text)
        found = _Found(root, event.uid, zone)
        part, first = found.first.component, found.first
        span = Interval(utc(event.starts_at), utc(event.ends_at))
        if found.is_recurring and part is found.master.component:
            if first.span(first.start.wall, first.length) == span:
                _renew(part, event, keeps_time=True)
            else:
                _renew(_split_off(found), event)
        else:
            _renew(part, event)
        return "".join(calendar.write() for calendar in root.children)
    except _BROKEN as error:
        raise UnreadableCalendar(f"event {event.uid} cannot be changed: {error}") from error


class _Found:
    """The parts of one event in an object. Raises UnreadableCalendar without a master that has a time."""

    def __init__(self, root: Component, uid: str, zone: str) -> None:
        self.root, self.book = root, open_book(root, zone)
        parts = [item for item in root.walk("VEVENT") if item.text("UID") == uid]
        master = _readable((item for item in parts if not item.first("RECURRENCE-ID")), self.book)
        if master is None:
            raise UnreadableCalendar(f"no event {uid} with a time")
        self.master = master
        overrides = [item for item in parts if item.first("RECURRENCE-ID")]
        self.is_recurring = bool(overrides) or any(master.component.first(name) for name in _REPEATS)
        self.first = _readable((item for item in overrides if self._is_first(item)), self.book) or master

    def _is_first(self, override: Component) -> bool:
        line = override.first("RECURRENCE-ID")
        return line is not None and self._is_start(line.parameter("TZID"), line.value)

    def _is_start(self, tzid: str, value: str) -> bool:
        start = self.master.start
        try:
            stamp = read_stamp(value, tzid)
        except ValueError:
            return False
        if stamp.is_date or start.is_date:
            return stamp.wall.date() == start.wall.date()
        return self.book.to_utc(stamp) == self.book.to_utc(start)

    @property
    def is_excluded(self) -> bool:
        """Whether the series goes on without its first occurrence."""
        lines = (values_of(line) for line in self.master.component.all("EXDATE"))
        return any(self._is_start(tzid, value) for tzid, values in lines for value in values)


def _readable(parts: Iterable[Component], book: ZoneBook) -> Reading | None:
    return next((reading for part in parts if (reading := read_event_times(part, book)) is not None), None)


def _split_off(found: _Found) -> Component:
    """A new override of the first occurrence, beside its master."""
    master = found.master.component
    line = next(line for line in master.all("DTSTART") if _is_stamp(line))
    lines = [line for line in master.lines if line.name not in _OF_A_SERIES]
    lines.append(ContentLine("RECURRENCE-ID", f"RECURRENCE-ID{line.raw[len(line.name) :]}"))
    override = Component("VEVENT", lines, list(master.children))
    holder = next(item for item in _all(found.root) if any(child is master for child in item.children))
    holder.children.append(override)
    return override


def _is_stamp(line: ContentLine) -> bool:
    try:
        stamp_of(line)
    except ValueError:
        return False
    return True


def _all(component: Component) -> Iterable[Component]:
    yield component
    for child in component.children:
        yield from _all(child)


def _renew(part: Component, event: CalendarEvent, *, keeps_time: bool = False) -> None:
    times = {"DTSTART", "DTEND", "DURATION"} if keeps_time else set()
    kept = [line for line in part.lines if line.name not in _RENEWED - times]
    new = {"DTSTAMP": event.stamped_at, "LAST-MODIFIED": event.stamped_at}
    if not keeps_time:
        new |= {"DTSTART": event.starts_at, "DTEND": event.ends_at}
    lines = [ContentLine(name, f"{name}:{_written(moment)}") for name, moment in new.items()]
    if clean(part.text("DESCRIPTION")).split() != clean(event.description).split():
        place, notes = clean(part.text("LOCATION")), clean(part.text("DESCRIPTION"))
        kept = [line for line in kept if line.name != "DESCRIPTION"]
        if event.location and place and place in notes.split():
            # The place that the old notes name is no choice of its owner's.
            kept = [line for line in kept if line.name != "LOCATION"]
            lines.append(ContentLine("LOCATION", f"LOCATION:{escape(clean(event.location))}"))
        lines.append(ContentLine("DESCRIPTION", f"DESCRIPTION:{escape(clean(event.description))}"))
    renewed = [*kept, *lines, ContentLine("SEQUENCE", f"SEQUENCE:{event.sequence}")]
    part.lines = with_people(renewed, event.organizer, event.attendees)


def _written(moment: datetime) -> str:
    return f"{utc(moment):%Y%m%dT%H%M%SZ}"
