"""Invitations and their cancelling as iTIP messages (RFC 5546); mailing them is not done here."""

import icalendar

from app.ical.event import CalendarEvent, vevent
from app.ical.people import Person, attendee, property_of
from app.ical.writing import add_text, new_calendar, to_bytes


def compose_request(
    event: CalendarEvent, organizer: Person, person: Person, *, takes_proposals: bool = False
) -> bytes:
    """The invitation, or its change when ``event.sequence`` rose (RFC 5546, 3.2.2).

    PARTSTAT=NEEDS-ACTION and RSVP=TRUE: without them most clients show no buttons. ``takes_proposals``:
    somebody reads COUNTERs. Raises ValueError for an address or times that cannot be written.
    """
    component = vevent(event)
    component.add("STATUS", "CONFIRMED")
    add_text(component, "CONTACT", event.contact)
    _add_people(component, organizer, person, {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    if not takes_proposals:
        # Outlook and Thunderbird then do not offer to propose another time.
        component.add("X-MICROSOFT-DISALLOW-COUNTER", icalendar.vText("TRUE"))
    return _message("REQUEST", component)


def compose_cancel(event: CalendarEvent, organizer: Person, person: Person) -> bytes:
    """The word that the booking is off (RFC 5546, 3.2.5); ``event.sequence`` above the last request's."""
    component = vevent(event)
    component.add("STATUS", "CANCELLED")
    _add_people(component, organizer, person, {})
    return _message("CANCEL", component)


def compose_removal(event: CalendarEvent, organizer: Person, person: Person) -> bytes:
    """The word to one attendee that they are not invited any more (RFC 5546, 3.2.5): a CANCEL without STATUS.

    ``event.sequence`` above the last request's to them.
    """
    component = vevent(event)
    _add_people(component, organizer, person, {})
    return _message("CANCEL", component)


def compose_decline_counter(event: CalendarEvent, organizer: Person, person: Person) -> bytes:
    """The word that another time, proposed by ``person``, cannot be had (RFC 5546, 3.2.8).

    ``event`` as it stands, with the SEQUENCE that the proposal was about.
    """
    component = vevent(event)
    _add_people(component, organizer, person, {})
    return _message("DECLINECOUNTER", component)


def _add_people(
    component: icalendar.Event, organizer: Person, person: Person, answer: dict[str, str]
) -> None:
    component.add("ORGANIZER", property_of(organizer, {}))
    component.add("ATTENDEE", attendee(person, answer))


def _message(method: str, component: icalendar.Event) -> bytes:
    calendar = new_calendar(method)
    calendar.add_component(component)
    return to_bytes(calendar)
