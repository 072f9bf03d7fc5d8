"""Counting in the database, on both of them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import TooMany
from app.accounts.models_proofs import RateCount
from app.accounts.retention.jobs import retention_pass
from app.accounts.service_limits import Refusal, Use, check, count, give_back
from app.config import Settings
from app.lib.db import write
from app.lib.rates import LINKS_PER_ADDRESS, LINKS_PER_CLIENT
from tests.support.databases import make_engine

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VERA = Use(LINKS_PER_ADDRESS, "vera@nordwind.example")


def counted(session: Session, settings: Settings, *uses: Use, now: datetime = NOW) -> Refusal | None:
    return write(session, [], lambda s: count(s, now, settings, uses))


@pytest.mark.postgres
def test_the_sixth_of_an_hour_is_refused_until_the_window_ends(session: Session, settings: Settings) -> None:
    minutes = [NOW + timedelta(minutes=10 * number) for number in range(6)]
    refusals = [counted(session, settings, VERA, now=moment) for moment in minutes]
    assert refusals == [None] * 5 + [Refusal(VERA, NOW + HOUR, is_news=True)]
    assert counted(session, settings, VERA, now=NOW + HOUR) is None


def test_one_refusal_in_each_window_is_news(session: Session, settings: Settings) -> None:
    refusals = [counted(session, settings, VERA) for _ in range(8)]
    assert [refusal.is_news for refusal in refusals if refusal] == [True, False, False]


def test_a_batch_that_crosses_the_limit_is_news_once(session: Session, settings: Settings) -> None:
    batch = Use(LINKS_PER_CLIENT, "192.0.2.1", 15)
    refusals = [counted(session, settings, batch) for _ in range(3)]
    assert [refusal and refusal.is_news for refusal in refusals] == [None, True, False]


def test_what_is_refused_to_a_client_is_not_counted_against_the_address(
    session: Session, settings: Settings
) -> None:
    counted(session, settings, Use(LINKS_PER_CLIENT, "192.0.2.1", 20))
    for _ in range(9):
        assert counted(session, settings, Use(LINKS_PER_CLIENT, "192.0.2.1"), VERA)
    assert counted(session, settings, Use(LINKS_PER_CLIENT, "192.0.2.2"), VERA) is None


def test_whom_it_is_about_is_not_in_the_table(session: Session, settings: Settings) -> None:
    counted(session, settings, VERA)
    (key,) = session.scalars(select(RateCount.key))
    assert "vera" not in key


def test_what_was_right_is_given_back(session: Session, settings: Settings) -> None:
    counted(session, settings, VERA, VERA, VERA, VERA, VERA)
    with pytest.raises(TooMany) as caught:
        check(session, NOW + timedelta(minutes=10), settings, VERA)
    assert caught.value.retry_after == 50 * 60
    write(session, [], lambda s: give_back(s, settings, VERA))
    check(session, NOW, settings, VERA)
    assert counted(session, settings, VERA) is None
    check(session, NOW + HOUR, settings, VERA)


def test_windows_that_are_over_are_forgotten(session: Session, settings: Settings) -> None:
    counted(session, settings, VERA)
    retention_pass(session, settings, NOW + HOUR - timedelta(seconds=1))
    assert len(session.scalars(select(RateCount.key)).all()) == 1
    retention_pass(session, settings, NOW + HOUR)
    assert session.scalars(select(RateCount.key)).all() == []


@pytest.mark.postgres
def test_of_twenty_at_once_five_pass(session: Session, settings: Settings, database_url: str) -> None:
    engine, results, start = make_engine(database_url), [], threading.Barrier(20)

    def ask() -> None:
        with Session(engine) as own:
            start.wait()
            results.append(counted(own, settings, VERA))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(refusal is None for refusal in results) == [False] * 15 + [True] * 5
    assert sum(refusal.is_news for refusal in results if refusal) == 1
