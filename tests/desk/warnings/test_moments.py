"""When there is something to tell of a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.desk.warnings.moments import News, Watched, news, tell_at

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# A clock of four hours.
CLOCK = Watched(START + 240 * MINUTE, START + 180 * MINUTE, START + 225 * MINUTE)
WARNED_ONCE = replace(CLOCK, is_share_told=True)
WARNED = replace(WARNED_ONCE, is_minutes_told=True)


@pytest.mark.parametrize(
    ("clock", "minute"),
    [
        (CLOCK, 180),
        (WARNED_ONCE, 225),
        (WARNED, 240),
        (replace(WARNED, is_breach_told=True), None),
        (replace(CLOCK, stopped_at=START + 100 * MINUTE), None),
        (replace(CLOCK, stopped_at=CLOCK.due_at), None),
        (replace(CLOCK, stopped_at=START + 241 * MINUTE), 240),
    ],
)
def test_a_clock_is_looked_at_next_when_something_is_to_be_told(clock: Watched, minute: int | None) -> None:
    assert tell_at(clock) == (None if minute is None else START + minute * MINUTE)


@pytest.mark.parametrize(
    ("clock", "minute", "told"),
    [
        (CLOCK, 179, None),
        (CLOCK, 180, News.WARNING),
        (WARNED_ONCE, 200, None),
        (CLOCK, 239, News.WARNING),
        (CLOCK, 240, None),
        (WARNED, 240, None),
        (WARNED, 241, News.BREACH),
        (CLOCK, 300, News.BREACH),
        (replace(CLOCK, stopped_at=START + 241 * MINUTE), 300, News.BREACH),
        (replace(CLOCK, stopped_at=START + 239 * MINUTE), 300, None),
        (replace(WARNED, is_breach_told=True), 300, None),
    ],
)
def test_warnings_come_before_the_due_moment_and_the_breach_after_it(
    clock: Watched, minute: int, told: News | None
) -> None:
    assert news(clock, START + minute * MINUTE) is told
