"""The periodic pass that keeps days away in step with the calendars, and tells when nobody stands in."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.availability.time_off.service import notice, out_of_step
from app.availability.time_off.service_alarm import ALARM_LOCK, alarms, tell
from app.config import Settings
from app.lib.db import write

log = logging.getLogger(__name__)


def time_off_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Write down what the calendars say of whole days, person by person, then tell what nobody covers.

    It compares the replica as it is, so that nothing is lost when a worker dies between sync and this.
    """
    people = out_of_step(session, now, settings)
    session.rollback()
    for person_id in people:
        try:
            _notice(session, settings, now, person_id)
        except Exception:
            # One person's surprise must not hold up the others.
            log.exception("the days away of person %s could not be written down", person_id)
            session.rollback()
    is_due = bool(alarms(session, now, settings))
    session.rollback()
    if is_due:
        write(session, [ALARM_LOCK], lambda s: tell(s, now, settings))


def _notice(session: Session, settings: Settings, now: datetime, person_id: int) -> None:
    write(session, [person_id], lambda s: notice(s, now, settings, person_id))
