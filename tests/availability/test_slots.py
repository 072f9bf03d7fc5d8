"""Which starts are open, rule by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import process_time

import pytest

from app.availability.slots import Reason, Situation, SlotRules, find_slots, judged_starts, refusal
from app.availability.window import window_in
from app.lib.intervals import Interval
from app.settings.values import ServiceWindow

ZONE = "Europe/Bratislava"
MINUTE = timedelta(minutes=1)
# Wednesday 25 November 2026, winter time: 9:00 on the wall is 8:00 UTC.
DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RULES = SlotRules(30 * MINUTE, 30 * MINUTE, 0 * MINUTE, 10 * MINUTE, 120 * MINUTE, timedelta(days=56), 8)


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    """A moment in November 2026 by the wall clock of Bratislava."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def between(start: datetime, end: datetime) -> Interval:
    return Interval(start, end)


WHOLE_DAY = between(at(1), at(24))


def situation(**changes: object) -> Situation:
    days = Interval(at(1, day=20), at(1, day=28))
    values: dict[str, object] = {
        "working": [between(at(9), at(17))],
        "busy": [],
        "time_off": [],
        "reserved": [],
        "window": window_in(days, ZONE, ServiceWindow()),
        "holidays": frozenset(),
        "zone": ZONE,
        "booked_per_day": {},
        **changes,
    }
    return Situation(**values)  # type: ignore[arg-type]


def open_starts(rules: SlotRules = RULES, now: datetime = NOW, **changes: object) -> list[str]:
    found = find_slots(rules, situation(**changes), WHOLE_DAY, now)
    return [f"{slot.start + timedelta(hours=1):%H:%M}" for slot in found]


def test_a_free_day_is_cut_on_the_grid_of_the_call_type() -> None:
    starts = open_starts()
    assert (starts[0], starts[1], starts[-1], len(starts)) == ("09:00", "09:30", "16:30", 16)


def test_a_call_ends_within_the_hours_but_its_buffers_may_spill_out() -> None:
    assert open_starts(working=[between(at(10), at(11))]) == ["10:00", "10:30"]
    assert open_starts(working=[between(at(10), at(10, 59))]) == ["10:00"]


def test_hours_outside_the_service_window_offer_nothing() -> None:
    assert open_starts(working=[between(at(7), at(9, 30)), between(at(16, 30), at(20))]) == ["09:00", "16:30"]


def test_a_busy_hour_closes_what_overlaps_it_with_its_buffer() -> None:
    starts = open_starts(busy=[between(at(12), at(13))])
    assert "11:00" in starts
    assert "11:30" not in starts
    assert "12:00" not in starts
    assert "13:00" in starts


def test_a_call_may_begin_when_an_appointment_ends_and_end_when_one_begins() -> None:
    bare = SlotRules(30 * MINUTE, 30 * MINUTE, 0 * MINUTE, 0 * MINUTE, 0 * MINUTE, timedelta(days=56), 8)
    busy = [between(at(9), at(11)), between(at(11, 30), at(17))]
    assert open_starts(bare, busy=busy) == ["11:00"]


def test_the_buffer_before_keeps_a_distance_from_the_appointment_before() -> None:
    rules = SlotRules(30 * MINUTE, 30 * MINUTE, 15 * MINUTE, 0 * MINUTE, 0 * MINUTE, timedelta(days=56), 8)
    assert open_starts(rules, busy=[between(at(9), at(15, 46))]) == ["16:30"]


def test_a_full_day_says_that_the_cap_is_reached() -> None:
    assert open_starts(booked_per_day={DAY: 8}) == []
    full = situation(booked_per_day={DAY: 8})
    assert refusal(RULES, full, at(10), NOW) is Reason.CAP
    assert len(open_starts(booked_per_day={DAY: 7})) == 16


def test_a_full_week_closes_its_days_from_monday_to_sunday_and_no_other() -> None:
    rules, monday = replace(RULES, weekly_cap=4), date(2026, 11, 23)
    assert open_starts(rules, booked_per_week={monday: 4}) == []
    assert refusal(rules, situation(booked_per_week={monday: 4}), at(10), NOW) is Reason.CAP
    for calls in ({monday: 3}, {date(2026, 11, 16): 9, date(2026, 11, 30): 9}):
        assert len(open_starts(rules, booked_per_week=calls)) == 16


