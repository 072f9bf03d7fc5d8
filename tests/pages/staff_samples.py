"""Contexts for the pages of specialists."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from app.availability.pages import (
    CalendarState,
    ConflictDay,
    ConflictPage,
    DateLeaf,
    HoursDay,
    HoursPage,
    HoursRange,
    Presence,
    Preview,
    PreviewDay,
    PreviewSlot,
    Problem,
    ScheduleDay,
    ScheduledCall,
    SchedulePage,
    StandInChoice,
    TimeOffForm,
    TimeOffRow,
)
from app.booking.following.pages import AskedCall, AskedPage
from tests.pages.request_samples import ALERTS

VIEWER = SimpleNamespace(role="specialist")
NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"}
RANGES = (HoursRange(0, "09:00", "12:30"), HoursRange(1, "13:30", "17:00"))
WEEKDAYS = tuple(HoursDay(key, name, True, RANGES, "7 h") for key, name in NAMES.items())
WEEKEND = (HoursDay("sat", "Saturday", False, (), ""), HoursDay("sun", "Sunday", False, (), ""))
TIMES = [
    "09:00",
    "09:30",
    "10:00",
    "10:30",
    "11:00",
    "11:30",
    "12:00",
    "13:30",
    "14:00",
    "14:30",
    "15:00",
    "15:30",
    "16:00",
    "16:30",
]
PREVIEW = Preview(
    "30 Nov – 4 Dec, Bratislava time",
    (
        *(
            PreviewDay(
                name,
                tuple(
                    PreviewSlot(time, "In your calendar" if (n * 7 + number * 5) % 11 < 3 else "")
                    for number, time in enumerate(TIMES)
                ),
            )
            for n, name in enumerate(("Mon 30", "Tue 1", "Wed 2", "Thu 3"))
        ),
        PreviewDay("Fri 4", (), "Public holiday"),
    ),
    "2 booked calls fall outside the new hours",
)
HOURS = HoursPage(
    "Bratislava time",
    CalendarState("ok", "In step, 10:11"),
    (*WEEKDAYS, *WEEKEND),
    "35 h a week",
    "v1",
    PREVIEW,
    (
        TimeOffRow("t1", DateLeaf("Dec", "7", "–11"), "Leave", "7 to 11 December", True),
        TimeOffRow("h1", DateLeaf("Dec", "25", "–26"), "Public holiday", "Slovakia", False),
    ),
    outcome="Your hours stand in the calendar.",
    stand_ins=(StandInChoice("", "The usual one: Rita Novák"), StandInChoice("r1", "Rita Novák")),
    unknown_stand_ins=("Marek",),
)
SENTENCE = "Ends before it starts. Did you mean 17:00?"
WRONG = HoursDay("tue", "Tuesday", True, (RANGES[0], HoursRange(1, "13:30", "05:00", SENTENCE)), "")
CALLS = (
    ScheduledCall("b1", "Sever", "Pavel Belov", "11:00–11:30", "15:00 for them", "Product support",
                  "Price lists", "confirmed"),
    ScheduledCall("b2", "Nordwind", "Vera Lindqvist", "14:00–15:00", "", "Feature training", "", "pending"),
)  # fmt: skip
SCHEDULE = SchedulePage(
    (ScheduleDay("Tue 24 Nov", True, CALLS), ScheduleDay("Wed 25 Nov", False, CALLS[:1])),
    CalendarState("ok", "In step, 10:11"),
    Presence("in", "In"),
    "Bratislava time",
)
CONFLICT = ConflictPage(
    (
        ConflictDay("Monday", "09:00–12:30, 13:30–17:00", "09:00–12:30, 13:30–17:00", False),
        ConflictDay("Tuesday", "09:00–12:30", "10:00–16:00", True),
    ),
    "v2",
    (("mon-on", "1"), ("mon-0-start", "09:00")),
)


def samples() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and context."""
    wrong = replace(
        HOURS,
        days=(HOURS.days[0], WRONG, *HOURS.days[2:]),
        problems=(Problem("tue-1-end", f"Tue: {SENTENCE}"),),
        outcome="",
        time_off=(),
        time_off_form=TimeOffForm(
            "2026-12-11",
            "2026-12-07",
            "",
            (
                Problem("last_day", "Ends before it begins."),
                Problem("stand_in", "Choose somebody from the list."),
            ),
        ),
    )
    pages: list[tuple[str, str, Any]] = [
        ("hours", "availability/hours.html", HOURS),
        ("hours-error", "availability/hours.html", wrong),
        ("preview", "availability/_preview.html", HOURS),
        ("conflict", "availability/conflict.html", CONFLICT),
        ("schedule", "availability/schedule.html", SCHEDULE),
        ("schedule-none", "availability/schedule.html",
         replace(SCHEDULE, days=(), calendar=CalendarState("bad", "Not reached since 08:40"))),
    ]  # fmt: skip
    for name, template, page in pages:
        yield name, template, {"page": page, "viewer": VIEWER}
    asked = AskedPage(
        (AskedCall("b1", "Tue 24 Nov, 11:00–11:30", "Pavel Belov, Sever"),) * 2,
        (AskedCall("b2", "Wed 25 Nov, 11:00–11:30", "Pavel Belov, Sever", "Wed 2 Dec, 11:00"),) * 2,
        ("Tue 24 Nov: full",),
    )
    context = {
        "page": SCHEDULE,
        "viewer": VIEWER,
        "asked": asked,
        "in_time_off": 2,
        "desk_alerts": lambda: ALERTS,
    }
    yield "schedule-asked", "availability/schedule.html", context
