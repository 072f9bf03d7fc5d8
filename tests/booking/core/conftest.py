"""The cast with open calendars: in the replica alone, or on a real server."""

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from tests.booking.core.desk import NOW, Desk
from tests.booking.core.office import Office, open_office
from tests.support.radicale import Radicale
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    """The cast, with Sam's and Rita's calendars open and in step at NOW."""
    built = build_world(session, NOW)
    for specialist in (built.sam, built.rita):
        open_calendar(session, settings, NOW, specialist.id)
    return built


@pytest.fixture
def desk(session: Session, settings: Settings, world: World) -> Desk:
    return Desk(session, settings, world)


@pytest.fixture
def office(session: Session, settings: Settings, radicale: Radicale) -> Office:
    """Sam's calendars on a real server, at the present time."""
    return open_office(session, settings, radicale)
