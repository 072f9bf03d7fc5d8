"""Sam's fully booked week, in the replica alone, and a desk with a waiting list."""

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from tests.booking.core.desk import NOW
from tests.booking.waiting.queue import DAY, Queue
from tests.support.replica import open_calendar
from tests.world import build_world


@pytest.fixture
def queue(session: Session, settings: Settings) -> Queue:
    """Sam and Rita work on Tuesday from 9 to 12 and on Wednesday from 9 to 10."""
    world = build_world(session, NOW)
    for specialist in (world.sam, world.rita):
        open_calendar(session, settings, NOW, specialist.id, working=DAY)
    return Queue(session, settings, world)
