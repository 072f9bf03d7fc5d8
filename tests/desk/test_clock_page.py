"""Clocks in words: the states and lines of the design's table, in working time, at the reader's own time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from app.booking.in_words import Reader
from app.desk.requests.clock_page import ClockLine, clock_lines, first_clock
from app.desk.requests.values import ClockName, ClockValue, RequestValue
from app.desk.sla import targets
from app.desk.values import Channel, ConversationValue
from tests.booking.made_up import PAVEL, VERA
from tests.desk.clock import POLICY, at, pause

OPENED = "2026-11-24 10:00"
FIRST, STEP = ClockName.FIRST_RESPONSE, ClockName.NEXT_STEP


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def request(severity: int, opened: str = OPENED, **changes: object) -> RequestValue:
    due = targets(POLICY, severity, at(opened))
    clocks = {FIRST: ClockValue(FIRST, severity, due.first_response, None, None, "", None)}
    if due.next_step:
        clocks[STEP] = ClockValue(STEP, severity, due.next_step, None, None, "", None)
    found = RequestValue(
        id=1,
        conversation=CONVERSATION,
        policy_id=1,
        severity=severity,
        opened_at=at(opened),
        waiting_since=None,
        solved_at=None,
        news_due_at=None,
        runs_out_at=min(clock.due_at for clock in clocks.values()),
        clocks=clocks,
        pauses=(),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


CONVERSATION = ConversationValue(
    1, "a", 1, "b", "Nordwind", 1, "Vera", "", "en", "", "x", Channel.PAGE, at(OPENED), at(OPENED), 1, 1
)


def met(found: RequestValue, name: ClockName, when: str) -> RequestValue:
    return replace(found, clocks={**found.clocks, name: replace(found.clocks[name], met_at=at(when))})


def told(line: ClockLine) -> tuple[str, str, str]:
    return line.state, line.large, line.small


def first(found: RequestValue, now: str, reader: Reader = VERA) -> tuple[str, str, str]:
    return told(clock_lines(found, POLICY, at(now), reader)[0])


def step(found: RequestValue, now: str) -> tuple[str, str, str]:
    return told(clock_lines(found, POLICY, at(now), VERA)[1])


@pytest.mark.parametrize(
    ("now", "state", "large", "small"),
    [
        ("2026-11-24 10:00", "running", "2 h left", "First answer by 12:00"),
        ("2026-11-24 10:13", "running", "1 h 47 min left", "First answer by 12:00"),
        ("2026-11-24 11:30", "running", "30 min left", "First answer by 12:00"),
        ("2026-11-24 11:30:01", "soon", "29 min left", "First answer by 12:00"),
        ("2026-11-24 11:59:30", "soon", "less than 1 min left", "First answer by 12:00"),
        ("2026-11-24 12:00", "overdue", "Overdue", "First answer was due 12:00"),
        ("2026-11-24 12:18", "overdue", "18 min overdue", "First answer was due 12:00"),
        # Five working hours of Tuesday, none at night.
        ("2026-11-24 22:00", "overdue", "5 h overdue", "First answer was due 12:00"),
        ("2026-11-25 08:00", "overdue", "5 h overdue", "First answer was due Tue 24 Nov, 12:00"),
    ],
)
def test_the_first_answer_runs_gets_near_and_is_overdue(now: str, state: str, large: str, small: str) -> None:
    assert first(request(3), now) == (state, large, small)


def test_a_long_clock_is_near_when_less_than_a_quarter_is_left() -> None:
    answered = met(request(3), FIRST, "2026-11-24 10:30")
    assert step(answered, "2026-11-25 13:59")[0] == "running"
    assert step(answered, "2026-11-25 14:01") == ("soon", "3 h 59 min left", "Next step by Thu 26 Nov, 10:00")


def test_outside_working_hours_it_stands_still_and_says_until_when() -> None:
    large, small = "Paused, 1 h left", "First answer by Mon 30 Nov, 10:00. Resumes Mon 30 Nov, 09:00"
    assert first(request(3, "2026-11-27 16:00"), "2026-11-28 12:00") == ("paused", large, small)
    assert first(request(1, "2026-11-28 12:00"), "2026-11-28 12:00")[:2] == ("running", "1 h left")


def test_waiting_for_the_customer_stops_the_next_step_alone() -> None:
    waiting = request(3, waiting_since=at("2026-11-24 11:00"), runs_out_at=at("2026-11-24 12:00"))
    assert first(waiting, "2026-11-24 11:40")[:2] == ("soon", "20 min left")
    assert step(waiting, "2026-11-25 15:00") == ("paused", "Paused, 15 h left", "Since Tue 24 Nov, 11:00")


def test_a_step_that_waits_beyond_its_due_moment_is_not_overdue() -> None:
    due = request(1).clocks[STEP].due_at
    waiting = request(1, waiting_since=at("2026-11-24 11:00"), runs_out_at=None)
    assert step(waiting, "2026-11-24 15:00") == ("paused", "Paused, 3 h left", "Since 11:00")
    # It had run out before, by an hour of its own time.
    late = replace(waiting, waiting_since=due + (at("2026-11-24 11:00") - at(OPENED)))
    assert step(late, "2026-11-24 20:00")[:2] == ("overdue", "1 h overdue")


def test_what_was_done_while_the_customer_was_waited_for_took_no_longer_than_until_then() -> None:
    waiting = request(3, waiting_since=at("2026-11-24 11:00"), runs_out_at=None)
    assert step(met(waiting, STEP, "2026-11-24 14:00"), "2026-11-24 15:00")[:2] == ("met", "Done in 1 h")


def test_what_was_met_under_another_severity_is_told_on_its_own_clock() -> None:
    answered = met(request(1, "2026-11-28 12:00"), FIRST, "2026-11-28 12:20")
    assert first(replace(answered, severity=3), "2026-11-30 10:00")[1] == "Answered in 20 min"


def test_what_was_met_stays_with_how_long_it_took() -> None:
    assert first(met(request(3), FIRST, "2026-11-24 10:34"), "2026-11-24 15:00") == (
        "met",
        "Answered in 34 min",
        "First answer by 12:00",
    )
    late = met(request(3), FIRST, "2026-11-24 12:07")
    assert first(late, "2026-11-24 15:00") == ("missed", "Answered 7 min late", "First answer was due 12:00")
    paused = replace(request(3), pauses=(pause("2026-11-24 11:00", "2026-11-24 13:00"),))
    assert step(met(paused, STEP, "2026-11-24 14:00"), "2026-11-24 15:00")[:2] == ("met", "Done in 2 h")


def test_what_was_solved_first_has_ended_and_what_is_tracked_has_no_time() -> None:
    solved = request(3, solved_at=at("2026-11-24 11:00"), runs_out_at=None)
    assert first(solved, "2026-11-24 15:00")[:2] == ("ended", "Ended when it was solved")
    assert first(replace(solved, solved_at=at("2026-11-24 13:00")), "2026-11-24 15:00")[0] == "missed"
    assert step(request(5), OPENED)[0] == "tracked"


def test_who_reads_elsewhere_sees_both_clocks() -> None:
    assert first(request(3), OPENED, PAVEL)[2] == "First answer by 16:00 (12:00 CET)"
    russian = replace(PAVEL, language="ru")
    assert "24 нояб., 16:00 (12:00 CET)" in first(request(3), "2026-11-25 10:00", russian)[2]


def test_lists_show_the_clock_that_runs_out_first_then_what_is_left_of_it() -> None:
    def shown(found: RequestValue, now: datetime) -> str:
        return first_clock(found, POLICY, now, VERA).name

    assert shown(request(3), at(OPENED)) == FIRST
    answered = met(request(3), FIRST, "2026-11-24 10:30")
    assert shown(replace(answered, runs_out_at=answered.clocks[STEP].due_at), at(OPENED)) == STEP
    assert shown(replace(answered, runs_out_at=None, waiting_since=at(OPENED)), at(OPENED)) == STEP
    assert shown(replace(met(request(5), FIRST, "2026-11-24 10:30"), runs_out_at=None), at(OPENED)) == FIRST
