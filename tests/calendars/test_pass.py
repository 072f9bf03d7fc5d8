"""The periodic pass: what is due is claimed once, and a dead server delays nobody."""

from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.jobs import start_due, sync_pass
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.calendars.world import NOW, ics
from tests.support.radicale import Radicale, password
from tests.support.tools.faultproxy import FaultProxyThread


@pytest.fixture
def proxy(radicale: Radicale) -> Iterator[FaultProxyThread]:
    with FaultProxyThread(radicale.url) as running:
        yield running


@pytest.fixture
def settings(make_settings: Callable[..., Settings], radicale: Radicale, proxy: FaultProxyThread) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=f"{radicale.url},{proxy.url}")


@pytest.fixture
def here(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


def add(session: Session, settings: Settings, radicale: Radicale, name: str, url: str) -> int:
    radicale.make_calendar(name, "work")
    radicale.put(f"/{name}/work/a.ics", ics("a"))
    user = User(
        public_id=name,
        email=f"{name}@attache.example",
        name=name,
        role="specialist",
        time_zone="UTC",
        created_at=NOW,
    )
    session.add(user)
    session.flush()
    account = connect(session, clock.now(), settings, user.id, f"{url}/{name}/", name, password(name))
    choose(session, account, {f"/{name}/work/": "busy"}, None)
    session.commit()
    return account.id


def state(session: Session, account_id: int) -> CalendarAccount:
    session.rollback()
    account = session.get(CalendarAccount, account_id)
    assert account is not None
    return account


@pytest.mark.postgres
def test_what_is_due_is_synced_once(here: Session, settings: Settings, radicale: Radicale) -> None:
    number = add(here, settings, radicale, "sam", radicale.url)
    now = clock.now()
    futures = start_due(here, now)
    assert start_due(here, now) == []
    wait(futures, 10)
    account = state(here, number)
    assert (len(futures), account.state, account.claimed_until) == (1, "ok", None)
    assert start_due(here, clock.now()) == []


def test_a_dead_server_delays_nobody(
    here: Session, settings: Settings, radicale: Radicale, proxy: FaultProxyThread
) -> None:
    proxy.add(fault="hold")
    stuck = add(here, settings, radicale, "rita", proxy.url)
    number = add(here, settings, radicale, "sam", radicale.url)
    futures = start_due(here, clock.now())
    proxy.wait_held()
    wait(futures, 10, return_when="FIRST_COMPLETED")
    assert state(here, number).state == "ok"
    assert state(here, stuck).in_step_at is None
    proxy.clear()
    proxy.release()
    wait(futures, 10)
    assert state(here, stuck).state == "ok"


def test_a_sync_under_way_is_not_started_again_though_its_claim_ran_out(
    here: Session, settings: Settings, radicale: Radicale, proxy: FaultProxyThread
) -> None:
    proxy.add(fault="hold")
    add(here, settings, radicale, "rita", proxy.url)
    futures = start_due(here, clock.now())
    proxy.wait_held()
    assert start_due(here, clock.now() + timedelta(minutes=2)) == []
    proxy.clear()
    proxy.release()
    wait(futures, 10)


def test_an_unforeseen_error_lets_go_of_the_account(
    here: Session, settings: Settings, radicale: Radicale, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(here, settings, radicale, "sam", radicale.url)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.calendars.jobs.sync_account", fail)
    wait(start_due(here, clock.now()), 10)
    account = state(here, number)
    assert account.claimed_until is None
    assert account.next_sync_at > clock.now()


def test_the_pass_itself_returns_at_once(
    here: Session, settings: Settings, radicale: Radicale, proxy: FaultProxyThread
) -> None:
    proxy.add(fault="hold")
    number = add(here, settings, radicale, "rita", proxy.url)
    sync_pass(here, settings, clock.now())
    proxy.wait_held()
    assert state(here, number).claimed_until is not None
    proxy.clear()
    proxy.release()


def test_moments_noted_while_the_clock_was_a_year_ahead_hold_nobody_up(
    here: Session, settings: Settings, radicale: Radicale
) -> None:
    number = add(here, settings, radicale, "sam", radicale.url)
    account, later = state(here, number), clock.now() + timedelta(days=365)
    account.in_step_at = account.next_sync_at = account.claimed_until = later
    here.commit()
    wait(start_due(here, clock.now()), 10)
    account = state(here, number)
    assert (account.state, account.claimed_until) == ("ok", None)
    assert account.in_step_at is not None
    assert account.in_step_at <= clock.now() < account.next_sync_at < later
