"""UTC columns, the write lock and the shape of a transaction, on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.jobs.models import Heartbeat
from app.lib.db import db, snapshot, write

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_moments_come_back_aware_and_in_utc(session: Session) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=5)))
    session.add(Heartbeat(executor_id="one", seen_at=east))
    session.commit()
    seen = session.scalars(select(Heartbeat.seen_at)).one()
    assert seen == NOON
    assert seen.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused(session: Session) -> None:
    session.add(Heartbeat(executor_id="one", seen_at=NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_nothing_is_written_when_the_work_fails(session: Session) -> None:
    def fail(inner: Session) -> None:
        inner.add(Heartbeat(executor_id="one", seen_at=NOON))
        inner.flush()
        raise LookupError

    with pytest.raises(LookupError):
        write(session, [1], fail)
    assert session.scalars(select(Heartbeat)).all() == []


def test_unsaved_work_before_the_lock_is_a_programming_error(session: Session) -> None:
    session.add(Heartbeat(executor_id="one", seen_at=NOON))
    with pytest.raises(RuntimeError, match="unsaved"):
        write(session, [1], lambda inner: None)


def test_reads_of_a_snapshot_agree_whatever_is_written_meanwhile(app: Flask) -> None:
    with app.app_context():
        with snapshot() as connection:
            before = connection.execute(select(Heartbeat.executor_id)).all()
            db.session.add(Heartbeat(executor_id="meanwhile", seen_at=NOON))
            db.session.commit()
            assert connection.execute(select(Heartbeat.executor_id)).all() == before
        with snapshot() as connection:
            assert len(connection.execute(select(Heartbeat.executor_id)).all()) == len(before) + 1


def test_writers_of_one_person_see_each_other_one_after_the_other(app: Flask) -> None:
    with app.app_context():
        db.session.add(Heartbeat(executor_id="counter", seen_at=NOON))
        db.session.commit()

    def add_a_second(inner: Session) -> None:
        row = inner.get(Heartbeat, "counter")
        assert row is not None
        row.seen_at = row.seen_at + timedelta(seconds=1)

    def run() -> None:
        with app.app_context():
            for _ in range(5):
                db.session.get(Heartbeat, "counter")
                write(db.session(), [7], add_a_second)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        row = db.session.get(Heartbeat, "counter")
        assert row is not None
        assert row.seen_at == NOON + timedelta(seconds=40)
