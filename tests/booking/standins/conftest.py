"""The cast with open calendars: at a desk, and behind pages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.availability.holidays import holiday_names
from app.config import Settings
from app.lib.db import db
from app.lib.zones import local
from tests.booking.core.desk import NOW, Desk
from tests.booking.reassigning.conftest import crew
from tests.booking.standins.away import ZONE, goes_on_leave, stands_in
from tests.support.replica import open_calendar
from tests.world import Member, World, build_world

__all__ = ["crew"]


@pytest.fixture
def desk(session: Session, settings: Settings) -> Desk:
    built = build_world(session, NOW)
    for specialist in (built.sam, built.rita):
        open_calendar(session, settings, NOW, specialist.id)
    return Desk(session, settings, built)


@pytest.fixture
def today(now: datetime) -> date:
    return local(now, ZONE).date()


@pytest.fixture
def workday(today: date) -> date:
    """A working day of the week after next, without a holiday around it."""
    holidays = holiday_names("SK", {today.year, today.year + 1})
    day = today + timedelta(days=14 - today.weekday())
    while {day, day + timedelta(days=1)} & set(holidays):
        day += timedelta(days=7)
    return day + timedelta(days=1)


@pytest.fixture
def leave(app: Flask, world: World) -> Callable[..., None]:
    """Sam is away; whoever is given stands in."""

    def enter(first: date, last: date, usual: Member | None = None) -> None:
        with app.app_context():
            stands_in(db.session(), usual, world.sam)
            goes_on_leave(db.session(), world.sam, first, last)

    return enter
