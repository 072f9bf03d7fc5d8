"""What every calendar text that we write has in common: clean text, UTC times, stable bytes, CRLF."""

import re
from datetime import UTC, datetime
from typing import Protocol

import icalendar

PRODUCT = "-//Attache//Attache 1//EN"
# Everything but TAB and LF that RFC 5545 (3.1) forbids or that some reader takes for a line's end, the
# bidirectional controls, lone surrogates and U+FFFE, one of which makes a whole Radicale calendar unreadable.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class Timed(Protocol):
    """Whatever has the times of an event."""

    @property
    def starts_at(self) -> datetime:
        """The start, aware."""
        ...

    @property
    def ends_at(self) -> datetime:
        """The end, aware."""
        ...

    @property
    def stamped_at(self) -> datetime:
        """The last change, aware."""
        ...

    @property
    def created_at(self) -> datetime:
        """The first writing, aware."""
        ...


def clean(text: str) -> str:
    """The text as a calendar may carry it: CR LF and CR become LF, other control characters go."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """The same on one line, for names, addresses and identifiers."""
    return " ".join(clean(text).split())


def add_text(component: icalendar.Component, name: str, text: str) -> None:
    """Add a TEXT or URI property, cleaned, on one line but for the long ones; nothing when empty.

    X- properties go through vText, or their line ends would meet only an ``assert``.
    """
    value = clean(text) if name in ("DESCRIPTION", "CONTACT", "X-WR-CALDESC") else clean_line(text)
    if value:
        component.add(name, icalendar.vUri(value) if name == "URL" else icalendar.vText(value))


def utc(moment: datetime) -> datetime:
    """The moment in UTC to the second; raises ValueError for a naive one, which would become floating."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC).replace(microsecond=0)


def add_times(component: icalendar.Component, event: Timed) -> None:
    """DTSTART, DTEND, DTSTAMP, CREATED and LAST-MODIFIED, all in UTC; raises ValueError."""
    if utc(event.ends_at) <= utc(event.starts_at):
        raise ValueError(f"ends at {event.ends_at.isoformat()}, not after its start")
    component.add("DTSTART", utc(event.starts_at))
    component.add("DTEND", utc(event.ends_at))
    component.add("DTSTAMP", utc(event.stamped_at))
    component.add("LAST-MODIFIED", utc(event.stamped_at))
    component.add("CREATED", utc(event.created_at))


def new_calendar(method: str = "") -> icalendar.Calendar:
    """An empty calendar with PRODID and VERSION, and METHOD where it is a message."""
    calendar = icalendar.Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if method:
        calendar.add("METHOD", method)
    return calendar


def to_bytes(calendar: icalendar.Calendar) -> bytes:
    """The calendar as UTF-8, CRLF, lines of at most 75 octets, the same bytes for the same values."""
    return bytes(calendar.to_ical(sorted=True))
