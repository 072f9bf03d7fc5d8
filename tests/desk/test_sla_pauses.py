"""While the customer is waited for the next step's clock stands still; what is left, and when to warn."""

from datetime import timedelta

import pytest

from app.desk.sla import left, moved_by_pause, next_step_due, targets, warn_at
from app.lib.intervals import Interval
from tests.desk.clock import POLICY, at, pause

HOUR = timedelta(hours=1)
# Of severity 3: opened on Monday at 12:00, so due on Wednesday at 12:00.
MONDAY, WEDNESDAY = "2026-11-23 12:00", "2026-11-25 12:00"


@pytest.mark.parametrize(
    ("severity", "opened", "pauses", "due"),
    [
        (3, MONDAY, [], WEDNESDAY),
        (3, MONDAY, [("2026-11-24 10:00", "2026-11-24 11:00")], "2026-11-25 13:00"),
        (3, MONDAY, [("2026-11-24 07:00", "2026-11-24 09:30")], "2026-11-25 12:30"),
        (3, MONDAY, [("2026-11-24 16:00", "2026-11-24 20:00")], "2026-11-25 13:00"),
        (3, MONDAY, [("2026-11-24 17:00", "2026-11-25 09:00")], WEDNESDAY),
        (3, MONDAY, [("2026-11-24 10:00", "2026-11-24 10:00")], WEDNESDAY),
        # Several, in whatever order they are told.
        (
            3,
            MONDAY,
            [("2026-11-24 10:00", "2026-11-24 11:00"), ("2026-11-24 12:00", "2026-11-24 12:30")],
            "2026-11-25 13:30",
        ),
        (
            3,
            MONDAY,
            [("2026-11-25 12:30", "2026-11-25 13:00"), ("2026-11-24 10:00", "2026-11-24 11:00")],
            "2026-11-25 13:30",
        ),
        # One that begins when the clock has run out.
        (3, MONDAY, [(WEDNESDAY, "2026-11-27 12:00")], WEDNESDAY),
        # Over a weekend, over Christmas and with a first day that is a holiday.
        (3, "2026-11-26 10:00", [("2026-11-27 16:00", "2026-11-30 09:30")], "2026-11-30 11:30"),
        (3, "2026-12-22 10:00", [("2026-12-23 16:00", "2026-12-28 10:00")], "2026-12-28 12:00"),
        (3, "2026-12-22 10:00", [("2026-12-24 10:00", "2026-12-27 10:00")], "2026-12-28 10:00"),
        # What is due at an opening has nothing left in the night before it.
        (3, "2026-11-23 09:00", [("2026-11-23 18:00", "2026-11-24 08:00")], "2026-11-25 09:00"),
        (3, "2026-11-23 09:00", [("2026-11-24 18:00", "2026-11-25 12:00")], "2026-11-25 12:00"),
        (3, "2026-11-23 09:00", [("2026-11-24 18:00", "2026-11-25 20:00")], "2026-11-26 09:00"),
        # On the wall clock nights and weekends count, and the hour that comes twice.
        (1, "2026-11-29 02:00", [("2026-11-29 03:00", "2026-11-29 10:00")], "2026-11-29 13:00"),
        (2, "2026-10-25 00:30", [("2026-10-25 01:30", "2026-10-25 04:00")], "2026-10-25 07:00"),
        # One of ten years.
        (3, MONDAY, [("2026-11-24 10:00", "2036-11-24 10:00")], "2036-11-25 12:00"),
    ],
)
def test_what_was_left_when_a_pause_began_is_left_when_it_ends(
    severity: int, opened: str, pauses: list[tuple[str, str]], due: str
) -> None:
    found = next_step_due(POLICY, severity, at(opened), [pause(*item) for item in pauses])
    assert found == at(due)


def test_a_pause_moves_the_next_step_and_never_the_first_response() -> None:
    paused = targets(POLICY, 3, at(MONDAY), [pause("2026-11-23 12:30", "2026-11-23 16:30")])
    assert paused.first_response == targets(POLICY, 3, at(MONDAY)).first_response
    assert paused.next_step == at("2026-11-25 16:00")


def test_what_is_tracked_has_no_due_moment_to_pause() -> None:
    assert next_step_due(POLICY, 4, at(MONDAY), [pause("2026-11-24 10:00", "2026-11-24 11:00")]) is None


