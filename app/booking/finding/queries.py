"""Calls by their reference or UID."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.booking.finding.reference import as_reference
from app.booking.finding.values import FoundCall
from app.booking.models import Booking
from app.customers.models import Company


def calls(session: Session, text: str) -> list[FoundCall]:
    """The call with this reference, however it is spelt, or this UID (RFC 5545, 3.8.4.7)."""
    rows = session.execute(
        select(Booking.public_id, Booking.reference, Company.name, Booking.starts_at)
        .join(Company, Company.id == Booking.company_id)
        .where(or_(Booking.reference == as_reference(text), Booking.uid == text))
    )
    return [FoundCall(*row) for row in rows]
