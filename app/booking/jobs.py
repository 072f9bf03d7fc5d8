"""Writing a booking into its specialist's calendar: the durable half of booking, moving and cancelling."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.booking.writing import service
from app.booking.writing.plan import (
    Action,
    Task,
    is_event_of,
    next_action,
    reconciled,
    stands_at,
    wanted_event,
)
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
from app.calendars.jobs import sync_account
from app.calendars.service import CalendarStore, objects_with_uid, open_store, remember
from app.calendars.writing import put_changed, put_new, remove
from app.config import Settings
from app.ical.compare import is_same_write
from app.ical.event import CalendarEvent, write_event
from app.jobs.client import enqueue
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
_ONLY_PEOPLE_HELP = (CredentialsRefused, Doubtful, Gone, Moved, NoCalendar, NoRight)


def write_booking(session: Session, settings: Settings, booking_id: int, attempt: int) -> timedelta | None:
    """Make the calendar say what the booking says; None when it does, else the pause before the next try.

    May be repeated and interrupted anywhere: each round reads the booking again, looks at what the server
    has, and a step counts only if the booking did not change while the network was used.
    """
    reached("write_started")
    try:
        for _ in range(_ROUNDS):
            task = service.read_task(session, booking_id)
            session.rollback()
            if task is None or not _Writing(session, settings, task).step():
                return None
        raise NotReached("overtaken")
    except CalendarTrouble as trouble:
        reason = f"{trouble.code} {trouble.reason}".strip()
        log.info("booking %s waits for its calendar: %s", booking_id, reason)
        write(session, [], lambda s: service.note_trouble(s, booking_id, reason))
        return _pause(trouble, attempt)


def clash_pass(session: Session, _settings: Settings, now: datetime) -> None:
    """The periodic pass over calls that meet another appointment: has their specialist settled it?"""
    waiting = service.clashes_ahead(session, now)
    session.rollback()
    if not waiting:
        return

    def look(writer: Session) -> None:
        for booking_id, sequence in waiting:
            key = f"booking:{booking_id}:{sequence}:look:{now:%Y%m%dT%H%M}"
            enqueue(writer, "booking", key, booking_id, order=f"booking:{booking_id}")

    write(session, [], look)


def _pause(trouble: CalendarTrouble, attempt: int) -> timedelta:
    if trouble.retry_after is not None:
        return min(trouble.retry_after, _LONGEST_PAUSE)
    return _FOR_PEOPLE if isinstance(trouble, _ONLY_PEOPLE_HELP) else backoff(attempt)


class _Writing:
    """One round for one booking, as it was when the round began."""

    def __init__(self, session: Session, settings: Settings, task: Task) -> None:
        self.session, self.settings, self.task = session, settings, task
        self.host = task.call.specialist.user_id

    def step(self) -> bool:
        """Do what is next; False when nothing was left to do."""
        match next_action(self.task, clock.now()):
            case Action.NOTHING:
                return False
            case Action.REMOVE:
                self._remove()
                return False
            case Action.EXPIRE:
                self._note(service.expire)
            case Action.DROP_MOVE:
                self._note(service.drop_move)
            case Action.WRITE:
                self._write()
            case Action.LOOK:
                return self._look_at_clash()
        return True

    def _look_at_clash(self) -> bool:
        """A clash is over when nothing else stands there any more and our event still does."""
        if not self._is_free():
            return False
        with _Store(self.session, self.settings, self.host) as store:
            current = store.client.get(self.task.href)
        if current is None or not stands_at(current.text, self.task):
            return False
        etag = current.etag
        self._locked(lambda s: service.confirm(s, clock.now(), self.settings, self.task, etag))
        return False

    def _write(self) -> None:
        task = self.task
        if task.is_promise and not self._is_free():
            self._note(service.decline if task.call.move is None else service.drop_move)
            return
        reached("looked")
        try:
            etag = self._put()
        except _Resolved:
            return
        reached("put_done")
        if task.is_promise and not self._is_free():
            self._clash(etag)
            return
        reached("looked_again")
        self._locked(lambda s: service.confirm(s, clock.now(), self.settings, task, etag))
        reached("confirmed")

    def _is_free(self) -> bool:
        sync_account(self.session, self.settings, clock.now(), self.host)
        answer = service.is_free(self.session, self.task)
        self.session.rollback()
        return answer

    def _clash(self, etag: str) -> None:
        """Found after the event was written: a new time is given up for the old one, which is still ours."""
        clash = service.find_clash if self.task.call.move is None else service.drop_move
        self._locked(lambda s: clash(s, clock.now(), self.settings, self.task, etag))

    def _put(self) -> str:
        """Write the event; the ETag of what stands there then. Raises _Resolved when that ended the round."""
        event = wanted_event(self.task, self.settings.public_url)
        with _Store(self.session, self.settings, self.host) as store:
            try:
                return self._put_event(store, event, self.task.etag)
            except Changed as changed:
                return self._put_over(store, event, changed)
            except Gone:
                self._retarget(store)
                raise

    def _put_event(self, store: CalendarStore, event: CalendarEvent, etag: str) -> str:
        text, href = write_event(event), self.task.href

        def is_ours(stored: str) -> bool:
            return is_same_write(stored, event)

        if not etag:
            return put_new(store.client, href, text, is_ours)
        try:
            return put_changed(store.client, href, text, etag, is_ours)
        except Gone:
            # Deleted over there; the customer's wish is newer than that, so it is written afresh.
            return put_new(store.client, href, text, is_ours)

    def _put_over(self, store: CalendarStore, event: CalendarEvent, changed: Changed) -> str:
        """Somebody changed the event: their title and notes are kept, their new time is not overwritten."""
        if changed.current is None:
            self._adopt()
            raise changed
        starts = service.known_starts(self.session, self.task.call)
        self.session.rollback()
        merged = reconciled(changed.current.text, event, starts)
        if merged is not None:
            return self._put_event(store, merged, changed.current.etag)
        etag = changed.current.etag
        if is_event_of(changed.current.text, event.uid):
            self._locked(lambda s: service.find_clash(s, clock.now(), self.settings, self.task, etag))
            raise _Resolved from changed
        log.error("a foreign object stands at the href of booking %s", self.task.call.id)
        raise changed

    def _adopt(self) -> None:
        """The server has the UID at another href (some rename what they store): that one is ours."""
        sync_account(self.session, self.settings, clock.now(), self.host)
        found = objects_with_uid(self.session, self.host, self.task.call.uid)
        self.session.rollback()
        if found and found[0].href != self.task.href:
            href, etag = found[0].href, found[0].etag
            self._locked(lambda s: service.note_place(s, self.task, href, etag))
            raise _Resolved

    def _retarget(self, store: CalendarStore) -> None:
        """The calendar is gone: when another one takes the bookings now, the event goes there."""
        calendar = store.booking_calendar_href
        if calendar is None or self.task.href.startswith(calendar):
            return
        href = f"{calendar.rstrip('/')}/{self.task.call.uid}.ics"
        self._locked(lambda s: service.note_place(s, self.task, href, ""))
        raise _Resolved

    def _remove(self) -> None:
        """Take the event out of the calendar, whatever was made of it there; being gone counts as done."""
        href = self.task.href
        with _Store(self.session, self.settings, self.host) as store:
            self._remove_event(store, href)
        reached("removed")

        def note(session: Session) -> None:
            remember(session, clock.now(), self.host, href, "", None)
            service.note_removed(session, self.task)

        self._locked(note)

    def _remove_event(self, store: CalendarStore, href: str) -> None:
        current = store.client.get(href)
        for _ in range(_ROUNDS):
            if current is None or not is_event_of(current.text, self.task.call.uid):
                return
            try:
                remove(store.client, href, current.etag or None)
                return
            except Changed as changed:
                current = changed.current
        raise NotReached("keeps changing")

    def _note(self, outcome: Callable[..., None]) -> None:
        self._locked(lambda s: outcome(s, clock.now(), self.settings, self.task))

    def _locked(self, work: Callable[[Session], object]) -> None:
        write(self.session, [self.host], work)


class _Resolved(Exception):
    """The round has ended otherwise; what comes next is read from the booking."""


class _Store:
    """The specialist's calendars, opened for writing outside of any transaction and closed afterwards."""

    def __init__(self, session: Session, settings: Settings, person_id: int) -> None:
        self._store = open_store(session, settings, person_id)
        session.rollback()

    def __enter__(self) -> CalendarStore:
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.client.close()
