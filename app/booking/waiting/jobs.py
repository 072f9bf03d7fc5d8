"""The periodic pass over the waiting list."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.waiting.queries import people_in_line, specialists_waited_for
from app.booking.waiting.service_offering import is_due, serve_line
from app.config import Settings
from app.lib.db import write
from app.settings.values import Feature

log = logging.getLogger(__name__)


def waiting_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Offer what came free to the first in line, specialist by specialist, and end what has ended.

    While the list is switched off nobody is offered anything; what is kept for somebody runs out by itself.
    """
    if not settings.offers(Feature.WAITING_LIST):
        return
    specialists = specialists_waited_for(session)
    session.rollback()
    for specialist_id in specialists:
        try:
            _serve(session, settings, now, specialist_id)
        except Exception:
            # One line's surprise must not hold up the others.
            log.exception("the waiting list of person %s failed", specialist_id)
            session.rollback()


def _serve(session: Session, settings: Settings, now: datetime, specialist_id: int) -> None:
    due, people = is_due(session, now, settings, specialist_id), people_in_line(session, specialist_id)
    session.rollback()
    if due:
        write(session, people, lambda s: serve_line(s, now, settings, specialist_id, people))
