"""Fixtures for tests of calendars."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.config import Settings
    from tests.calendars.odd_server import OddServer


@pytest.fixture
def allowing(make_settings: "Callable[..., Settings]") -> "Callable[..., Settings]":
    """Settings that allow these servers of the test: ``allowing(first, second)``."""

    def make(*servers: "OddServer") -> "Settings":
        return make_settings(CALDAV_ALLOWED_ORIGINS=",".join(server.url for server in servers))

    return make
