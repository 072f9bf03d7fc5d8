"""Whom a guest answers to: fixed by their first invitation, because programs refuse changes by another."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.models import Attendee
from app.booking.values import CallValue
from app.config import Settings
from app.invites.tags import tagged_address


def organizer_for(
    session: Session, settings: Settings, call: CallValue, address: str, *, asks: int | None = None
) -> str:
    """The ORGANIZER in the letters to one guest of a call; an empty one is ORGANIZER_ADDRESS.

    ``asks``: the SEQUENCE of the letter, if it is a REQUEST. The first one fixes the address; each asks anew,
    and is what answers are compared with from then on.
    """
    row = session.scalars(
        select(Attendee).where(Attendee.booking_id == call.id, Attendee.email == address)
    ).first()
    if row is None:
        return ""
    if asks is not None:
        if row.organizer is None:
            row.organizer = _new(settings, call, address)
        if row.sent_sequence != asks:
            row.partstat, row.comment = "NEEDS-ACTION", ""
        row.sent_sequence = asks
    return row.organizer or ""


def _new(settings: Settings, call: CallValue, address: str) -> str:
    if not settings.organizer_tags:
        return ""
    return tagged_address(settings.organizer_address, settings.secret_key, call.id, address)
