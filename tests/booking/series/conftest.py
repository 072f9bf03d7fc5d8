"""What the tests of series share."""

from datetime import datetime, time, timedelta

import pytest

from app.availability.holidays import holiday_names
from app.lib.zones import local, to_utc
from tests.support.replica import ZONE


@pytest.fixture
def start(now: datetime) -> str:
    """Ten o'clock of the service zone on a day, three or more ahead, whose next weeks hold no holiday."""
    day = local(now, ZONE).date() + timedelta(days=3)
    holidays = holiday_names("SK", {day.year, day.year + 1})
    while day.weekday() > 4 or {day + timedelta(weeks=number) for number in range(4)} & set(holidays):
        day += timedelta(days=1)
    return to_utc(day, time(10), ZONE).strftime("%Y-%m-%dT%H:%M:%SZ")
