"""Half-open intervals: the edge cases as tables, the arithmetic against sets of minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.intervals import Interval, intersect, merge, subtract
from app.lib.packed import PackedIntervals, pack, unpack

BASE = datetime(2026, 11, 23, tzinfo=UTC)


def span(start: int, end: int) -> Interval:
    return Interval(BASE + timedelta(minutes=start), BASE + timedelta(minutes=end))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 9, False),
        (0, 10, False),
        (0, 11, True),
        (10, 20, True),
        (12, 15, True),
        (20, 30, False),
        (21, 30, False),
    ],
    ids=["before", "touching", "overlapping", "equal", "inside", "touching after", "after"],
)
def test_overlap_is_half_open(start: int, end: int, expected: bool) -> None:
    assert span(10, 20).overlaps(span(start, end)) is expected
    assert span(start, end).overlaps(span(10, 20)) is expected


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 15)).map(lambda pair: span(pair[0], pair[0] + pair[1])),
    max_size=12,
)


def minutes(intervals: list[Interval]) -> set[int]:
    found: set[int] = set()
    for item in intervals:
        first = int((item.start - BASE).total_seconds() // 60)
        found |= set(range(first, first + int(item.length.total_seconds() // 60)))
    return found


@given(spans)
def test_merged_intervals_are_disjoint_sorted_and_the_same_moments(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert minutes(merged) == minutes(intervals)
    assert all(left.end < right.start for left, right in zip(merged, merged[1:], strict=False))


@given(spans, spans)
def test_intersection_and_difference_are_those_of_sets(left: list[Interval], right: list[Interval]) -> None:
    one, two = merge(left), merge(right)
    assert minutes(intersect(one, two)) == minutes(one) & minutes(two)
    assert minutes(subtract(one, two)) == minutes(one) - minutes(two)


@given(spans)
def test_packed_intervals_come_back_merged(intervals: list[Interval]) -> None:
    assert unpack(pack(intervals)) == merge(intervals)


@given(spans, st.integers(0, 70), st.integers(1, 10))
def test_unpacking_within_a_span_leaves_out_what_does_not_overlap(
    intervals: list[Interval], start: int, length: int
) -> None:
    within = span(start, start + length)
    expected = [item for item in merge(intervals) if item.overlaps(within)]
    assert unpack(pack(intervals), within) == expected


def test_packing_rounds_outwards_so_that_busy_time_never_shrinks() -> None:
    odd = Interval(BASE + timedelta(microseconds=5), BASE + timedelta(seconds=1, microseconds=5))
    assert unpack(pack([odd])) == [Interval(BASE, BASE + timedelta(seconds=2))]


@given(spans, spans)
def test_looking_near_spans_finds_what_overlaps_them_once(
    intervals: list[Interval], looked_at: list[Interval]
) -> None:
    asked = merge(looked_at)
    expected = [item for item in merge(intervals) if any(item.overlaps(span) for span in asked)]
    packed = PackedIntervals(pack(intervals))
    assert packed.overlapping(asked) == expected
    assert (list(packed), len(packed), packed[1:]) == (
        merge(intervals),
        len(merge(intervals)),
        merge(intervals)[1:],
    )
