"""Page views ask for a fresher picture without waiting, and doubtful accounts leave threads to the others."""

from datetime import datetime, timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.calendars.models import CalendarAccount
from app.calendars.queries_accounts import DueAccount
from app.calendars.syncing.jobs_nudge import FRESH, Nudges, refresh_soon
from app.calendars.syncing.jobs_pool import SyncPool
from tests.calendars.world import NOW, add_sam

OLD = NOW - FRESH - timedelta(seconds=1)


def add_account(session: Session, person_id: int, in_step_at: datetime | None, **others: object) -> int:
    values = {"url": "https://a.example/", "username": f"{in_step_at}{others}", "sealed_password": ""}
    account = CalendarAccount(
        person_id=person_id,
        state="ok",
        state_since=NOW,
        in_step_at=in_step_at,
        next_sync_at=NOW + timedelta(minutes=9),
        **{**values, **others},
    )
    session.add(account)
    session.commit()
    return account.id


def is_due(session: Session, account_id: int) -> bool:
    session.rollback()
    account = session.get(CalendarAccount, account_id, populate_existing=True)
    assert account is not None
    return account.next_sync_at <= NOW


@pytest.mark.postgres
def test_an_account_older_than_a_minute_becomes_due(session: Session) -> None:
    account = add_account(session, add_sam(session).id, OLD)
    assert refresh_soon(session, NOW, 1)
    assert is_due(session, account)


def test_fresh_troubled_and_subscribed_accounts_keep_their_time(session: Session) -> None:
    sam = add_sam(session).id
    accounts = [
        add_account(session, sam, NOW),
        add_account(session, sam, OLD, failures=1),
        add_account(session, sam, OLD, kind="subscription"),
    ]
    assert not refresh_soon(session, NOW, sam)
    assert not any(is_due(session, account) for account in accounts)


def test_one_person_is_asked_for_once_in_twenty_seconds() -> None:
    nudges = Nudges()
    assert nudges.is_due(1, NOW)
    assert not nudges.is_due(1, NOW + timedelta(seconds=19))
    assert nudges.is_due(2, NOW + timedelta(seconds=19))
    assert nudges.is_due(1, NOW + timedelta(seconds=20))


def due(number: int, *, is_doubtful: bool) -> DueAccount:
    return DueAccount(number, number, NOW + timedelta(seconds=number), is_doubtful)


def chosen(pool: SyncPool, trusted: int, doubtful: int) -> tuple[int, int]:
    wells = [due(number, is_doubtful=False) for number in range(trusted)]
    others = [due(1000 + number, is_doubtful=True) for number in range(doubtful)]
    found = pool.choose(wells, others)
    return len([item for item in found if not item.is_doubtful]), len([i for i in found if i.is_doubtful])


def test_doubtful_accounts_never_have_more_than_half_of_the_threads() -> None:
    assert chosen(SyncPool(8, 4), 0, 20) == (0, 4)
    assert chosen(SyncPool(8, 4), 2, 20) == (2, 4)
    assert chosen(SyncPool(8, 4), 20, 20) == (8, 0)


def test_hanging_accounts_leave_the_other_half_free(app: Flask) -> None:
    pool, hanging = SyncPool(8, 4), Event()
    for account in pool.choose([], [due(number, is_doubtful=True) for number in range(20)]):
        pool.start(app, account, lambda *_: hanging.wait())
    assert chosen(pool, 20, 20) == (4, 0)
    hanging.set()
