"""The figures of a report, and its months."""

from datetime import UTC, datetime, timedelta

import pytest

from app.desk.reports.chart import chart
from app.desk.reports.figures import Figures, Measured, Outcome, figures, nearest_rank, outcome
from app.desk.reports.values import Month, months_between, read_month
from app.desk.requests.values import ClockName

DUE = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST, STEP = ClockName.FIRST_RESPONSE, ClockName.NEXT_STEP


def at(minutes: int | None) -> datetime | None:
    return None if minutes is None else DUE + minutes * MINUTE


@pytest.mark.parametrize(
    ("met", "stopped", "is_solved", "now", "expected"),
    [
        (-1, None, False, 99, Outcome.KEPT),
        (0, None, False, 99, Outcome.KEPT),
        (1, None, False, 99, Outcome.MISSED),
        (None, None, False, -1, Outcome.RUNNING),
        (None, None, False, 1, Outcome.MISSED),
        # It stands still since before it ran out: waiting for the customer, or solved.
        (None, -1, False, 99, Outcome.RUNNING),
        (None, -1, True, 99, Outcome.NOT_NEEDED),
        (None, 1, True, 99, Outcome.MISSED),
    ],
)
def test_what_becomes_of_a_clock_is_kept_missed_or_open(
    met: int | None, stopped: int | None, is_solved: bool, now: int, expected: Outcome
) -> None:
    assert outcome(DUE, at(met), at(stopped), is_solved=is_solved, now=DUE + now * MINUTE) is expected


@pytest.mark.parametrize(
    ("count", "median", "most"),
    [(0, None, None), (1, 1, 1), (2, 1, 2), (3, 2, 3), (10, 5, 9), (11, 6, 10), (20, 10, 18)],
)
def test_ranks_are_times_that_were_taken(count: int, median: int | None, most: int | None) -> None:
    times = [number * MINUTE for number in range(count, 0, -1)]
    found = [nearest_rank(times, percent) for percent in (50, 90)]
    assert found == [None if rank is None else rank * MINUTE for rank in (median, most)]


def test_each_severity_and_clock_has_its_own_figures() -> None:
    items = [
        Measured(3, STEP, Outcome.RUNNING, None),
        Measured(1, FIRST, Outcome.KEPT, 20 * MINUTE),
        Measured(1, FIRST, Outcome.MISSED, 70 * MINUTE),
        Measured(1, FIRST, Outcome.MISSED, None),
        Measured(3, FIRST, Outcome.NOT_NEEDED, None),
    ]
    assert figures(items) == (
        Figures(1, FIRST, 1, 2, 0, 0, 20 * MINUTE, 70 * MINUTE),
        Figures(3, FIRST, 0, 0, 0, 1, None, None),
        Figures(3, STEP, 0, 0, 1, 0, None, None),
    )


def test_the_longest_bar_is_as_wide_as_the_chart_and_the_others_in_proportion() -> None:
    drawn = chart(
        [
            Figures(1, FIRST, 3, 1, 0, 0, None, None),
            Figures(1, STEP, 0, 0, 2, 0, None, None),
            Figures(3, FIRST, 1, 0, 0, 0, None, None),
        ]
    )
    assert [(bar.index, bar.kept, bar.missed) for bar in drawn.bars] == [(0, 75, 25), (2, 25, 0)]
    assert drawn.height > drawn.bars[-1].bar_y > drawn.bars[0].bar_y


def test_months_are_those_of_the_service_zone() -> None:
    span = Month(2026, 12).span("Europe/Bratislava")
    assert span.start == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert span.end == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert [month.text for month in months_between(Month(2025, 11), Month(2026, 1))] == [
        "2026-01",
        "2025-12",
        "2025-11",
    ]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "1999-01", "２０２６-01", "2026_01"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert read_month(text) is None


def test_a_month_is_read_as_it_is_written() -> None:
    assert read_month("2026-11") == Month(2026, 11) and Month(2026, 11).text == "2026-11"
