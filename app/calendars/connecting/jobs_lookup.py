"""The worker's side of look-ups: asks the server that a person named, and makes calendars on it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.calendars.connecting import service_answers, service_making
from app.calendars.connecting.client_lookup import confirmed, locate, locate_file, make_calendars
from app.calendars.connecting.file_facts import file_facts
from app.calendars.connecting.service_answers import Question
from app.calendars.connecting.typed_address import BadAddress, read_address, user_names
from app.calendars.errors import BadAnswer, CalendarTrouble, CredentialsRefused, Moved
from app.calendars.pages.trouble_page import reason_of
from app.calendars.syncing.picture import BUSY, Reader, place, window_of
from app.config import Settings
from app.lib import clock
from app.lib.db import write

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 3


def look_up(session: Session, settings: Settings, lookup_id: int, attempt: int) -> timedelta | None:
    """Answer one look-up, or make the calendars of an accepted one; one attempt is all.

    A person who waits is told what went wrong and may ask again; only an error of our own is tried again.
    """
    try:
        _answer(session, settings, lookup_id)
    except (NotFound, BadAddress):
        _note(session, lambda s, now: service_answers.note_failed(s, now, lookup_id, "credentials"))
    except CredentialsRefused:
        _note(session, lambda s, now: service_answers.note_refused(s, now, settings, lookup_id))
    except CalendarTrouble as trouble:
        reason = reason_of(trouble)
        _note(session, lambda s, now: service_answers.note_failed(s, now, lookup_id, reason))
    except Exception:
        if attempt + 1 < _MOST_ATTEMPTS:
            raise
        log.exception("look-up %s failed", lookup_id)
        _note(session, lambda s, now: service_answers.note_failed(s, now, lookup_id, "unreadable"))
    return None


def tidy(session: Session, _settings: Settings, now: datetime) -> None:
    """Forget look-ups of more than an hour ago (a periodic pass)."""
    write(session, [], lambda s: service_answers.forget_old(s, now))


def _answer(session: Session, settings: Settings, lookup_id: int) -> None:
    work = service_making.making(session, settings, lookup_id)
    asked = None if work else service_answers.question(session, settings, lookup_id)
    # The network is slow: no transaction stays open over it.
    session.rollback()
    if work is not None:
        try:
            made = make_calendars(work.client, work.wanted)
        finally:
            work.client.close()
        _note(session, lambda s, _now: service_making.finish_making(s, lookup_id, made))
    elif asked is not None and asked.kind == "subscription":
        _read_file(session, settings, lookup_id, asked.secret)
    elif asked is not None:
        _find(session, settings, lookup_id, asked)


def _find(session: Session, settings: Settings, lookup_id: int, asked: Question) -> None:
    typed = read_address(asked.address, settings.caldav_allowed_origins)
    names = user_names(asked.username, typed.email)
    start = confirmed(typed, asked.url) if asked.url else typed
    try:
        found = locate(settings, start, names, asked.secret)
    except Moved as moved:
        address = moved.address
        _note(session, lambda s, now: service_answers.note_moved(s, now, settings, lookup_id, address))
        return
    facts = (found.url, found.username, found.discovery)
    _note(session, lambda s, now: service_answers.note_found(s, now, settings, lookup_id, *facts))


def _read_file(session: Session, settings: Settings, lookup_id: int, address: str) -> None:
    file = locate_file(settings, address)
    # Whose zone and addresses it is read with does not matter for seeing that it can be read.
    placed = place(file.text, window_of(clock.now()), Reader(BUSY, "UTC", frozenset()))
    if placed.spans is None:
        raise BadAnswer("not_a_calendar")
    facts = file_facts(file.text)
    told = (file.address, facts.name, facts.event_count)
    _note(session, lambda s, now: service_answers.note_file(s, now, settings, lookup_id, *told))


def _note(session: Session, work: Callable[[Session, datetime], None]) -> None:
    write(session, [], lambda s: work(s, clock.now()))
