"""Hours that are not saved yet, on the days of a week."""

from datetime import UTC, date, datetime, time, timedelta

from app.availability.working import newly_outside, occurrences, working_if
from app.ical.hours import WeeklyRange
from app.lib.intervals import Interval, subtract

ZONE = "Europe/Bratislava"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 by the wall clock of Bratislava, which is one hour ahead then; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def span(day: int, start: int, end: int) -> Interval:
    return Interval(at(day, start), at(day, end))


WEEK = Interval(at(23, 1), at(30, 1))
MONDAY = WeeklyRange(0, time(9), time(17))
TUESDAY = WeeklyRange(1, time(9), time(17))


def test_ranges_fall_on_their_weekdays() -> None:
    assert occurrences([MONDAY, TUESDAY], WEEK, ZONE)[:2] == [span(23, 9, 17), span(24, 9, 17)]


def test_a_range_keeps_its_wall_clock_over_the_change_of_clocks() -> None:
    sunday = WeeklyRange(6, time(1), time(5))
    night = Interval(datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert [item.length for item in occurrences([sunday], night, ZONE)] == [timedelta(hours=5)]
    assert date(2026, 10, 25).weekday() == 6


def test_exceptions_of_ranges_that_stay_stay() -> None:
    working = [span(24, 9, 17)]
    assert working_if([MONDAY, TUESDAY], [MONDAY, TUESDAY], working, WEEK, ZONE)[0] == span(24, 9, 17)


def test_new_hours_have_no_exceptions() -> None:
    longer = WeeklyRange(0, time(8), time(17))
    assert working_if([longer], [MONDAY], [], WEEK, ZONE)[0] == span(23, 8, 17)


def test_hours_that_the_form_does_not_hold_stay() -> None:
    other = span(26, 9, 12)
    assert working_if([], [MONDAY], [span(23, 9, 17), other], WEEK, ZONE) == [other]


def test_a_call_outside_the_new_hours_is_told() -> None:
    before, call = [span(23, 9, 17)], Interval(at(23, 16, 30), at(23, 17, 10))
    assert newly_outside([call], before, [span(23, 9, 16)]) == [call]


def test_a_buffer_that_always_spilled_out_is_not_told() -> None:
    before, call = [span(23, 9, 17)], Interval(at(23, 16, 30), at(23, 17, 10))
    assert newly_outside([call], before, before) == []
    assert newly_outside([call], before, subtract(before, [span(23, 12, 13)])) == []
