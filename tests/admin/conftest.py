"""An administrator's browser, and customers with open calendars and a call."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.booking import service as booking
from app.booking.values import VIDEO, BookingRequest, CallValue
from app.lib import clock
from app.lib.db import db, write
from app.lib.intervals import Interval
from app.lib.tokens import new_token
from tests.booking.conftest import _nobody_writes, now, vera, world
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "vera", "world"]


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


@pytest.fixture
def book_call(app: Flask, world: World, now: datetime) -> Callable[[], CallValue]:
    """Books Vera's next free time with Sam."""

    def book() -> CallValue:
        settings, who = app.extensions["attache"], world.vera
        with app.app_context():
            session = db.session()
            kind = booking.call_types(session)[0]
            span = Interval(now, now + kind.rules.horizon)
            slot = booking.open_times(session, now, settings, who.profile, kind, span).offer.slots[0]
            wanted = BookingRequest(kind.slug, slot.start, "Prices", VIDEO, "", new_token())
            return write(
                session, [world.sam.id], lambda s: booking.book(s, clock.now(), settings, who.id, wanted)
            )

    return book
