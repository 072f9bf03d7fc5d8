"""The periodic pass that asks the next senior."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.escalations import queries
from app.desk.escalations.service_asking import ask_when_due
from app.lib.db import write

log = logging.getLogger(__name__)
_A_PASS = 100


def escalation_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Ask the next senior wherever that is due, each in a transaction of its own."""
    waiting = queries.due(session, now, _A_PASS)
    session.rollback()
    for escalation_id in waiting:
        try:
            _ask(session, settings, now, escalation_id)
        except Exception:
            # One surprise must not hold up the others.
            log.exception("asking seniors about escalation %s failed", escalation_id)
            session.rollback()


def _ask(session: Session, settings: Settings, now: datetime, escalation_id: int) -> None:
    write(session, [], lambda s: ask_when_due(s, now, settings, escalation_id))
