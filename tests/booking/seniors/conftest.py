"""The cast with open calendars, the senior's among them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.availability.models import Reservation
from app.config import Settings
from app.lib.intervals import Interval
from tests.booking.core.desk import NOW, Desk
from tests.booking.core.office import open_office
from tests.booking.seniors.pair import Pair, open_pair
from tests.support.radicale import Radicale
from tests.support.replica import open_calendar
from tests.world import build_world


@pytest.fixture
def desk(session: Session, settings: Settings) -> Desk:
    """Sam's, Rita's and Lev's calendars are open and in step at NOW."""
    world = build_world(session, NOW)
    for somebody in (world.sam, world.rita, world.lev):
        open_calendar(session, settings, NOW, somebody.id)
    return Desk(session, settings, world)


@pytest.fixture
def reserved(desk: Desk) -> Callable[[], dict[str, list[Interval]]]:
    """What is reserved of whose time."""

    def look() -> dict[str, list[Interval]]:
        rows = desk.session.execute(
            select(User.email, Reservation.starts_at, Reservation.ends_at)
            .join(User, User.id == Reservation.person_id)
            .order_by(Reservation.starts_at)
        )
        found: dict[str, list[Interval]] = {}
        for email, start, end in rows:
            found.setdefault(email.split("@")[0], []).append(Interval(start, end))
        desk.session.rollback()
        return found

    return look


@pytest.fixture
def pair(session: Session, settings: Settings, radicale: Radicale) -> Pair:
    """Sam's and Lev's calendars on a real server, at the present time."""
    return open_pair(open_office(session, settings, radicale))
