"""The worker's question to a server: does it mail the guests of events by itself?"""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from app.calendars.errors import CalendarTrouble
from app.calendars.inviting import service
from app.calendars.inviting.quiet import is_quiet
from app.calendars.service import open_client
from app.config import Settings
from app.jobs.jobs import backoff
from app.lib.db import write

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 5


def probe(session: Session, settings: Settings, account_id: int, attempt: int) -> timedelta | None:
    """Ask once; a server that cannot be asked counts as one that mails, after some attempts."""
    hrefs = service.places_to_ask(session, account_id)
    if not hrefs:
        return None
    try:
        found = _ask(session, settings, account_id, hrefs)
    except CalendarTrouble as trouble:
        session.rollback()
        if attempt + 1 < _MOST_ATTEMPTS:
            return trouble.retry_after or backoff(attempt)
        log.info("account %s cannot be asked about guests: %s", account_id, trouble.code)
        found = False
    write(session, [], lambda s: service.note_quiet(s, account_id, is_quiet=found))
    return None


def _ask(session: Session, settings: Settings, account_id: int, hrefs: list[str]) -> bool:
    client = open_client(session, settings, account_id)
    # The network is slow: no transaction stays open over it.
    session.rollback()
    try:
        return is_quiet([client.features(href) for href in hrefs])
    finally:
        client.close()
