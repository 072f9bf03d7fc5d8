"""A call as it stands at the moment: the entry of feeds and files."""

from dataclasses import replace

from app.accounts.errors import NotFound
from app.accounts.values import SignedIn
from app.booking.events import event_for_contact, event_for_specialist
from app.booking.lifecycle import STANDING
from app.booking.values import CallValue
from app.ical.event import CalendarEvent, write_event


def standing_event(call: CallValue, *, public_url: str, staff_id: int | None = None) -> CalendarEvent:
    """The call where it is until a move is through: for its contact, or for one of the staff."""
    if staff_id is None:
        event = event_for_contact(call, call.span, public_url)
    else:
        reader = next((person for person in call.people if person.user_id == staff_id), None)
        event = event_for_specialist(call, call.span, public_url, reader)
    if call.move is None:
        return event
    # The last SEQUENCE belongs to the new time, which nobody has been told of yet; the wish for it raised it.
    return replace(event, sequence=call.sequence - 1)


def standing_file(call: CallValue, reader: SignedIn, *, public_url: str) -> str:
    """The call as a file for any calendar program; raises NotFound for one that does not stand (any more)."""
    if call.status not in STANDING or call.confirmed_at is None:
        raise NotFound(f"call {call.public_id} does not stand")
    staff_id = reader.id if reader.is_staff else None
    return write_event(standing_event(call, public_url=public_url, staff_id=staff_id))
