"""Who is invited to calls."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.booking.guests.values import ADDED, AttendeeValue
from app.booking.models import Attendee, Booking


def attendees(session: Session, booking_id: int) -> list[AttendeeValue]:
    """Everybody who is invited to a call: the contact first, then colleagues in the order of their adding."""
    return [item for item in everybody(session, booking_id) if item.removed_at is None]


def everybody(session: Session, booking_id: int) -> Sequence[AttendeeValue]:
    """The same, and whoever was taken off since."""
    return _found(session, {booking_id})[booking_id]


def attendees_of(session: Session, booking_ids: Collection[int]) -> dict[int, list[AttendeeValue]]:
    """Everybody who is invited, by call, in one query."""
    found = _found(session, booking_ids)
    return {number: [one for one in found[number] if one.removed_at is None] for number in booking_ids}


def attendee_row(session: Session, booking_id: int, email: str) -> Attendee | None:
    """The row of an address (in lower case), to be changed."""
    wanted = select(Attendee).where(Attendee.booking_id == booking_id, Attendee.email == email)
    return session.scalars(wanted).first()


def told_sequence(session: Session, booking_id: int) -> int | None:
    """The SEQUENCE of the last message to the contact, None before the first."""
    contact = (Attendee.booking_id == booking_id, Attendee.is_contact)
    return session.scalars(select(Attendee.sent_sequence).where(*contact)).first()


def additions_since(session: Session, contact_id: int, moment: datetime) -> int:
    """How many colleagues were added after a moment to all calls of one contact, by whomever."""
    wanted = (
        select(func.count(AuditEntry.id))
        .join(Booking, AuditEntry.object_id == Booking.public_id)
        .where(
            Booking.contact_id == contact_id,
            AuditEntry.object_type == "booking",
            AuditEntry.verb == ADDED,
            AuditEntry.at > moment,
        )
    )
    return session.execute(wanted).scalar_one()


def _found(session: Session, booking_ids: Collection[int]) -> dict[int, list[AttendeeValue]]:
    rows = session.execute(
        select(
            Attendee.booking_id,
            Attendee.id,
            Attendee.email,
            Attendee.name,
            Attendee.is_contact,
            Attendee.partstat,
            Attendee.sent_sequence,
            Attendee.removed_at,
            Attendee.comment,
        )
        .where(Attendee.booking_id.in_(booking_ids))
        .order_by(Attendee.is_contact.desc(), Attendee.added_at, Attendee.id)
    )
    found: dict[int, list[AttendeeValue]] = defaultdict(list)
    for row in rows:
        found[row.booking_id].append(attendee_value(row))
    return found


def attendee_value(row: Row[*tuple[Any, ...]] | Attendee) -> AttendeeValue:
    """The value of a row, or of its columns."""
    return AttendeeValue(
        id=row.id,
        email=row.email,
        name=row.name,
        is_contact=row.is_contact,
        partstat=row.partstat,
        sent_sequence=row.sent_sequence,
        removed_at=row.removed_at,
        comment=row.comment,
    )
