"""The usual week of an availability, as a form reads and changes it."""

from datetime import UTC, date, datetime, time

import icalendar
import pytest

from app.ical.availability import expand_availability
from app.ical.availability_hours import read_availability, with_week, write_availability
from app.ical.errors import UnreadableCalendar
from app.ical.hours import HoursObject, WeeklyRange
from app.lib.intervals import Interval
from tests.ical.availabilities import (
    BERLIN,
    apple,
    availability,
    available,
    moved_to_the_afternoon,
    nextcloud,
    two_weeks_only,
    weekdays,
)
from tests.ical.values import NOW, calendar

WEEK = [WeeklyRange(day, time(9), time(17)) for day in range(5)]
FIRST = date(2026, 11, 23)
WINDOW = Interval(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))


def read(text: str, zone: str = BERLIN) -> HoursObject:
    found = read_availability(text, zone)
    assert found is not None
    return found


def changed(text: str, ranges: list[WeeklyRange]) -> str:
    return with_week(text, "new", ranges, BERLIN, FIRST, NOW)


def hours(text: str) -> list[tuple[int, int]]:
    spans = expand_availability([text], WINDOW, BERLIN)[0].spans
    assert spans is not None
    return [(span.start.hour, span.end.hour) for span in spans]


def test_written_week_reads_back_and_means_the_same() -> None:
    text = write_availability("week", WEEK, BERLIN, FIRST, NOW)
    assert read(text).ranges == tuple(WEEK)
    assert read(text).is_simple
    assert hours(text) == [(8, 16)] * 5


def test_written_week_is_one_available_for_each_weekday_as_nextcloud_reads_it() -> None:
    text = write_availability("week", WEEK, BERLIN, FIRST, NOW)
    parsed = icalendar.Calendar.from_ical(text)
    (block,) = parsed.walk("VAVAILABILITY")
    parts = block.walk("AVAILABLE")
    assert [part["RRULE"]["BYDAY"] for part in parts] == [["MO"], ["TU"], ["WE"], ["TH"], ["FR"]]
    assert all("DTEND" in part and "UID" in part for part in parts)
    assert [zone["TZID"] for zone in parsed.walk("VTIMEZONE")] == [BERLIN]


def test_week_until_midnight_reads_back() -> None:
    evening = [WeeklyRange(5, time(18), time(0))]
    assert read(write_availability("week", evening, BERLIN, FIRST, NOW)).ranges == tuple(evening)


def test_nextclouds_and_apples_weeks_can_be_edited_wholly() -> None:
    assert read(nextcloud()).ranges == tuple(WeeklyRange(day, time(9), time(17, 30)) for day in range(5))
    assert len(read(apple()).ranges) == 8
    assert read(nextcloud()).is_simple
    assert read(apple()).is_simple


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=WEEKLY;INTERVAL=2",
        "RRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z",
        "RDATE:20261124T090000Z",
        "X-NO:1",
    ],
)
def test_hours_that_the_form_cannot_show_are_named_and_kept(line: str) -> None:
    odd = available("odd", "20261124T190000", "20261124T200000", line, "SUMMARY:Late shift")
    text = calendar(availability(weekdays(), odd))
    assert read(text).ranges == tuple(WEEK)
    assert not read(text).is_simple
    assert read(text).others == ("Late shift",)
    assert odd in changed(text, WEEK[:2])


def test_a_bounded_week_of_higher_priority_is_left_alone() -> None:
    usual, short = calendar(availability(weekdays())), two_weeks_only()
    text = usual.replace("END:VCALENDAR\r\n", "") + short.partition("VERSION:2.0\r\n")[2]
    assert read(text).ranges == tuple(WEEK)
    assert read(text).others == ("Fair in Hanover",)
    after = changed(text, WEEK[:1])
    assert short.partition("VERSION:2.0\r\n")[2] in after
    assert read(after).ranges == (WEEK[0],)


def test_a_bounded_week_alone_gets_a_usual_one_below_it() -> None:
    after = changed(two_weeks_only(), WEEK)
    assert read(after).ranges == tuple(WEEK)
    assert hours(after) == [(9, 11)] * 5


def test_of_two_endless_weeks_the_higher_one_is_edited() -> None:
    low, high = availability(weekdays()), availability("PRIORITY:2", weekdays("100000", "120000"))
    text = calendar(low, high)
    assert read(text).ranges == tuple(WeeklyRange(day, time(10), time(12)) for day in range(5))
    assert low in changed(text, WEEK)


def test_weekdays_that_stay_keep_their_exceptions_and_foreign_properties() -> None:
    text = calendar(
        availability(
            "PRIORITY:3", "LOCATION:Main office", "X-COLOR:red",
            weekdays("090000", "170000", "EXDATE;TZID=Europe/Berlin:20261126T090000", "LOCATION:Desk 7"),
        )
    )  # fmt: skip
    friday = WeeklyRange(4, time(9), time(12))
    after = changed(text, [*WEEK[:4], friday])
    assert read(after).ranges == (*WEEK[:4], friday)
    assert hours(after) == [(8, 16), (8, 16), (8, 16), (8, 11)]
    for kept in ("PRIORITY:3", "LOCATION:Main office", "X-COLOR:red", "LOCATION:Desk 7"):
        assert kept in after


def test_nothing_wanted_leaves_an_availability_without_hours() -> None:
    after = changed(nextcloud(), [])
    assert read(after).ranges == ()
    assert hours(after) == []


def test_the_same_week_changes_nothing() -> None:
    assert changed(nextcloud(), list(read(nextcloud()).ranges)) == nextcloud()


def test_hours_in_another_zone_are_named_and_not_edited() -> None:
    found = read(nextcloud(), "Asia/Almaty")
    assert (found.ranges, found.is_simple) == ((), False)


def test_overridden_week_is_not_edited() -> None:
    assert read(calendar(availability(weekdays(), moved_to_the_afternoon()))).ranges == ()


def test_a_stamp_shows_that_it_was_changed() -> None:
    after = changed(calendar(availability("SEQUENCE:4", weekdays())), WEEK[:1])
    assert "SEQUENCE:5\r\n" in after
    assert f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}\r\n" in after


def test_what_is_no_calendar_is_not_overwritten() -> None:
    with pytest.raises(UnreadableCalendar):
        changed("<html>", WEEK)
    assert read_availability("<html>", BERLIN) is None
    assert read_availability(calendar(), BERLIN) is None
