from collections.abc import Iterator

import pytest
from flask import Flask

from app.lib import clock
from app.lib.db import db
from tests.fakes.openid_provider import OpenidProvider, running_provider
from tests.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    """The cast in the application's database."""
    with app.app_context():
        return build_world(db.session(), clock.now())


@pytest.fixture
def provider() -> Iterator[OpenidProvider]:
    """A real OpenID provider on loopback."""
    with running_provider(int(clock.now().timestamp())) as running:
        yield running
