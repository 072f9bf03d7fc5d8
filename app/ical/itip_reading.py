"""Answers to invitations, read from their iCalendar text (RFC 5546, 3.2.3 and 3.2.7) within limits."""

from dataclasses import dataclass
from datetime import datetime

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.lines import ContentLine
from app.ical.moments import stamp_of
from app.ical.zone_book import ZoneBook, open_book
from app.lib.intervals import Interval

MOST_EVENTS = 20
_MOST_ATTENDEES = 50
_LONGEST = 300
_HIGHEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Attending:
    """An ATTENDEE line: addresses without ``mailto:`` in small letters, PARTSTAT in capitals."""

    address: str
    partstat: str
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One VEVENT of a scheduling message; ``stamped_at`` is its DTSTAMP, None when it says none.

    ``span`` is the time that a COUNTER proposes; of a REPLY no time is taken (Exchange writes Windows zones
    there, often without their definition). ``recurrence_id`` as it stands, empty for the whole event.
    """

    uid: str
    recurrence_id: str
    sequence: int
    stamped_at: datetime | None
    attending: tuple[Attending, ...]
    comment: str
    span: Interval | None = None


@dataclass(frozen=True, slots=True)
class SchedulingMessage:
    """METHOD in capitals, and what it says of each event."""

    method: str
    answers: tuple[Answer, ...]


def read_message(text: str) -> SchedulingMessage:
    """The scheduling message in a text.

    Raises UnreadableCalendar for what is none: no calendar, no METHOD or two of them, no event or more than
    MOST_EVENTS.
    """
    root = read_components(text)
    methods = {calendar.text("METHOD").upper()[:_LONGEST] for calendar in root.children}
    events = list(root.walk("VEVENT"))
    if len(methods) != 1 or "" in methods:
        raise UnreadableCalendar("not one METHOD")
    if not 0 < len(events) <= MOST_EVENTS:
        raise UnreadableCalendar(f"{len(events)} events in one message")
    method = methods.pop()
    book = open_book(root, "UTC")
    return SchedulingMessage(method, tuple(_answer(event, book, method) for event in events))


def _answer(event: Component, book: ZoneBook, method: str) -> Answer:
    return Answer(
        uid=event.text("UID")[:_LONGEST],
        recurrence_id=event.text("RECURRENCE-ID")[:_LONGEST],
        sequence=min(max(event.number("SEQUENCE"), 0), _HIGHEST),
        stamped_at=_moment(event, "DTSTAMP", book),
        attending=tuple(_attending(line) for line in event.all("ATTENDEE")[:_MOST_ATTENDEES]),
        comment=event.text("COMMENT"),
        span=_span(event, book) if method == "COUNTER" else None,
    )


def _attending(line: ContentLine) -> Attending:
    partstat = line.parameter("PARTSTAT").strip().upper()[:_LONGEST]
    return Attending(_address(line.value), partstat or "NEEDS-ACTION", _address(line.parameter("SENT-BY")))


def _address(text: str) -> str:
    plain = text.strip()
    if plain[:7].lower() == "mailto:":
        plain = plain[7:].strip()
    return plain.lower()[:_LONGEST]


def _span(event: Component, book: ZoneBook) -> Interval | None:
    start, end = _moment(event, "DTSTART", book), _moment(event, "DTEND", book)
    if start is None or end is None or start >= end:
        return None
    return Interval(start, end)


def _moment(event: Component, name: str, book: ZoneBook) -> datetime | None:
    """The moment of a line; None when absent, a day, or in a zone that nothing explains.

    A DTSTAMP is UTC whatever it says; any other time without a zone would be anybody's guess.
    """
    line = event.first(name)
    try:
        stamp = stamp_of(line) if line else None
    except (ValueError, OverflowError):
        return None
    if stamp is None or stamp.is_date or book.is_unknown(stamp):
        return None
    if name != "DTSTAMP" and not stamp.tzid and stamp.offset is None:
        return None
    return book.to_utc(stamp)
