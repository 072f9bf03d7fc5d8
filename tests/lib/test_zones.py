"""Wall clock to UTC and back, clock changes included."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.lib import zones
from app.lib.intervals import Interval

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def test_a_time_in_the_gap_takes_the_offset_before_it() -> None:
    assert zones.to_utc(SPRING, time(2, 30), BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert zones.local(zones.to_utc(SPRING, time(2, 30), BERLIN), BERLIN).time() == time(3, 30)


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    assert zones.to_utc(AUTUMN, time(2, 30), BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 6, 1), 24)])
def test_a_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    assert zones.day_interval(day, BERLIN).length == timedelta(hours=hours)


def test_midnight_as_an_end_means_the_end_of_the_day() -> None:
    span = zones.wall_interval(date(2026, 11, 24), time(22), time(0), BERLIN)
    assert span.length == timedelta(hours=2)


def test_a_span_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    day = date(2026, 11, 24)
    assert zones.days_touched(zones.day_interval(day, BERLIN), BERLIN) == [day]
    two = Interval(
        zones.to_utc(day, time(23), BERLIN), zones.to_utc(day + timedelta(days=1), time(1), BERLIN)
    )
    assert zones.days_touched(two, BERLIN) == [day, day + timedelta(days=1)]


def test_half_hour_zones_and_unknown_ones() -> None:
    assert zones.offset_minutes(datetime(2026, 11, 24, tzinfo=UTC), "Asia/Kathmandu") == 345
    assert not zones.is_zone("Mars/Olympus")
    assert not zones.is_zone("../etc/passwd")
