"""A booking's event as a value, and its plain copy on a calendar server."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import icalendar

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.moments import stamp_of
from app.ical.people import Person, add_quiet_people
from app.ical.series import read_event_times
from app.ical.writing import add_text, add_times, new_calendar, to_bytes
from app.ical.zone_book import open_book

REFERENCE = "X-ATTACHE-REFERENCE"
OWN_MARK = "attache-"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One booking as calendars see it; all times aware UTC, ``[starts_at, ends_at)``.

    ``stamped_at`` is the last change (DTSTAMP and LAST-MODIFIED), ``reference`` our own mark on the copy.
    ``organizer`` and ``attendees`` stand in copies on servers that are known to mail nobody, else nowhere.
    What ``is_free`` takes nobody's time in the calendar that it stands in (TRANSP).
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    contact: str = ""
    sequence: int = 0
    stamped_at: datetime
    created_at: datetime
    reference: str = ""
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()
    is_free: bool = False


def vevent(event: CalendarEvent) -> icalendar.Event:
    """What the copy, the invitation and the feed have in common (RFC 5545, 3.6.1)."""
    component = icalendar.Event()
    add_text(component, "UID", event.uid)
    add_times(component, event)
    component.add("SEQUENCE", event.sequence)
    add_text(component, "SUMMARY", event.summary)
    for name, text in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        add_text(component, name, text)
    add_text(component, "URL", event.url)
    component.add("TRANSP", "TRANSPARENT" if event.is_free else "OPAQUE")
    return component


def write_event(event: CalendarEvent) -> str:
    """The copy for the calendar server: UTC, no METHOD, and without an ``organizer`` nobody to be mailed.

    Raises ValueError for naive times or an end that is not after the start.
    """
    component = vevent(event)
    component.add("STATUS", "CONFIRMED")
    add_text(component, "CONTACT", event.contact)
    add_text(component, REFERENCE, event.reference)
    add_quiet_people(component, event.organizer, event.attendees)
    calendar = new_calendar()
    calendar.add_component(component)
    return to_bytes(calendar).decode()


def read_event(text: str, uid: str) -> CalendarEvent | None:
    """What stands there now: the first master with that UID; None when absent or not placeable.

    A text that is no calendar reads as absent too: the caller holds what a server answered.
    """
    try:
        root = read_components(text)
    except UnreadableCalendar:
        return None
    book = open_book(root, "UTC")
    for component in root.walk("VEVENT"):
        if component.text("UID") != uid or component.first("RECURRENCE-ID"):
            continue
        reading = read_event_times(component, book)
        if reading is None:
            continue
        span = reading.span(reading.start.wall, reading.length)
        return CalendarEvent(
            uid=uid,
            starts_at=span.start,
            ends_at=span.end,
            summary=component.text("SUMMARY"),
            description=component.text("DESCRIPTION"),
            location=component.text("LOCATION"),
            url=component.text("URL"),
            contact=component.text("CONTACT"),
            sequence=component.number("SEQUENCE"),
            stamped_at=_moment(component, "DTSTAMP") or _moment(component, "LAST-MODIFIED") or _EPOCH,
            created_at=_moment(component, "CREATED") or _moment(component, "DTSTAMP") or _EPOCH,
            reference=component.text(REFERENCE),
        )
    return None


def _moment(component: Component, name: str) -> datetime | None:
    line = component.first(name)
    try:
        stamp = stamp_of(line) if line else None
    except ValueError:
        return None
    return None if stamp is None else stamp.wall.replace(tzinfo=UTC) - (stamp.offset or timedelta(0))


def new_uid() -> str:
    """A UID for a new booking: random, without an address in it (RFC 7986, 5.3), and recognisable as ours."""
    return f"{OWN_MARK}{uuid4()}"


def is_own_uid(uid: str) -> bool:
    """Whether a UID is of the kind that we give to bookings."""
    return uid.startswith(OWN_MARK)
