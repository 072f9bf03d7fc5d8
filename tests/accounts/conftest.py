import pytest
from flask import Flask

from app.lib import clock
from app.lib.db import db
from tests.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    """The cast in the application's database."""
    with app.app_context():
        return build_world(db.session(), clock.now())
