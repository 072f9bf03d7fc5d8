"""Syncing accounts: one now, or all that are due, each by itself so that a dead server delays nobody."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.client import CalDavClient, client_for
from app.calendars.errors import CalendarTrouble, CredentialsRefused, NoCalendar, NotReached
from app.calendars.models import CalendarAccount
from app.calendars.picture import has_moved, may_be_declined, place, uid_of, window_of
from app.calendars.queries import AccountRow, CalendarRow
from app.calendars.reading import Reading, read_calendar
from app.calendars.service import open_password
from app.calendars.service_replica import (
    CalendarChange,
    ObjectChange,
    apply_changes,
    next_look_at,
    note_success,
    note_trouble,
)
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from app.lib.threads import DaemonPool

log = logging.getLogger(__name__)

_THREADS = 32
_ATTEMPTS = 3
# A first comparison of a large account as a whole (one exchange has its own, shorter bound).
_WHOLE_SYNC = 300.0
# Against other workers, and short, because a killed one leaves it behind; within this process the pool
# keeps an account from being taken twice, and a look that was overtaken writes nothing.
_CLAIM = timedelta(seconds=60)
_POOL = "attache.sync"


def sync_account(
    session: Session, settings: Settings, now: datetime, person_id: int, *, force: bool = False
) -> bool:
    """Bring a person's replica in step with the server; whether anything in it changed.

    The network is used outside of transactions, and the replica changes in one. Refused credentials are
    not tried again before their pause is over, unless ``force``. Raises CalendarTrouble, written down in
    the account, when not every chosen calendar was completely read.
    """
    for _ in range(_ATTEMPTS):
        account = queries.account_of(session, person_id)
        session.rollback()
        if account is None or not account.calendars:
            _put_off(session, settings, now, account)
            raise NoCalendar("no_account" if account is None else "nothing_chosen")
        if account.state == CredentialsRefused.state and now < account.next_sync_at and not force:
            raise CredentialsRefused(account.state_detail)
        changes, trouble = _Look(session, settings, account, now).look()
        changed = write(session, *_outcome(settings, account, now, changes, trouble))
        if trouble is not None:
            raise trouble
        if changed is not None:
            return changed
    raise NotReached("overtaken")


def _put_off(session: Session, settings: Settings, now: datetime, account: AccountRow | None) -> None:
    """An account with nothing chosen is not due again before the next interval."""
    if account is not None:
        values = {"next_sync_at": next_look_at(settings, now), "claimed_until": None}
        statement = update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values)
        write(session, [], lambda writer: writer.execute(statement))


def _outcome(
    settings: Settings,
    account: AccountRow,
    now: datetime,
    changes: list[CalendarChange],
    trouble: CalendarTrouble | None,
) -> tuple[list[int], Callable[[Session], bool | None]]:
    """Whom to lock and what to write: nothing but the account's own row when nothing is new."""
    is_quiet = all(change.is_quiet for change in changes)

    def work(session: Session) -> bool | None:
        is_applied = is_quiet or apply_changes(session, account, changes)
        if trouble is not None:
            note_trouble(session, account, now, trouble)
        elif is_applied:
            note_success(session, settings, account, now)
        else:
            return None
        return any(change.objects or change.removed for change in changes)

    return ([] if is_quiet else [account.person_id]), work


