"""From what stands in the calendar to what is wanted, with the smallest change."""

from datetime import UTC, date, datetime, time

from app.availability.hours_plan import Existing, Plan, left_alone, make_plan, ranges_of, version_of
from app.ical.hours import WeeklyRange, read_hours, write_hours, write_time_off

ZONE = "Europe/Bratislava"
STAMP = datetime(2026, 11, 1, tzinfo=UTC)


def weekly(days: str, start: int = 9, end: int = 17) -> list[WeeklyRange]:
    return [WeeklyRange(int(day), time(start), time(end)) for day in days]


def existing(href: str, text: str) -> Existing:
    hours = read_hours(text, ZONE)
    assert hours is not None
    return Existing(href, f'"{href}"', text, hours)


def event(href: str, days: str, start: int = 9, end: int = 17, zone: str = ZONE) -> Existing:
    text = write_hours(href, weekly(days, start, end), zone, date(2026, 11, 2), "Hours", STAMP)
    return existing(href, text)


WHOLE_WEEK = event("week", "01234")
OFF = existing("off", write_time_off("off", date(2026, 12, 7), date(2026, 12, 11), "Leave", STAMP))
ELSEWHERE = event("elsewhere", "5", zone="America/New_York")


def test_what_is_there_already_is_not_touched() -> None:
    assert make_plan([WHOLE_WEEK, OFF], weekly("01234")) == Plan((), (), ())


def test_an_event_keeps_the_weekdays_that_are_still_wanted() -> None:
    plan = make_plan([WHOLE_WEEK], [*weekly("0123"), *weekly("4", 9, 14)])
    assert [(item.object.href, item.weekdays) for item in plan.updates] == [("week", frozenset({0, 1, 2, 3}))]
    assert plan.creates == (tuple(weekly("4", 9, 14)),)
    assert plan.deletes == ()


def test_an_event_with_no_weekday_left_is_deleted() -> None:
    plan = make_plan([WHOLE_WEEK], weekly("01234", 10, 16))
    assert (plan.deletes, plan.updates) == ((WHOLE_WEEK,), ())
    assert plan.creates == (tuple(weekly("01234", 10, 16)),)


def test_ranges_of_the_same_times_become_one_event() -> None:
    plan = make_plan([], [*weekly("01", 9, 12), *weekly("01", 13, 17)])
    assert plan.creates == (tuple(weekly("01", 9, 12)), tuple(weekly("01", 13, 17)))


def test_hours_that_the_form_cannot_show_are_left_alone_and_listed() -> None:
    assert make_plan([ELSEWHERE, OFF], []) == Plan((), (), ())
    assert ranges_of([WHOLE_WEEK, ELSEWHERE, OFF]) == tuple(weekly("01234"))
    assert left_alone([WHOLE_WEEK, ELSEWHERE, OFF]) == [ELSEWHERE]


def test_the_version_tells_hours_apart_and_does_not_mind_time_off() -> None:
    assert version_of([WHOLE_WEEK]) == version_of([WHOLE_WEEK, OFF])
    assert version_of([WHOLE_WEEK]) != version_of([WHOLE_WEEK, ELSEWHERE])
