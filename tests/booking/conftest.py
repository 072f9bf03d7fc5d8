"""A world whose specialists' calendars are open, and checked browsers for its people."""

from datetime import datetime

import pytest
from flask import Flask

from app.lib import clock
from app.lib.db import db
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def _nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while a page waits: one look is enough."""
    monkeypatch.setattr("app.booking.calls.views.watch", lambda look: look())


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def world(app: Flask, now: datetime, _nobody_writes: None) -> World:
    """The cast, with Sam's and Rita's calendars open."""
    with app.app_context():
        built = build_world(db.session(), now)
        for specialist in (built.sam, built.rita):
            open_calendar(db.session(), app.extensions["attache"], now, specialist.id)
    return built


@pytest.fixture
def vera(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.vera)


@pytest.fixture
def pavel(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.pavel)
