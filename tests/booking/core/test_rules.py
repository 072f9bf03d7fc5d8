"""Spans that a call reserves, and what its request may say."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.booking.rules import fingerprint, outside, spans_to_reserve
from app.booking.values import BookingRequest
from app.lib.intervals import Interval

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def span(start: float, end: float) -> Interval:
    return Interval(AT + timedelta(hours=start), AT + timedelta(hours=end))


@pytest.mark.parametrize(
    ("old", "new", "spans"),
    [
        (span(0, 1), None, [span(0, 1)]),
        (span(0, 1), span(0, 1), [span(0, 1)]),
        (span(0, 1), span(0.5, 1.5), [span(0, 1.5)]),
        (span(0, 1), span(-0.5, 0.5), [span(-0.5, 1)]),
        (span(0, 1), span(1, 2), [span(0, 1), span(1, 2)]),
        (span(0, 1), span(4, 5), [span(0, 1), span(4, 5)]),
    ],
)
def test_a_move_reserves_both_times_or_their_hull(
    old: Interval, new: Interval | None, spans: list[Interval]
) -> None:
    assert spans_to_reserve(old, new) == spans


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [span(0, 2)]),
        ([span(-1, 1)], [span(1, 2)]),
        ([span(1, 3)], [span(0, 1)]),
        ([span(0.5, 1)], [span(0, 0.5), span(1, 2)]),
        ([span(-1, 3)], []),
        ([span(2, 3)], [span(0, 2)]),
        ([span(0, 1), span(1, 2)], []),
    ],
)
def test_what_is_not_taken_yet(taken: list[Interval], left: list[Interval]) -> None:
    assert outside(span(0, 2), taken) == left


def test_the_fingerprint_is_of_the_moment_not_of_its_writing() -> None:
    there = timezone(timedelta(hours=5))
    same = [
        BookingRequest("product-support", start, "", "video", "", key)
        for start, key in ((AT, "one"), (AT.astimezone(there), "two"))
    ]
    assert fingerprint(same[0]) == fingerprint(same[1])
    assert fingerprint(same[0]) != fingerprint(BookingRequest("product-support", AT, "x", "video", "", "one"))
