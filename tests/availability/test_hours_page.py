"""The availability editor in the words of its specialist."""

from datetime import UTC, datetime

import pytest

from app.availability.hours_page import calendar_pill
from app.availability.offer import CalendarStatus


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
