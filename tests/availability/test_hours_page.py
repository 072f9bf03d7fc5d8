"""The availability editor in the words of its specialist."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.availability.hours_edit import Edit, week_wanted
from app.availability.hours_page import calendar_pill, other_titles, outcome_words, place_words
from app.availability.hours_place import HoursPlace
from app.availability.hours_plan import Existing
from app.availability.offer import CalendarStatus
from app.ical.hours import HoursObject


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state", "text"),
    [
        (CalendarStatus("ok", at(24, 9, 11), None), "ok", "In step, 10:11"),
        (CalendarStatus("calendar_away", at(24, 8), at(24, 8)), "bad", "Not reached since 09:00"),
        (CalendarStatus("no_calendar", None, None), "bad", "No calendar is connected"),
    ],
)
def test_the_calendars_state_is_said_in_words(status: CalendarStatus, state: str, text: str) -> None:
    pill = calendar_pill(status, "Europe/Bratislava")
    assert pill.state == state
    assert pill.text.startswith(text)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("collection", "in your calendar “Office hours”"),
        ("property", "availability on your calendar server"),
        ("kept", "kept here only"),
    ],
)
def test_the_page_says_where_the_hours_live(source: str, words: str) -> None:
    assert words in place_words(HoursPlace(1, source, "/sam/", "Office hours", 1, "/sam/work/"))


def test_without_a_place_for_hours_nothing_is_said_of_it() -> None:
    assert place_words(None) == ""


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("no_hours_calendar", "no calendar for working hours"),
        ("no_booking_calendar", "choose a calendar for bookings"),
        ("not_kept", "the server does not keep availability"),
        ("unreadable", "was not overwritten"),
        ("no_right", "does not let us write"),
    ],
)
def test_a_failed_change_says_why_and_what_to_do(detail: str, words: str) -> None:
    values: dict[str, Any] = {"public_id": "p", "person_id": 1, "zone": "UTC", "base": {}}
    wanted = week_wanted([], "Hours")
    edit = Edit(1, wanted=wanted, state="failed", detail=detail, created_at=at(23, 9), **values)
    text, colour = outcome_words(edit)
    assert words in text
    assert colour == "bad"


def test_parts_of_an_availability_that_the_form_cannot_show_are_named_each() -> None:
    hours = HoursObject("u", (), False, False, None, None, "Mine", True, ("Fair", ""))
    assert other_titles([Existing("/sam/", "1", "", hours)]) == ("Fair", "without a title")
