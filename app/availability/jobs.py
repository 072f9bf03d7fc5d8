"""Carrying saved hours and time off to the calendar server, durably."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.availability import service_hours
from app.availability.hours_edit import (
    CONFLICT,
    DONE,
    FAILED,
    REMOVE_TIME_OFF,
    WAITING,
    WEEK,
    Edit,
    Step,
    make_steps,
    says_the_same,
    steps_of,
    was_edited_elsewhere,
)
from app.availability.hours_plan import state_of
from app.calendars.errors import CalendarTrouble, Changed, Gone, NoCalendar, NoRight
from app.calendars.jobs import sync_account
from app.calendars.service import CalendarStore, open_store
from app.calendars.writing import put_changed, put_new, remove
from app.config import Settings
from app.jobs.jobs import backoff
from app.lib import clock
from app.lib.db import write
from app.lib.zones import local

log = logging.getLogger(__name__)


def write_hours(session: Session, settings: Settings, edit_id: int, attempt: int) -> timedelta | None:
    """One attempt to carry an edit out; when to try again, None when it has ended.

    Look at the server first, compare with what the edit was made from, write down the steps, then write
    each with its precondition. Repeated after a crash at any point it finds its own writes.
    """
    now = clock.now()
    edit = service_hours.edit_by_id(session, edit_id)
    session.rollback()
    if edit is None or edit.state != WAITING:
        return None
    try:
        sync_account(session, settings, now, edit.person_id)
        state, detail = _carry_out(session, settings, edit, now)
    except NoCalendar as error:
        state, detail = FAILED, error.reason
    except CalendarTrouble as error:
        log.info("hours edit %s waits for the calendar: %s", edit.id, error.reason)
        session.rollback()
        return backoff(attempt)
    write(session, [], lambda s: service_hours.finish(s, clock.now(), edit.id, state, detail))
    return None


def _carry_out(session: Session, settings: Settings, edit: Edit, now: datetime) -> tuple[str, str]:
    """The edit's last state and what to say of it. Raises CalendarTrouble when it has to be tried again."""
    store = open_store(session, settings, edit.person_id)
    try:
        steps = _steps(session, store, edit, now)
        for step in steps:
            _take(session, store, edit, step)
    except (Changed, Gone):
        return CONFLICT, ""
    except NoRight as error:
        return FAILED, error.reason
    finally:
        store.client.close()
    return DONE, ""


def _steps(session: Session, store: CalendarStore, edit: Edit, now: datetime) -> Sequence[Step]:
    """The writes that are needed, written down before the first of them.

    Raises Changed when the hours were edited elsewhere, NoCalendar when there is nowhere to write to.
    """
    if store.hours_calendar_href is None:
        raise NoCalendar("no_hours_calendar")
    steps = steps_of(edit)
    existing = service_hours.current_hours(session, edit.person_id, edit.zone)
    session.rollback()
    if edit.kind == WEEK and was_edited_elsewhere(edit, state_of(existing), steps):
        raise Changed
    if steps is not None:
        return steps
    fresh = make_steps(edit, existing, store.hours_calendar_href, local(now, edit.zone).date())
    if edit.kind == REMOVE_TIME_OFF and any(step.etag != edit.base.get(step.href) for step in fresh):
        raise Changed
    write(session, [], lambda s: service_hours.write_down_steps(s, edit.id, fresh))
    return fresh


def _take(session: Session, store: CalendarStore, edit: Edit, step: Step) -> None:
    """One write with its precondition, remembered in the replica at once."""
    etag = _write(store, edit, step)
    text = None if step.verb == "delete" else step.text
    people = [edit.person_id]
    write(session, people, lambda s: service_hours.note_step(s, clock.now(), edit, step, etag, text))


def _write(store: CalendarStore, edit: Edit, step: Step) -> str:
    is_ours = says_the_same(step, edit.zone)
    match step.verb:
        case "create":
            return put_new(store.client, step.href, step.text, is_ours)
        case "change":
            return put_changed(store.client, step.href, step.text, step.etag, is_ours)
    remove(store.client, step.href, step.etag)
    return ""
