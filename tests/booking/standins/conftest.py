"""The cast with open calendars: at a desk, and behind pages."""

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from tests.booking.core.desk import NOW, Desk
from tests.booking.reassigning.conftest import crew
from tests.support.replica import open_calendar
from tests.world import build_world

__all__ = ["crew"]


@pytest.fixture
def desk(session: Session, settings: Settings) -> Desk:
    built = build_world(session, NOW)
    for specialist in (built.sam, built.rita):
        open_calendar(session, settings, NOW, specialist.id)
    return Desk(session, settings, built)