def test_pauses_one_by_one_come_to_the_same_as_all_at_once() -> None:
    pauses = [pause("2026-11-24 10:00", "2026-11-24 18:00"), pause("2026-11-25 07:00", "2026-11-26 12:00")]
    due = at(WEDNESDAY)
    for item in pauses:
        due = moved_by_pause(POLICY, 3, due, item)
    assert due == next_step_due(POLICY, 3, at(MONDAY), pauses)


@pytest.mark.parametrize(
    ("severity", "now", "due", "hours"),
    [
        (3, "2026-11-27 16:00", "2026-11-30 10:00", 2),
        (3, "2026-12-23 16:00", "2026-12-28 10:00", 2),
        (3, "2026-11-30 09:30", "2026-11-27 16:30", -1),
        (3, "2026-11-28 12:00", "2026-11-27 17:00", 0),
        (1, "2026-11-29 02:00", "2026-11-29 06:00", 4),
        (1, "2026-11-29 06:30", "2026-11-29 05:00", -1.5),
        # The night is an hour shorter.
        (1, "2026-03-28 20:00", "2026-03-29 08:00", 11),
    ],
)
def test_what_is_left_is_told_in_the_clocks_own_time(severity: int, now: str, due: str, hours: float) -> None:
    assert left(POLICY, severity, at(now), at(due)) == hours * HOUR


@pytest.mark.parametrize(
    ("severity", "opened", "due", "warnings"),
    [
        (1, "2026-11-29 02:00", "2026-11-29 03:00", ("2026-11-29 02:45", "2026-11-29 02:45")),
        (1, "2026-11-29 02:00", "2026-11-29 06:00", ("2026-11-29 05:00", "2026-11-29 05:45")),
        (3, "2026-11-24 15:00", "2026-11-24 17:00", ("2026-11-24 16:30", "2026-11-24 16:45")),
        (3, "2026-11-27 16:30", "2026-11-30 10:30", ("2026-11-30 10:00", "2026-11-30 10:15")),
        (3, "2026-11-28 12:00", "2026-11-30 11:00", ("2026-11-30 10:30", "2026-11-30 10:45")),
        # Fifteen minutes before five past nine were on the day before, and so when somebody was there.
        (3, "2026-11-26 15:05", "2026-11-27 09:05", ("2026-11-26 16:35", "2026-11-26 16:50")),
        (4, "2026-11-27 16:00", "2026-11-30 16:00", ("2026-11-30 14:00", "2026-11-30 15:45")),
        # Shorter than a quarter of an hour.
        (1, "2026-11-29 02:00", "2026-11-29 02:08", ("2026-11-29 02:06", "2026-11-29 02:00")),
    ],
)
def test_warnings_go_out_before_a_due_moment_in_the_clocks_own_time(
    severity: int, opened: str, due: str, warnings: tuple[str, str]
) -> None:
    assert warn_at(POLICY, severity, at(opened), at(due)) == (at(warnings[0]), at(warnings[1]))


@pytest.mark.parametrize(
    ("waited", "due", "warnings"),
    [
        (
            ("2026-11-24 11:00", "2026-11-24 12:00"),
            "2026-11-24 15:00",
            ("2026-11-24 14:00", "2026-11-24 14:45"),
        ),
        # The first warning was due before the pause.
        (
            ("2026-11-24 13:30", "2026-11-24 20:00"),
            "2026-11-24 20:30",
            ("2026-11-24 13:00", "2026-11-24 20:15"),
        ),
    ],
)
def test_a_pause_stops_the_warnings_too(waited: tuple[str, str], due: str, warnings: tuple[str, str]) -> None:
    opened, pauses = at("2026-11-24 10:00"), [pause(*waited)]
    assert next_step_due(POLICY, 1, opened, pauses) == at(due)
    assert warn_at(POLICY, 1, opened, at(due), pauses) == (at(warnings[0]), at(warnings[1]))


def test_a_pause_after_the_due_moment_changes_no_warning() -> None:
    opened, due = at("2026-11-24 10:00"), at("2026-11-24 14:00")
    late = Interval(due + HOUR, due + 9 * HOUR)
    assert warn_at(POLICY, 1, opened, due, [late]) == warn_at(POLICY, 1, opened, due)
