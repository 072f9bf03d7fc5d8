"""The cast, and two of them at their pages."""

import pytest
from flask import Flask

from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def world(app: Flask, settings: Settings) -> World:
    with app.app_context():
        world = build_world(db.session(), clock.now())
        open_calendar(db.session(), settings, clock.now(), world.sam.id)
        return world


@pytest.fixture
def vera(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.vera)


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)
