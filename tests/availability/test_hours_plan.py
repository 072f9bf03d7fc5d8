"""From what stands in the calendar to what is wanted, with the smallest change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from app.availability.hours_edit import Edit, account_of, make_steps, time_off_wanted, week_wanted
from app.availability.hours_place import HoursPlace
from app.availability.hours_plan import Existing, Plan, left_alone, make_plan, ranges_of, version_of
from app.ical.availability_hours import read_availability, write_availability
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


def availability(href: str, days: str, start: int = 9, end: int = 17) -> Existing:
    """A VAVAILABILITY object of a calendar."""
    text = write_availability(href, weekly(days, start, end), ZONE, date(2026, 11, 2), STAMP)
    hours = read_availability(text, ZONE)
    assert hours is not None
    return Existing(href, f'"{href}"', text, hours)


def edit(wanted: dict[str, object]) -> Edit:
    return Edit(1, "public", 5, ZONE, wanted, {}, "waiting", "", STAMP)


PLACE = HoursPlace(1, "collection", "/sam/hours/", "Hours", 2, "/sam/work/")


def test_an_availability_is_shown_and_takes_the_hours_that_are_new() -> None:
    there = availability("week.ics", "0123")
    assert ranges_of([there]) == tuple(weekly("0123"))
    plan = make_plan([there], weekly("34"))
    assert [(item.object.href, item.ranges) for item in plan.rewrites] == [("week.ics", tuple(weekly("34")))]
    assert (plan.creates, plan.updates, plan.deletes) == ((), (), ())


def test_an_availability_that_says_what_is_wanted_is_not_touched() -> None:
    assert make_plan([availability("week.ics", "01")], weekly("01")) == Plan((), (), ())


def test_a_change_of_an_availability_keeps_the_object_and_its_version() -> None:
    there = availability("/sam/hours/week.ics", "01234")
    wanted = week_wanted(weekly("0"), "Hours")
    (step,) = make_steps(edit(wanted), [there], PLACE, date(2026, 11, 23))
    assert (step.verb, step.href, step.etag) == ("change", there.href, there.etag)
    found = read_availability(step.text, ZONE)
    assert found is not None
    assert found.ranges == tuple(weekly("0"))


def test_time_off_stands_beside_hours_that_are_events_and_else_beside_the_bookings() -> None:
    off = edit(time_off_wanted(date(2026, 12, 7), date(2026, 12, 11), "Leave"))
    hours = availability("/sam/hours/week.ics", "01234")
    (beside,) = make_steps(off, [WHOLE_WEEK], PLACE, date(2026, 11, 23))
    (elsewhere,) = make_steps(off, [hours], PLACE, date(2026, 11, 23))
    assert beside.href.startswith("/sam/hours/hours-")
    assert elsewhere.href.startswith("/sam/work/hours-")
    assert (account_of(off, PLACE, [WHOLE_WEEK]), account_of(off, PLACE, [hours])) == (1, 2)


def test_a_calendar_that_takes_no_events_gets_an_availability_at_first() -> None:
    place = replace(PLACE, holds_events=False)
    wanted = edit(week_wanted([*weekly("01"), *weekly("4", 8, 12)], "Hours"))
    (step,) = make_steps(wanted, [], place, date(2026, 11, 23))
    assert (step.verb, step.href.startswith("/sam/hours/hours-")) == ("create", True)
    assert "BEGIN:VEVENT" not in step.text
    found = read_availability(step.text, ZONE)
    assert found is not None
    assert found.ranges == tuple(sorted([*weekly("01"), *weekly("4", 8, 12)]))
    off = edit(time_off_wanted(date(2026, 12, 7), date(2026, 12, 11), "Leave"))
    (elsewhere,) = make_steps(off, [], place, date(2026, 11, 23))
    assert elsewhere.href.startswith("/sam/work/hours-")
    assert account_of(off, place, []) == 2


def test_an_attempt_after_a_crash_goes_to_the_account_of_its_own_steps() -> None:
    off = edit(
        {
            **time_off_wanted(date(2026, 12, 7), date(2026, 12, 11), "Leave"),
            "steps": [{"verb": "create", "href": "/sam/work/hours-1.ics", "etag": "", "text": ""}],
        }
    )
    assert account_of(off, PLACE, [WHOLE_WEEK]) == 2
