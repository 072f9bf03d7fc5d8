"""The durable and periodic work of this package: writing bookings into calendars, and following calendars."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.booking.following import queries as following_queries
from app.booking.following.service import follow
from app.booking.seniors.following import queries as senior_queries
from app.booking.seniors.following.service import follow_senior
from app.booking.seniors.queries import people_of_calls
from app.booking.writing import service
from app.booking.writing.jobs import Writing
from app.booking.writing.plan import Action, due_actions
from app.booking.writing.service_queue import write_soon
from app.calendars.errors import (
    CalendarTrouble,
    Changed,
    CredentialsRefused,
    Doubtful,
    Gone,
    Moved,
    NoCalendar,
    NoRight,
    NotReached,
)
from app.config import Settings
from app.jobs.jobs import backoff
from app.lib import clock
from app.lib.crashpoints import reached
from app.lib.db import write

log = logging.getLogger(__name__)

# A booking that changes each time it was written is left for the next attempt.
_ROUNDS = 8
_LONGEST_PAUSE = timedelta(minutes=15)
# What only a person can put right is looked at again this often.
_FOR_PEOPLE = timedelta(seconds=60)
_ONLY_PEOPLE_HELP = (Changed, CredentialsRefused, Doubtful, Gone, Moved, NoCalendar, NoRight)
# A contact who was not told of a clash at once hears of it when it lasts this long.
_UNSETTLED = timedelta(hours=1)


def write_booking(
    session: Session,
    settings: Settings,
    booking_id: int,
    attempt: int,
    now: Callable[[], datetime] = clock.now,
) -> timedelta | None:
    """Make the calendar say what the booking says; None when it does, else the pause before the next try.

    May be repeated and interrupted anywhere: each round reads the booking again, looks at what the server
    has, and a step counts only if the booking did not change while the network was used.
    """
    reached("write_started")
    trouble = _bring_up_to_date(session, settings, booking_id, now)
    if trouble is None:
        return None
    reason = f"{trouble.code} {trouble.reason}".strip()
    log.info("booking %s waits for its calendar: %s", booking_id, reason)
    write(session, [], lambda s: service.note_trouble(s, booking_id, reason))
    return _pause(trouble, attempt)


def _bring_up_to_date(
    session: Session, settings: Settings, booking_id: int, now: Callable[[], datetime]
) -> CalendarTrouble | None:
    """Do all that can be done; the first trouble that was met, which holds up only what depends on it."""
    met: dict[Action, CalendarTrouble] = {}
    for _ in range(_ROUNDS):
        task = service.read_task(session, booking_id)
        session.rollback()
        due = [] if task is None else [action for action in due_actions(task, now()) if action not in met]
        if task is None or not due:
            break
        try:
            if not Writing(session, settings, task, now).step(due[0]):
                break
        except CalendarTrouble as trouble:
            session.rollback()
            met[due[0]] = trouble
    else:
        return NotReached("overtaken")
    return next(iter(met.values()), None)


def follow_pass(session: Session, settings: Settings, now: datetime) -> None:
    """The periodic pass over calls whose event is not what we wrote any more: they follow their specialist.

    It compares the replica as it is, so that nothing is lost when a worker dies between sync and this.
    """
    suspects = following_queries.suspects(session, now)
    session.rollback()
    for person_id, booking_ids in suspects.items():
        reached("noticed")
        try:
            _follow(session, settings, now, person_id, booking_ids)
        except Exception:
            # One person's surprise must not hold up the others.
            log.exception("following the calendar of person %s failed", person_id)
            session.rollback()


def follow_seniors_pass(session: Session, settings: Settings, now: datetime) -> None:
    """The same for the events in the calendars of seniors who take part in somebody else's calls."""
    changed = senior_queries.changed_copies(session, now)
    session.rollback()
    for person_id, copy_ids in changed.items():
        try:
            _follow_senior(session, settings, now, person_id, copy_ids)
        except Exception:
            log.exception("following the calendar of senior %s failed", person_id)
            session.rollback()


def _follow_senior(
    session: Session, settings: Settings, now: datetime, person_id: int, copy_ids: list[int]
) -> None:
    people = [person_id, *people_of_calls(session, senior_queries.booking_ids(session, copy_ids))]
    write(session, people, lambda s: follow_senior(s, now, settings, person_id, copy_ids))


def _follow(
    session: Session, settings: Settings, now: datetime, person_id: int, booking_ids: list[int]
) -> None:
    people = [person_id, *people_of_calls(session, booking_ids)]
    write(session, people, lambda s: follow(s, now, settings, person_id, booking_ids))
    reached("followed")


def clash_pass(session: Session, settings: Settings, now: datetime) -> None:
    """The periodic pass over calls that meet another appointment: has their specialist settled it?"""
    waiting = service.clashes_ahead(session, now)
    session.rollback()
    if not waiting:
        return

    def look(writer: Session) -> None:
        for booking_id, sequence in waiting:
            write_soon(writer, booking_id, sequence, f"look:{now:%Y%m%dT%H%M}")

    write(session, [], look)
    untold = service.untold_clashes(session, now - _UNSETTLED, now)
    session.rollback()
    for booking_id, person_id in untold:
        _tell(session, settings, now, person_id, booking_id)


def _tell(session: Session, settings: Settings, now: datetime, person_id: int, booking_id: int) -> None:
    write(session, [person_id], lambda s: service.tell_of_clash(s, now, settings, booking_id))


def _pause(trouble: CalendarTrouble, attempt: int) -> timedelta:
    if trouble.retry_after is not None:
        return min(trouble.retry_after, _LONGEST_PAUSE)
    return _FOR_PEOPLE if isinstance(trouble, _ONLY_PEOPLE_HELP) else backoff(attempt)
