"""A worker's heartbeat and the tidying that goes with it."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs import service
from app.jobs.client import client_of, enqueue
from app.jobs.jobs import Worker
from app.jobs.models import Heartbeat
from app.lib import clock
from app.lib.db import db

pytestmark = pytest.mark.postgres


def finished_work(app: Flask) -> None:
    with app.app_context():
        enqueue(db.session(), "booking", "old", 1, order="old")
        db.session.commit()
        client_of(db.session()).cancel_workflow("old")


def test_old_work_is_forgotten_without_waiting_for_the_heartbeats_own_lock(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_work(app)
    monkeypatch.setattr(service, "KEEP_FINISHED", timedelta(days=-1))
    worker = Worker(app, {}, [], lambda: app.extensions["attache"])

    def beat_once() -> None:
        with app.app_context():
            worker._heartbeat(db.session(), worker.settings, clock.now())
            worker._forget(db.session(), worker.settings, clock.now())

    beating = threading.Thread(target=beat_once, daemon=True)
    beating.start()
    beating.join(timeout=4)
    assert not beating.is_alive()
    with app.app_context():
        assert db.session.scalars(select(Heartbeat.executor_id)).all() == [worker.executor_id]
        assert client_of(db.session()).list_workflows() == []


def test_each_piece_of_work_goes_by_the_settings_that_hold_then(app: Flask) -> None:
    environment = app.extensions["attache"]
    names, seen = iter(["One", "Two"]), []

    def work(_session: Session, settings: Settings, _subject: int, _attempt: int) -> None:
        seen.append(settings.organisation)

    worker = Worker(app, {"work": work}, [], lambda: replace(environment, organisation=next(names)))
    for attempt in range(2):
        assert worker._attempt("work", 7, attempt) is None
    assert seen == ["One", "Two"]
