"""A call as it stands at the moment: the entry of feeds and files."""

from dataclasses import replace

from app.accounts.errors import NotFound
from app.booking.events import event_for_contact, event_for_specialist
from app.booking.lifecycle import STANDING
from app.booking.values import CallValue
from app.ical.event import CalendarEvent, write_event


def standing_event(call: CallValue, *, is_staff: bool, public_url: str) -> CalendarEvent:
    """The call where it is until a move is through, for its specialist or its contact."""
    make = event_for_specialist if is_staff else event_for_contact
    event = make(call, call.span, public_url)
    if call.move is None:
        return event
    # The new SEQUENCE belongs to the new time, which nobody has been told of yet.
    return replace(event, sequence=call.written_sequence or 0)


def standing_file(call: CallValue, *, is_staff: bool, public_url: str) -> str:
    """The call as a file for any calendar program; raises NotFound for one that does not stand (any more)."""
    if call.status not in STANDING or call.confirmed_at is None:
        raise NotFound(f"call {call.public_id} does not stand")
    return write_event(standing_event(call, is_staff=is_staff, public_url=public_url))
