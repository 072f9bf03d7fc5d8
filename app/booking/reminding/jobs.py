"""The periodic pass that reminds contacts of their calls."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.reminding import service
from app.config import Settings
from app.lib.db import write

log = logging.getLogger(__name__)


def remind_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Post every reminder that is due, each in a transaction of its own."""
    waiting = service.waiting(session, now)
    session.rollback()
    for booking_id, person_id in waiting:
        try:
            _remind(session, settings, now, person_id, booking_id)
        except Exception:
            # One call's surprise must not hold up the others.
            log.exception("reminding of booking %s failed", booking_id)
            session.rollback()


def _remind(session: Session, settings: Settings, now: datetime, person_id: int, booking_id: int) -> None:
    write(session, [person_id], lambda s: service.remind(s, now, settings, booking_id))
