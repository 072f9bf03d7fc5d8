"""The periodic pass over callbacks that run out."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.callbacks.queries import has_booked
from app.desk.callbacks.service_booking import settle_booked
from app.desk.callbacks.service_letters import tell_of_due
from app.lib.db import write


def callbacks_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Warn of callbacks 15 minutes before they are due, and when they were not kept."""
    write(session, [], lambda s: tell_of_due(s, now, settings))


def booked_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Close callbacks whose booked call is confirmed."""
    is_needed = has_booked(session)
    session.rollback()
    if is_needed:
        write(session, [], lambda s: settle_booked(s, now, settings))
