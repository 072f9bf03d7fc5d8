"""Carrying saved hours and time off to the calendar server, durably."""

import logging
from collections.abc import Callable, Sequence
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
    account_of,
    make_steps,
    says_the_same,
    steps_of,
    was_edited_elsewhere,
)
from app.availability.hours_place import HoursPlace
from app.availability.hours_plan import state_of
from app.availability.hours_writes import NotKept, carry_out
from app.calendars.errors import CalendarTrouble, Changed, Gone, NoCalendar, NoRight
from app.calendars.jobs import sync_account
from app.calendars.service import open_client
from app.config import Settings
from app.ical.errors import UnreadableCalendar
from app.jobs.jobs import backoff
from app.lib import clock
from app.lib.db import write
from app.lib.zones import local

log = logging.getLogger(__name__)


def write_hours(
    session: Session,
    settings: Settings,
    edit_id: int,
    attempt: int,
    now: Callable[[], datetime] = clock.now,
) -> timedelta | None:
    """One attempt to carry an edit out; when to try again, None when it has ended.

    Look at the server first, compare with what the edit was made from, write down the steps, then write
    each with its precondition. Repeated after a crash at any point it finds its own writes.
    """
    edit = service_hours.edit_by_id(session, edit_id)
    session.rollback()
    if edit is None or edit.state != WAITING:
        return None
    try:
        state, detail = _carry_out(session, settings, edit, now)
    except (NoCalendar, NoRight, NotKept) as error:
        state, detail = FAILED, error.reason
    except UnreadableCalendar:
        state, detail = FAILED, "unreadable"
    except CalendarTrouble as error:
        log.info("hours edit %s waits for the calendar: %s", edit.id, error.reason)
        session.rollback()
        return backoff(attempt)
    write(session, [], lambda s: service_hours.finish(s, now(), edit.id, state, detail))
    return None


def _carry_out(
    session: Session, settings: Settings, edit: Edit, now: Callable[[], datetime]
) -> tuple[str, str]:
    """The edit's last state and what to say of it. Raises CalendarTrouble when it has to be tried again."""
    place, account_id = _place(session, edit)
    is_kept = place.is_kept and edit.kind == WEEK
    if not is_kept:
        sync_account(session, settings, now(), account_id)
    client = None if is_kept else open_client(session, settings, account_id)
    session.rollback()
    try:
        for step in _steps(session, place, edit, now()):
            etag, text = carry_out(client, step, says_the_same(step, edit.zone))
            _note(session, now(), edit, step, account_id, etag, text)
    except (Changed, Gone):
        return CONFLICT, ""
    finally:
        if client is not None:
            client.close()
    return DONE, ""


def _place(session: Session, edit: Edit) -> tuple[HoursPlace, int]:
    """Where the hours live, and the account that the edit writes to; raises NoCalendar."""
    place = service_hours.hours_place(session, edit.person_id)
    existing = service_hours.current_hours(session, edit.person_id, edit.zone)
    session.rollback()
    if place is None:
        raise NoCalendar("no_hours_calendar")
    try:
        return place, account_of(edit, place, existing)
    except ValueError as error:
        raise NoCalendar("no_booking_calendar") from error


def _steps(session: Session, place: HoursPlace, edit: Edit, now: datetime) -> Sequence[Step]:
    """The writes that are needed, written down before the first of them.

    Raises Changed when the hours were edited elsewhere, UnreadableCalendar when they cannot be changed.
    """
    steps = steps_of(edit)
    existing = service_hours.current_hours(session, edit.person_id, edit.zone)
    session.rollback()
    if edit.kind == WEEK and was_edited_elsewhere(edit, state_of(existing), steps):
        raise Changed
    if steps is not None:
        return steps
    fresh = make_steps(edit, existing, place, local(now, edit.zone).date())
    if edit.kind == REMOVE_TIME_OFF and any(step.etag != edit.base.get(step.href) for step in fresh):
        raise Changed
    write(session, [], lambda s: service_hours.write_down_steps(s, edit.id, fresh))
    return fresh


def _note(
    session: Session,
    now: datetime,
    edit: Edit,
    step: Step,
    account_id: int,
    etag: str,
    text: str | None,
) -> None:
    """Remember a write in the replica at once."""
    write(
        session,
        [edit.person_id],
        lambda s: service_hours.note_step(s, now, edit, step, account_id, etag, text),
    )
