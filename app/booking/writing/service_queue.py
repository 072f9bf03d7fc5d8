"""Asking the worker to bring calendars to what a booking says, in the transaction that changes it."""

from sqlalchemy.orm import Session

from app.jobs.client import enqueue


def write_soon(session: Session, booking_id: int, sequence: int, verb: str) -> None:
    """Enqueue the booking's writing, once for each SEQUENCE and ``verb``; one booking's work is in order."""
    key = f"booking:{booking_id}:{sequence}:{verb}"
    enqueue(session, "booking", key, booking_id, order=f"booking:{booking_id}")
