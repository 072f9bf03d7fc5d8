"""The periodic pass that warns of clocks, notes breaches and reminds of tracked requests."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.warnings import queries, service
from app.lib.db import write

log = logging.getLogger(__name__)


def warn_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Tell everything that is to be told, each in a transaction of its own."""
    clocks, news = queries.to_tell(session, now), queries.to_remind(session, now)
    session.rollback()
    for conversation_id, name in clocks:
        work = partial(service.tell, now=now, settings=settings, conversation_id=conversation_id, name=name)
        _do(session, conversation_id, work)
    for conversation_id in news:
        work = partial(service.remind, now=now, settings=settings, conversation_id=conversation_id)
        _do(session, conversation_id, work)


def _do(session: Session, conversation_id: int, work: Callable[[Session], None]) -> None:
    try:
        write(session, [], work)
    except Exception:
        # One request's surprise must not hold up the others.
        log.exception("telling of conversation %s failed", conversation_id)
        session.rollback()
