"""What is looked up before a call is booked."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking, IdempotencyKey


def open_count(session: Session, company_id: int, call_type_id: int, now: datetime) -> int:
    """How many calls of this kind the company has ahead."""
    wanted = select(func.count()).where(
        Booking.company_id == company_id,
        Booking.call_type_id == call_type_id,
        Booking.status.in_(ACTIVE),
        Booking.starts_at > now,
    )
    return session.execute(wanted).scalar_one()


def call_at(session: Session, contact_id: int, specialist_id: int, start: datetime) -> str | None:
    """The public id of the contact's own active call at, or on its way to, exactly this start."""
    return session.scalars(
        select(Booking.public_id).where(
            Booking.contact_id == contact_id,
            Booking.specialist_id == specialist_id,
            Booking.status.in_(ACTIVE),
            or_(Booking.starts_at == start, Booking.move_starts_at == start),
        )
    ).first()


def known_key(session: Session, contact_id: int, key: str) -> tuple[str, int] | None:
    """The fingerprint and booking id that a contact's idempotency key stands for."""
    row = session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.booking_id).where(
            IdempotencyKey.contact_id == contact_id, IdempotencyKey.key == key
        )
    ).first()
    return None if row is None else (row.fingerprint, row.booking_id)


def is_reference_used(session: Session, reference: str) -> bool:
    """Whether a call has this reference already."""
    return session.execute(select(Booking.id).where(Booking.reference == reference)).first() is not None
