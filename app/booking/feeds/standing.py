"""A call as it stands at the moment: the entry of feeds and files."""

from dataclasses import replace

from app.booking.events import event_for_contact, event_for_specialist
from app.booking.values import CallValue
from app.ical.event import CalendarEvent


def standing_event(call: CallValue, *, public_url: str, staff_id: int | None = None) -> CalendarEvent:
    """The call where it is until a move is through: for its contact, or for one of the staff."""
    if staff_id is None:
        event = event_for_contact(call, call.span, public_url)
    else:
        reader = next((person for person in call.people if person.user_id == staff_id), None)
        event = event_for_specialist(call, call.span, public_url, reader)
    if call.move is None:
        return event
    # The new SEQUENCE belongs to the new time, which nobody has been told of yet.
    return replace(event, sequence=call.written_sequence or 0)
