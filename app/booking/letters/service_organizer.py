"""Whom a guest answers to: fixed by their first invitation, because programs refuse changes by another."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.models import Attendee
from app.booking.values import CallValue
from app.config import Settings
from app.invites.tags import tagged_address


def organizer_for(
    session: Session, settings: Settings, call: CallValue, address: str, *, invites: bool
) -> str:
    """The ORGANIZER in the letters to one guest of a call; an empty one is ORGANIZER_ADDRESS.

    ``invites``: the letter is a REQUEST. The first one fixes the address; each asks anew, and is what answers
    are compared with from then on.
    """
    row = session.scalars(
        select(Attendee).where(Attendee.booking_id == call.id, Attendee.email == address)
    ).first()
    if row is None:
        return ""
    if invites:
        if row.organizer is None:
            row.organizer = _new(settings, call, address)
        if row.invited_sequence != call.sequence:
            row.partstat, row.comment = "NEEDS-ACTION", ""
        row.invited_sequence = call.sequence
    return row.organizer or ""


def _new(settings: Settings, call: CallValue, address: str) -> str:
    if not settings.organizer_tags:
        return ""
    return tagged_address(settings.organizer_address, settings.secret_key, call.id, address)
