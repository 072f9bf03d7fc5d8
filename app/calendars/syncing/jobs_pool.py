"""The threads that syncs run in: each account by itself, so that a dead server delays nobody."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.calendars.errors import CalendarTrouble
from app.calendars.models import CalendarAccount
from app.calendars.queries_accounts import CLAIM, SKEW, DueAccount, due_accounts, is_any_due, is_due
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from app.lib.threads import DaemonPool

log = logging.getLogger(__name__)

_THREADS = 32
# Accounts in trouble, never read, or slow the last time may hold a thread for long: half is for the others.
_MOST_DOUBTFUL = _THREADS // 2
_SLOW = 20.0
_PAUSE_AFTER_SURPRISE = timedelta(seconds=60)
_POOL = "attache.sync"

Sync = Callable[[Session, Settings, datetime, int], bool]


def start_due(session: Session, now: datetime, sync: Sync) -> list[Future[None]]:
    """Claim and start what is due and finds a thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    pool: SyncPool = app.extensions.setdefault(_POOL, SyncPool())
    if not is_any_due(session, now):
        session.rollback()
        return []
    wanted = pool.choose(
        due_accounts(session, now, doubtful=False), due_accounts(session, now, doubtful=True)
    )
    session.rollback()
    claimed = write(session, [], _claim(now, wanted)) if wanted else set()
    return [pool.start(app, account, sync) for account in wanted if account.id in claimed]


class SyncPool:
    """The threads, and which accounts are under way in them. Used by one thread of the worker."""

    def __init__(self, threads: int = _THREADS, most_doubtful: int = _MOST_DOUBTFUL) -> None:
        self._size, self._most_doubtful = threads, most_doubtful
        self._threads = DaemonPool(threads, "sync")
        # Whether an account under way is doubtful, and which were slow the last time.
        self._under_way: dict[int, bool] = {}
        self._slow: set[int] = set()

    def choose(self, trusted: Sequence[DueAccount], doubtful: Sequence[DueAccount]) -> list[DueAccount]:
        """Those of the due accounts that can start now, the doubtful ones in their half of the threads."""
        under_way = dict(self._under_way)
        slow = [account for account in trusted if account.id in self._slow]
        quick = [account for account in trusted if account.id not in self._slow]
        room = max(0, self._most_doubtful - sum(under_way.values()))
        second = [account for account in (*doubtful, *slow) if account.id not in under_way]
        second.sort(key=lambda account: account.next_sync_at)
        first = [account for account in quick if account.id not in under_way]
        return [*first, *second[:room]][: max(0, self._size - len(under_way))]

    def start(self, app: Flask, account: DueAccount, sync: Sync) -> Future[None]:
        """Sync that account in a thread."""
        self._under_way[account.id] = account.is_doubtful or account.id in self._slow
        return self._threads.submit(partial(self._run, app, account, sync))

    def _run(self, app: Flask, account: DueAccount, sync: Sync) -> None:
        began = clock.monotonic()
        try:
            _sync_in_thread(app, account, sync)
        finally:
            if clock.monotonic() - began > _SLOW:
                self._slow.add(account.id)
            else:
                self._slow.discard(account.id)
            self._under_way.pop(account.id, None)


def _claim(now: datetime, wanted: Sequence[DueAccount]) -> Callable[[Session], set[int]]:
    ids = [account.id for account in wanted]
    due = is_due(now, now + SKEW, now + CLAIM)

    def claim(session: Session) -> set[int]:
        taken = session.execute(
            update(CalendarAccount)
            .where(CalendarAccount.id.in_(ids), due)
            .values(claimed_until=now + CLAIM)
            .returning(CalendarAccount.id)
        )
        return set(taken.scalars())

    return claim


def _sync_in_thread(app: Flask, account: DueAccount, sync: Sync) -> None:
    settings: Settings = app.extensions["attache"]
    with app.app_context():
        try:
            sync(db.session(), settings, clock.now(), account.id)
        except CalendarTrouble as trouble:
            log.info("account %s of person %s: %s %s", *account.names, trouble.code, trouble.reason)
        except Exception:
            # One account's surprise must not hold up the others.
            log.exception("sync of account %s of person %s failed", *account.names)
            _release(db.session(), clock.now(), account.id)


def _release(session: Session, now: datetime, account_id: int) -> None:
    session.rollback()
    values = {"claimed_until": None, "next_sync_at": now + _PAUSE_AFTER_SURPRISE}
    statement = update(CalendarAccount).where(CalendarAccount.id == account_id).values(**values)
    write(session, [], lambda writer: writer.execute(statement))
