"""Page views ask for a fresher picture, in the background: nobody waits for it, and nobody asks too often."""

import logging
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.calendars.queries_accounts import stale_ids
from app.calendars.service_accounts import sync_soon
from app.lib.db import db, write
from app.lib.threads import DaemonPool

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=60)
_PAUSE = timedelta(seconds=20)
_MOST_REMEMBERED = 1000
_EXTENSION = "attache.nudges"


class Nudges:
    """Who was asked for in this process lately, and the thread that does it."""

    def __init__(self) -> None:
        self._last: dict[int, datetime] = {}
        self._thread = DaemonPool(1, "nudge")

    def is_due(self, person_id: int, now: datetime) -> bool:
        """Whether to ask for this person now; true at most once in 20 seconds."""
        last = self._last.get(person_id)
        if last is not None and last <= now < last + _PAUSE:
            return False
        if len(self._last) >= _MOST_REMEMBERED:
            self._last.clear()
        self._last[person_id] = now
        return True

    def submit(self, app: Flask, person_id: int, now: datetime) -> None:
        """Have the person's accounts made due, in the thread."""
        self._thread.submit(partial(_refresh, app, person_id, now))


def nudge(now: datetime, person_id: int, as_of: datetime | None) -> None:
    """Ask for a fresh look at a person's calendars when what was shown is more than a minute old.

    For every page that shows somebody's time; ``as_of`` as the CalendarView says. The page neither waits
    nor writes: a thread makes the accounts due, and the worker looks within a second.
    """
    if as_of is None or now - as_of <= FRESH:
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    nudges: Nudges = app.extensions.setdefault(_EXTENSION, Nudges())
    if nudges.is_due(person_id, now):
        nudges.submit(app, person_id, now)


def _refresh(app: Flask, person_id: int, now: datetime) -> None:
    with app.app_context():
        try:
            refresh_soon(db.session(), now, person_id)
        except Exception:
            # A page was served; that nobody could be asked for a younger picture is no fault of its.
            log.exception("the calendars of person %s could not be made due", person_id)


def refresh_soon(session: Session, now: datetime, person_id: int) -> bool:
    """Make the person's CalDAV accounts due that are well but older than a minute; whether there were any.

    Accounts in trouble keep their pause: their server may have asked for it. Subscriptions have their own.
    """
    stale = stale_ids(session, person_id, now - FRESH, now)
    session.rollback()
    if stale:
        write(session, [], lambda writer: sync_soon(writer, now, *stale))
    return bool(stale)
