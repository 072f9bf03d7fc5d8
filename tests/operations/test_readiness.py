"""/healthz and /readyz tell the truth about process, database, worker and calendars."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.calendars.models import CalendarAccount
from app.jobs.models import Heartbeat
from app.jobs.service import beat
from app.lib import clock
from app.lib.db import db
from tests.support.replica import open_calendar
from tests.world import build_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def ready(app: Flask) -> Flask:
    """A service whose worker is alive and whose calendars are in step."""
    with app.app_context():
        now = clock.now()
        world = build_world(db.session(), now)
        for specialist in (world.sam, world.rita):
            open_calendar(db.session(), app.extensions["attache"], now, specialist.id)
        beat(db.session(), now, "worker")
        db.session.commit()
    return app


def checks(app: Flask) -> tuple[int, dict[str, str]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()["checks"]


def test_the_process_answers(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_a_service_in_order_is_ready(ready: Flask) -> None:
    assert checks(ready) == (
        200,
        {"database": "ok", "migrations": "ok", "worker": "ok", "calendars": "ok"},
    )


def test_a_worker_that_was_not_heard_of_for_a_minute_is_missed(ready: Flask) -> None:
    with ready.app_context():
        db.session.execute(update(Heartbeat).values(seen_at=clock.now() - timedelta(seconds=61)))
        db.session.commit()
    status, found = checks(ready)
    assert (status, found["worker"]) == (503, "failed")


def test_one_calendar_that_is_away_does_not_take_the_service_out_but_all_do(ready: Flask) -> None:
    old = clock.now() - timedelta(hours=2)
    with ready.app_context():
        one = db.session.query(CalendarAccount).first()
        assert one is not None
        one.in_step_at = old
        db.session.commit()
    assert checks(ready)[0] == 200
    with ready.app_context():
        db.session.execute(update(CalendarAccount).values(in_step_at=old))
        db.session.commit()
    assert checks(ready)[1]["calendars"] == "failed"


def test_a_database_of_another_version_is_not_ready(ready: Flask) -> None:
    with ready.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    status, found = checks(ready)
    assert (status, found["migrations"]) == (503, "failed")