class _Look:
    """One look at all chosen calendars of an account."""

    def __init__(self, session: Session, settings: Settings, account: AccountRow, now: datetime) -> None:
        self.session, self.settings, self.account, self.now = session, settings, account, now
        self._addresses: tuple[str, ...] | None = None

    def look(self) -> tuple[list[CalendarChange], CalendarTrouble | None]:
        """What changed in the calendars that were read completely, and the first trouble."""
        changes: list[CalendarChange] = []
        first: CalendarTrouble | None = None
        try:
            client = self._client()
        except CalendarTrouble as error:
            return [], error
        try:
            for row in self.account.calendars:
                try:
                    changes.append(self._calendar(client, row))
                except (NotReached, CredentialsRefused) as error:
                    return changes, error
                except CalendarTrouble as error:
                    first = first or error
        finally:
            client.close()
        return changes, first

    def _client(self) -> CalDavClient:
        password = open_password(self.settings, self.account)
        return client_for(
            self.settings, self.account.url, self.account.username, password, seconds=_WHOLE_SYNC
        )

    def _calendar(self, client: CalDavClient, row: CalendarRow) -> CalendarChange:
        reading = read_calendar(client, row.href, row.mark, lambda: self._known(row), self.now)
        known = reading.known or {}
        expanded = row.expanded
        objects = []
        if expanded is None or has_moved(expanded, self.now):
            expanded = window_of(self.now)
            objects = self._moved_on(client, row, reading)
        for item in reading.fetched:
            placed = place(
                item.text, expanded, self.account.reader(row.purpose, self._own(client, item.text))
            )
            before = known.get(item.href)
            objects.append(ObjectChange(item.href, before, item.etag, item.text, uid_of(item.text), placed))
        removed = tuple((href, known[href]) for href in reading.removed)
        return CalendarChange(row, reading.mark, expanded, tuple(objects), removed)

    def _known(self, row: CalendarRow) -> Mapping[str, str]:
        found = queries.known_etags(self.session, row.id)
        self.session.rollback()
        return found

    def _moved_on(self, client: CalDavClient, row: CalendarRow, reading: Reading) -> list[ObjectChange]:
        """The objects that did not change, expanded over the new window."""
        others = {*(item.href for item in reading.fetched), *reading.removed}
        stored = [entry for entry in queries.texts(self.session, row.id) if entry[0] not in others]
        self.session.rollback()
        window = window_of(self.now)
        return [
            ObjectChange(
                href,
                etag,
                etag,
                None,
                "",
                place(text, window, self.account.reader(row.purpose, self._own(client, text))),
            )
            for href, etag, text in stored
        ]

    def _own(self, client: CalDavClient, text: str) -> tuple[str, ...]:
        """The owner's addresses as the server knows them, asked for when an event might be declined."""
        if not may_be_declined(text):
            return ()
        if self._addresses is None:
            try:
                self._addresses = client.discover().addresses
            except (NotReached, CredentialsRefused):
                raise
            except CalendarTrouble:
                self._addresses = ()
        return self._addresses


def sync_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Claim the accounts that are due and sync each in a thread of its own; returns at once."""
    start_due(session, now)


def start_due(session: Session, now: datetime) -> list[Future[None]]:
    """Claim and start what is due; the futures are for those who want to wait."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    pool: _SyncPool = app.extensions.setdefault(_POOL, _SyncPool())
    is_due = bool(queries.due_accounts(session, now, 1))
    session.rollback()
    people = write(session, [], _claim(now)) if is_due else []
    return [future for person in people if (future := pool.start(app, person)) is not None]


class _SyncPool:
    """The threads that syncs run in, and whose sync is under way in them."""

    def __init__(self) -> None:
        self._threads = DaemonPool(_THREADS, "sync")
        self._under_way: set[int] = set()

    def start(self, app: Flask, person_id: int) -> Future[None] | None:
        """Sync that person soon; None while the last sync is still under way."""
        if person_id in self._under_way:
            return None
        self._under_way.add(person_id)
        return self._threads.submit(partial(self._run, app, person_id))

    def _run(self, app: Flask, person_id: int) -> None:
        try:
            _sync_in_thread(app, person_id)
        finally:
            self._under_way.discard(person_id)


def _claim(now: datetime) -> Callable[[Session], list[int]]:
    def claim(session: Session) -> list[int]:
        people = []
        for account_id, person_id in queries.due_accounts(session, now, _THREADS * 2):
            free = (CalendarAccount.claimed_until.is_(None)) | (CalendarAccount.claimed_until <= now)
            taken = session.execute(
                update(CalendarAccount)
                .where(CalendarAccount.id == account_id, free)
                .values(claimed_until=now + _CLAIM)
                .returning(CalendarAccount.id)
            )
            if taken.scalar_one_or_none() is not None:
                people.append(person_id)
        return people

    return claim


def _sync_in_thread(app: Flask, person_id: int) -> None:
    settings: Settings = app.extensions["attache"]
    with app.app_context():
        try:
            sync_account(db.session(), settings, clock.now(), person_id)
        except CalendarTrouble as trouble:
            log.info("calendar of person %s: %s %s", person_id, trouble.code, trouble.reason)
        except Exception:
            # One account's surprise must not hold up the others.
            log.exception("sync of person %s failed", person_id)
            _release(db.session(), clock.now(), person_id)


def _release(session: Session, now: datetime, person_id: int) -> None:
    session.rollback()
    values = {"claimed_until": None, "next_sync_at": now + timedelta(seconds=60)}
    statement = update(CalendarAccount).where(CalendarAccount.person_id == person_id).values(**values)
    write(session, [], lambda writer: writer.execute(statement))
