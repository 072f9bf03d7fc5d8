"""Adding colleagues to a call and taking them off it, in one write transaction each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import history, record
from app.accounts.values import SignedIn
from app.booking.changes.service import own_call
from app.booking.errors import CannotChange, GuestRefused
from app.booking.guests.letter import News
from app.booking.guests.queries import additions_since, attendee_row, attendees, everybody
from app.booking.guests.service_letters import call_as_told, post_to_guest
from app.booking.guests.values import (
    ADDED,
    MOST_ADDITIONS,
    MOST_ADDITIONS_A_DAY,
    MOST_GUESTS,
    REMOVED,
    AttendeeValue,
    guest_address,
)
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.models import Attendee
from app.booking.values import CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.lib.text import one_line

_DAY = timedelta(days=1)


def add_guest(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    email: str,
    name: str = "",
) -> None:
    """Add a colleague to a call that has not begun; needs the write lock.

    Of a confirmed call they alone are mailed an invitation, which says what the others know; of one that
    still waits with everybody else.
    Raises NotFound, CannotChange("ended"), GuestRefused, UncleanText; nothing is written then.
    """
    address, called = guest_address(email), one_line(name, required=False)
    row, call = own_call(session, actor, public_id)
    _require_ahead(call, now)
    _require_room(session, now, call, address)
    guest = attendee_row(session, row.id, address)
    if guest is None:
        guest = Attendee(booking_id=row.id, email=address)
        session.add(guest)
    guest.name, guest.added_at, guest.removed_at = called, now, None
    guest.partstat, guest.comment, guest.answered_sequence, guest.answered_at = "NEEDS-ACTION", "", None, None
    session.flush()
    record(session, now, actor, ADDED, "booking", row.public_id, guest=guest.id)
    _list_in_calendar(session, now, call)
    if call.confirmed_at is not None:
        told = Occasion(Kind.INVITATION)
        known = call_as_told(session, call)
        post_to_guest(session, now, settings, known, _value(session, guest), News.INVITED, told)


def add_guests(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    emails: Iterable[str],
) -> None:
    """Add those of the colleagues who are not on the call yet, to one that has not begun.

    Raises as add_guest does, but for people who are on it already.
    """
    if not call.is_active or call.start <= now:
        return
    for email in emails:
        try:
            add_guest(session, now, settings, actor, call.public_id, email)
        except GuestRefused as error:
            if error.reason not in {"contact", "specialist", "twice"}:
                raise


def remove_guest(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, email: str
) -> None:
    """Take a colleague off a call that has not begun; needs the write lock.

    If they were invited, they alone are told. Raises NotFound (also for whoever is not, or no longer, a
    colleague on it), CannotChange("ended").
    """
    row, call = own_call(session, actor, public_id)
    guest = attendee_row(session, row.id, email.strip().lower()) if email.isprintable() else None
    if guest is None or guest.is_contact or guest.removed_at is not None:
        raise NotFound(f"no such colleague on call {public_id}")
    _require_ahead(call, now)
    guest.removed_at = now
    session.flush()
    record(session, now, actor, REMOVED, "booking", row.public_id, guest=guest.id)
    _list_in_calendar(session, now, call)
    if guest.sent_sequence is not None:
        told = Occasion(Kind.CANCELLED)
        post_to_guest(session, now, settings, call, _value(session, guest), News.TAKEN_OFF, told)


def _list_in_calendar(session: Session, now: datetime, call: CallValue) -> None:
    """Where the specialist's event lists its attendees it is written anew; elsewhere nothing is to do."""
    write_soon(session, call.id, call.sequence, f"guests-{now:%Y%m%dT%H%M%S%f}")


def _require_ahead(call: CallValue, now: datetime) -> None:
    if not call.is_active or call.start <= now:
        raise CannotChange("ended")


def _require_room(session: Session, now: datetime, call: CallValue, address: str) -> None:
    there = attendees(session, call.id)
    if address in {call.contact_email.lower(), *(one.email.lower() for one in there if one.is_contact)}:
        raise GuestRefused("contact")
    if address == call.specialist.email.lower():
        raise GuestRefused("specialist")
    if address in {one.email for one in there}:
        raise GuestRefused("twice")
    if len(there) > MOST_GUESTS:
        raise GuestRefused("full")
    facts = history(session, "booking", call.public_id)
    if sum(fact.verb == ADDED for fact in facts) >= MOST_ADDITIONS:
        raise GuestRefused("spent")
    if additions_since(session, call.contact_id, now - _DAY) >= MOST_ADDITIONS_A_DAY:
        raise GuestRefused("daily")


def _value(session: Session, row: Attendee) -> AttendeeValue:
    return next(one for one in everybody(session, row.booking_id) if one.id == row.id)