def test_a_cap_of_zero_is_none() -> None:
    rules = replace(RULES, daily_cap=0, weekly_cap=0)
    assert len(open_starts(rules, booked_per_day={DAY: 99}, booked_per_week={date(2026, 11, 23): 99})) == 16


CLOSED = {
    "between two grid lines": (at(10, 10), {}, NOW, Reason.OFF_GRID),
    "with seconds": (at(10) + timedelta(seconds=1), {}, NOW, Reason.OFF_GRID),
    "in the past": (at(10), {}, at(10, 1), Reason.PAST),
    "under notice": (at(10), {}, at(8, 30), Reason.NOTICE),
    "beyond the horizon": (at(10), {}, at(9) - timedelta(days=56), Reason.HORIZON),
    "before the window": (at(8), {"working": [between(at(7), at(17))]}, NOW, Reason.WINDOW),
    "on a Saturday": (
        at(10, day=28),
        {"working": [between(at(9, day=28), at(12, day=28))]},
        NOW,
        Reason.WINDOW,
    ),
    "on a holiday": (at(10), {"holidays": frozenset({DAY})}, NOW, Reason.HOLIDAY),
    "outside the hours": (at(10), {"working": [between(at(13), at(17))]}, NOW, Reason.HOURS),
    "in time off": (at(10), {"time_off": [between(at(1), at(24))]}, NOW, Reason.TIME_OFF),
    "over an appointment": (at(10), {"busy": [between(at(10, 15), at(11))]}, NOW, Reason.BUSY),
    "over a booking": (at(10), {"reserved": [between(at(10), at(10, 40))]}, NOW, Reason.TAKEN),
    "after the option ends": (at(10), {"last_day": date(2026, 11, 24)}, NOW, Reason.OPTION_ENDS),
}


@pytest.mark.parametrize("case", CLOSED)
def test_each_closed_start_carries_its_reason(case: str) -> None:
    start, changes, now, reason = CLOSED[case]
    assert refusal(RULES, situation(**changes), start, now) is reason


def test_the_last_entitled_day_can_still_be_booked() -> None:
    assert len(open_starts(last_day=DAY)) == 16


def test_notice_and_horizon_are_inclusive() -> None:
    assert refusal(RULES, situation(), at(10), at(8)) is None
    assert refusal(RULES, situation(), at(10), at(10) - timedelta(days=56)) is None


def test_the_span_of_starts_is_half_open() -> None:
    found = find_slots(RULES, situation(), between(at(10), at(11)), NOW)
    assert [slot.start for slot in found] == [at(10), at(10, 30)]
    assert find_slots(RULES, situation(), between(at(11), at(11)), NOW) == []


def test_an_hour_long_call_needs_the_whole_hour() -> None:
    rules = SlotRules(60 * MINUTE, 30 * MINUTE, 0 * MINUTE, 10 * MINUTE, 0 * MINUTE, timedelta(days=56), 8)
    assert open_starts(rules, working=[between(at(9), at(10, 30))]) == ["09:00", "09:30"]


def test_every_start_of_the_grid_is_judged_for_the_preview() -> None:
    judged = judged_starts(RULES, situation(busy=[between(at(9), at(10))]), WHOLE_DAY, NOW)
    assert len(judged) == 46
    assert dict(judged)[at(9)] is Reason.BUSY
    assert dict(judged)[at(10)] is None


def test_four_weeks_beside_thousands_of_appointments_are_found_quickly() -> None:
    span = Interval(at(1, day=1), at(1, day=29))
    step = span.length / 3000
    busy = [Interval(span.start + n * step, span.start + n * step + MINUTE) for n in range(3000)]
    full = situation(
        working=window_in(span, ZONE, ServiceWindow()),
        window=window_in(span, ZONE, ServiceWindow()),
        busy=busy,
    )
    find_slots(RULES, full, span, at(1, day=1))
    started = process_time()
    find_slots(RULES, full, span, at(1, day=1))
    # Comparing every slot with every appointment takes seconds here; this takes a few milliseconds.
    assert process_time() - started < 0.1
