"""Posting a letter about a call, in the transaction of what it tells."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.guests.queries import told_sequence
from app.booking.guests.service_letters import post_to_guests
from app.booking.letters.kinds import CANCELS, REQUESTS, Kind
from app.booking.letters.letter import Occasion, write_letter
from app.booking.letters.service_organizer import organizer_for
from app.booking.values import CallValue
from app.config import Settings
from app.mail.models import OutgoingMail
from app.mail.service import post


def post_letter(
    session: Session, now: datetime, settings: Settings, call: CallValue, occasion: Occasion
) -> None:
    """Post it once: the key names the call, its SEQUENCE, the occasion and the recipient.

    A letter about where the specialist put the event is one for each place, one with a mark for each mark.
    What changes calendars goes to each of the contact's colleagues as well.
    """
    recipient = call.specialist.user_id if occasion.at_home else call.contact_id
    key = _key(call, occasion.kind, recipient)
    if occasion.there is not None:
        key += f":{occasion.there.start:%Y%m%dT%H%M}-{occasion.there.end:%Y%m%dT%H%M}"
    if occasion.calls:
        key += f":{now:%Y%m%dT%H%M%S}"
    if occasion.mark:
        key += f":{occasion.mark}"
    organizer = ""
    if not occasion.at_home:
        asks = call.sequence if occasion.kind in REQUESTS else None
        organizer = organizer_for(session, settings, call, call.contact_email, asks=asks)
    letter = write_letter(call, occasion, settings, organizer)
    post(session, now, key, thread_of(call.id, recipient), letter)
    if not occasion.at_home and occasion.kind in REQUESTS | CANCELS:
        post_to_guests(session, now, settings, call, occasion)


def thread_of(booking_id: int, recipient: int) -> str:
    """The thread of all that somebody is written about a call."""
    return f"booking:{booking_id}:{recipient}"


def knows_of_clash(session: Session, call: CallValue) -> bool:
    """Whether the contact was told that something stands beside the call."""
    key = _key(call, Kind.CLASH, call.contact_id)
    return session.execute(select(OutgoingMail.id).where(OutgoingMail.subject_key == key)).first() is not None


def knows_last_change(session: Session, call: CallValue) -> bool:
    """Whether the contact has an invitation with the call's SEQUENCE: there is one message of each."""
    return told_sequence(session, call.id) == call.sequence


def _key(call: CallValue, kind: Kind, recipient: int) -> str:
    return f"booking:{call.id}:{call.sequence}:{kind.value}:{recipient}"
