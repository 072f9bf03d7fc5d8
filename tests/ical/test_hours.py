"""Working hours and time off as plain events."""

from datetime import UTC, date, datetime, time

import pytest
from ical.calendar_stream import IcsCalendarStream

from app.ical.expand import SpanKind, expand
from app.ical.hours import WeeklyRange, read_hours, with_weekdays, write_hours, write_time_off
from app.lib.intervals import Interval
from tests.ical.values import NOW, event

_MONDAY = date(2026, 11, 23)
_MORNING = [WeeklyRange(day, time(9), time(12)) for day in (0, 2, 4)]


def _hours(ranges: list[WeeklyRange] = _MORNING, zone: str = "Europe/Berlin") -> str:
    return write_hours("hours-1", ranges, zone, _MONDAY, "Working hours", NOW)


def test_written_hours_read_back() -> None:
    read = read_hours(_hours(), "Europe/Berlin")
    assert read is not None
    assert read.ranges == tuple(_MORNING)
    assert read.is_simple
    assert not read.is_time_off
    assert (read.uid, read.summary) == ("hours-1", "Working hours")


def test_hours_until_midnight_read_back() -> None:
    evening = [WeeklyRange(5, time(18), time(0))]
    read = read_hours(_hours(evening), "Europe/Berlin")
    assert read is not None
    assert read.ranges == tuple(evening)


def test_hours_never_block_and_keep_the_wall_clock() -> None:
    window = Interval(datetime(2027, 3, 22, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    spans = expand(_hours([WeeklyRange(0, time(9), time(12))]), window, "UTC").spans
    assert [(span.kind, span.start.hour) for span in spans] == [(SpanKind.FREE, 8), (SpanKind.FREE, 7)]


def test_independent_parser_sees_the_same_hours() -> None:
    read = IcsCalendarStream.calendar_from_ics(_hours())
    days = read.timeline.overlapping(datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 4, 4, tzinfo=UTC))
    assert [item.dtstart.astimezone(UTC) for item in days] == [
        datetime(2027, 3, 29, 7, tzinfo=UTC),
        datetime(2027, 3, 31, 7, tzinfo=UTC),
        datetime(2027, 4, 2, 7, tzinfo=UTC),
    ]


def test_first_day_moves_to_a_weekday_that_counts() -> None:
    assert "DTSTART;TZID=Europe/Berlin:20261124T090000" in _hours([WeeklyRange(1, time(9), time(12))])


def test_ranges_of_different_times_are_refused() -> None:
    with pytest.raises(ValueError, match="several weekdays"):
        _hours([WeeklyRange(0, time(9), time(12)), WeeklyRange(1, time(10), time(12))])


def test_range_must_end_after_its_start() -> None:
    with pytest.raises(ValueError, match="not after"):
        _hours([WeeklyRange(0, time(12), time(9))])


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=DAILY",
        "FREQ=WEEKLY;COUNT=3",
        "FREQ=WEEKLY;UNTIL=20270101",
        "FREQ=MONTHLY",
    ],
)
def test_what_the_form_cannot_say_is_not_simple(rule: str) -> None:
    text = event("DTSTART;TZID=Europe/Berlin:20261123T090000", "DURATION:PT3H", f"RRULE:{rule}")
    read = read_hours(text, "Europe/Berlin")
    assert read is not None
    assert not read.is_simple


def test_hours_in_another_zone_are_not_simple() -> None:
    read = read_hours(_hours(), "Europe/Lisbon")
    assert read is not None
    assert not read.is_simple


def test_weekday_of_the_start_counts_when_the_rule_names_none() -> None:
    read = read_hours(
        event("DTSTART;TZID=Europe/Berlin:20261125T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY"),
        "Europe/Berlin",
    )
    assert read is not None
    assert read.ranges == (WeeklyRange(2, time(9), time(12)),)


@pytest.mark.parametrize(
    "text", ["", "<html>", event("SUMMARY:no start"), event("DTSTART:20261123T090000Z", "STATUS:CANCELLED")]
)
def test_no_event_that_counts_is_none(text: str) -> None:
    assert read_hours(text, "Europe/Berlin") is None


def test_time_off_reads_back_with_both_days_inclusive() -> None:
    text = write_time_off("off-1", date(2026, 12, 24), date(2026, 12, 31), "Winter, at home", NOW)
    read = read_hours(text, "Europe/Berlin")
    assert read is not None
    assert read.is_time_off
    assert (read.first_day, read.last_day, read.summary) == (
        date(2026, 12, 24),
        date(2026, 12, 31),
        "Winter, at home",
    )
    assert "DTEND;VALUE=DATE:20270101\r\n" in text


def test_time_off_blocks_whole_days_of_the_specialists_zone() -> None:
    text = write_time_off("off-1", date(2026, 12, 24), date(2026, 12, 24), "Off", NOW)
    window = Interval(datetime(2026, 12, 20, tzinfo=UTC), datetime(2026, 12, 28, tzinfo=UTC))
    (span,) = expand(text, window, "Europe/Berlin").spans
    assert span.kind is SpanKind.BUSY
    assert (span.start, span.end) == (
        datetime(2026, 12, 23, 23, tzinfo=UTC),
        datetime(2026, 12, 24, 23, tzinfo=UTC),
    )


def test_time_off_must_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before"):
        write_time_off("off-1", date(2026, 12, 24), date(2026, 12, 23), "Off", NOW)


_FOREIGN = event(
    "SEQUENCE:4",
    "DTSTAMP:20260101T000000Z",
    "DTSTART;TZID=Europe/Berlin:20261123T090000",
    "DTEND;TZID=Europe/Berlin:20261123T120000",
    "RRULE:FREQ=WEEKLY;WKST=SU;BYDAY=MO,TU",
    "EXDATE;TZID=Europe/Berlin:20261130T090000",
    'X-APPLE-TRAVEL;X-KEY="a;b":kept as it is',
    "BEGIN:VALARM",
    "ACTION:AUDIO",
    "END:VALARM",
)


def test_other_weekdays_keep_everything_foreign() -> None:
    text = with_weekdays(_FOREIGN, frozenset({0, 4}), NOW)
    for line in ("EXDATE;TZID=Europe/Berlin:20261130T090000", 'X-APPLE-TRAVEL;X-KEY="a;b":kept as it is'):
        assert f"{line}\r\n" in text
    assert "BEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM" in text
    assert "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;WKST=SU\r\n" in text
    assert "SEQUENCE:5\r\n" in text
    assert "DTSTAMP:20261120T100000Z\r\n" in text


def test_start_on_a_weekday_that_went_moves_to_the_next_that_counts() -> None:
    text = with_weekdays(_FOREIGN, frozenset({2}), NOW)
    assert "DTSTART;TZID=Europe/Berlin:20261125T090000\r\n" in text
    assert "DTEND;TZID=Europe/Berlin:20261125T120000\r\n" in text


def test_weekdays_change_nothing_that_is_not_weekly() -> None:
    with pytest.raises(ValueError, match="no weekly event"):
        with_weekdays(event("DTSTART:20261123T090000Z"), frozenset({1}), NOW)
    with pytest.raises(ValueError, match="no weekday left"):
        with_weekdays(_FOREIGN, frozenset(), NOW)
