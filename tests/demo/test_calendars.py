"""What stands in the demo's calendars, read back as any calendar would be."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from app.availability.holidays import holiday_names
from app.demo.calendars import calendars_of, company_day
from app.demo.cast import CALENDAR_OWNERS, person
from app.ical.event import is_own_uid
from app.ical.expand import Span, SpanKind, expand
from app.ical.hours import read_hours
from app.ical.stand_in import read_stand_in
from app.lib.intervals import Interval

TODAY = date(2026, 11, 25)
STAMP = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
# The eight weeks that customers can look at, and the days of this week that are over.
WINDOW = Interval(datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC))
WINDOW_OF_LEAVE = Interval(WINDOW.start, WINDOW.end + timedelta(days=14))


def spans(name: str, what: str) -> list[Span]:
    owner = person(name)
    for calendar in calendars_of(owner, TODAY, STAMP):
        text = calendar.objects.get(f"demo-{name}-{what}.ics")
        if text:
            found = expand(text, WINDOW, owner.time_zone, frozenset({owner.email}))
            assert found.problems == ()
            return list(found.spans)
    raise KeyError(what)


def leave_of(name: str, today: date) -> str:
    (text,) = (
        calendar.objects[f"demo-{name}-leave.ics"]
        for calendar in calendars_of(person(name), today, STAMP)
        if f"demo-{name}-leave.ics" in calendar.objects
    )
    return text


def starts(name: str, what: str) -> list[datetime]:
    return [span.start for span in spans(name, what)]


def texts(name: str) -> dict[str, str]:
    return {
        file_name: text
        for calendar in calendars_of(person(name), TODAY, STAMP)
        for file_name, text in calendar.objects.items()
    }


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_every_object_is_read_by_an_independent_parser(name: str) -> None:
    for file_name, text in texts(name).items():
        events = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
        assert {str(event["UID"]) for event in events} == {file_name.removesuffix(".ics")}


def test_file_names_stay_the_same_so_that_nothing_is_made_twice() -> None:
    names = list(texts("sam")) + list(texts("rita"))
    assert len(set(names)) == len(names)
    later = calendars_of(person("sam"), TODAY + timedelta(days=30), STAMP)
    assert {name for calendar in later for name in calendar.objects} == set(texts("sam"))


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_nothing_looks_like_a_call_of_ours(name: str) -> None:
    assert not any(is_own_uid(file_name.removesuffix(".ics")) for file_name in texts(name))


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_three_calendars_one_of_which_takes_the_calls(name: str) -> None:
    found = calendars_of(person(name), TODAY, STAMP)
    assert [(calendar.name, calendar.purpose, calendar.receives_bookings) for calendar in found] == [
        ("Calendar", "busy", True),
        ("Private", "busy", False),
        ("Working hours", "working_hours", False),
    ]


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_working_hours_can_be_edited_by_the_form(name: str) -> None:
    found = texts(name)
    hours = [
        read_hours(found[f"demo-{name}-hours-{part}.ics"], person(name).time_zone)
        for part in ("morning", "afternoon")
    ]
    ranges = [(f"{hours.ranges[0].start:%H:%M}", f"{hours.ranges[0].end:%H:%M}") for hours in hours if hours]
    assert ranges == [("09:00", "12:30"), ("13:00", "17:00")]
    assert all(item and item.is_simple and len(item.ranges) == 5 for item in hours)


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_leave_is_time_off(name: str) -> None:
    leave = read_hours(texts(name)[f"demo-{name}-leave.ics"], person(name).time_zone)
    assert leave is not None
    assert leave.is_time_off


@pytest.mark.parametrize("days", range(7))
def test_sam_and_rita_are_never_away_together_and_sam_names_who_stands_in(days: int) -> None:
    away = []
    for name in ("sam", "rita"):
        text = leave_of(name, TODAY + timedelta(days=days))
        (span,) = expand(text, WINDOW_OF_LEAVE, "Europe/Bratislava", frozenset()).spans
        away.append(Interval(span.start, span.end))
    assert not away[0].overlaps(away[1])
    assert read_stand_in(leave_of("sam", TODAY)).typed == "Rita"


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
def test_the_team_meeting_is_left_out_once_and_moved_once(name: str) -> None:
    found = starts(name, "team-meeting")
    assert datetime(2026, 12, 7, 8, 30, tzinfo=UTC) not in found
    assert datetime(2026, 12, 8, 13, 0, tzinfo=UTC) in found
    assert datetime(2026, 12, 14, 8, 30, tzinfo=UTC) not in found
    assert datetime(2026, 12, 21, 8, 30, tzinfo=UTC) in found


@pytest.mark.parametrize("name", CALENDAR_OWNERS)
@pytest.mark.parametrize("what", ["declined", "cancelled"])
def test_declined_and_cancelled_invitations_take_no_time(name: str, what: str) -> None:
    assert spans(name, what) == []


@pytest.mark.parametrize(("name", "what"), [("sam", "release-week"), ("sam", "birthday"), ("rita", "fair")])
def test_transparent_events_take_no_time(name: str, what: str) -> None:
    assert [span.kind for span in spans(name, what)] == [SpanKind.FREE]


def test_the_company_day_is_a_friday_and_nobodys_public_holiday() -> None:
    moved = set[date]()
    for number in range(8 * 366):
        today = date(2024, 1, 1) + timedelta(days=number)
        day = company_day(today)
        assert day.weekday() == 4
        assert all(day not in holiday_names(country, [day.year]) for country in ("SK", "DE"))
        weeks = (day - today + timedelta(days=today.weekday())).days // 7
        assert 4 <= weeks <= 6
        if weeks > 4:
            moved.add(day)
    # Of Good Friday 2026.
    assert date(2026, 4, 10) in moved
    assert company_day(date(2026, 3, 4)) == date(2026, 4, 10)
    assert company_day(TODAY) == date(2026, 12, 25) + timedelta(days=14)


@pytest.mark.parametrize(("name", "what"), [("sam", "company-day"), ("rita", "inventory")])
def test_an_all_day_event_takes_the_day(name: str, what: str) -> None:
    (span,) = spans(name, what)
    assert span.is_all_day
    assert span.kind is SpanKind.BUSY
    assert span.end - span.start == timedelta(days=1)


def test_the_trip_crosses_time_zones() -> None:
    (flight,) = spans("sam", "flight-out")
    assert (flight.start, flight.end) == (
        datetime(2027, 1, 5, 9, 15, tzinfo=UTC),
        datetime(2027, 1, 5, 19, 5, tzinfo=UTC),
    )
    assert starts("sam", "workshop") == [
        datetime(2027, 1, 6, 14, 0, tzinfo=UTC),
        datetime(2027, 1, 7, 14, 0, tzinfo=UTC),
    ]
