"""Invitations and their cancelling as iTIP messages (RFC 5546); mailing them is not done here."""

from dataclasses import dataclass

import icalendar

from app.ical.event import CalendarEvent, vevent
from app.ical.writing import add_text, clean_line, new_calendar, to_bytes


@dataclass(frozen=True, slots=True)
class Person:
    """A mail address, without ``mailto:``, and the name beside it."""

    address: str
    name: str


def compose_request(
    event: CalendarEvent, organizer: Person, attendee: Person, *, takes_proposals: bool = False
) -> bytes:
    """The invitation, or its change when ``event.sequence`` rose (RFC 5546, 3.2.2).

    PARTSTAT=NEEDS-ACTION and RSVP=TRUE: without them most clients show no buttons. ``takes_proposals``:
    somebody reads COUNTERs. Raises ValueError for an address or times that cannot be written.
    """
    component = vevent(event)
    component.add("STATUS", "CONFIRMED")
    add_text(component, "CONTACT", event.contact)
    _add_people(component, organizer, attendee, {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    if not takes_proposals:
        # Outlook and Thunderbird then do not offer to propose another time.
        component.add("X-MICROSOFT-DISALLOW-COUNTER", icalendar.vText("TRUE"))
    return _message("REQUEST", component)


def compose_cancel(event: CalendarEvent, organizer: Person, attendee: Person) -> bytes:
    """The word that the booking is off (RFC 5546, 3.2.5); ``event.sequence`` above the last request's."""
    component = vevent(event)
    component.add("STATUS", "CANCELLED")
    _add_people(component, organizer, attendee, {})
    return _message("CANCEL", component)


def compose_decline_counter(event: CalendarEvent, organizer: Person, attendee: Person) -> bytes:
    """The word that another time, proposed by the attendee, cannot be had (RFC 5546, 3.2.8).

    ``event`` as it stands, with the SEQUENCE that the proposal was about.
    """
    component = vevent(event)
    _add_people(component, organizer, attendee, {})
    return _message("DECLINECOUNTER", component)


def _add_people(
    component: icalendar.Event, organizer: Person, attendee: Person, answer: dict[str, str]
) -> None:
    component.add("ORGANIZER", _address(organizer, {}))
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
    component.add("ATTENDEE", _address(attendee, role | answer))


def _address(person: Person, parameters: dict[str, str]) -> icalendar.vCalAddress:
    address = clean_line(person.address)
    if "@" not in address or " " in address:
        raise ValueError(f"not a mail address: {person.address!r}")
    value = icalendar.vCalAddress(f"mailto:{address}")
    for name, word in (parameters | {"CN": clean_line(person.name) or address}).items():
        value.params[name] = word
    return value


def _message(method: str, component: icalendar.Event) -> bytes:
    calendar = new_calendar(method)
    calendar.add_component(component)
    return to_bytes(calendar)
