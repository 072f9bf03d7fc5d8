"""Half-open UTC intervals and the arithmetic on sorted lists of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The moments from ``start`` up to, and without, ``end``; both aware and in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share a moment; touching is not overlapping."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def padded(self, before: timedelta, after: timedelta) -> "Interval":
        """The interval with a margin on both sides."""
        return Interval(self.start - before, self.end + after)


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The same moments as sorted, disjoint, non-touching intervals; empty ones are dropped."""
    merged: list[Interval] = []
    for interval in sorted(item for item in intervals if item.start < item.end):
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def intersect(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """The moments in both; arguments and result are merged lists."""
    result: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            result.append(Interval(start, end))
        if left[i].end < right[j].end:
            i += 1
        else:
            j += 1
    return result


def subtract(whole: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """The moments of ``whole`` that are not in ``taken``; arguments and result are merged lists."""
    result: list[Interval] = []
    j = 0
    for interval in whole:
        start = interval.start
        while j < len(taken) and taken[j].end <= start:
            j += 1
        k = j
        while k < len(taken) and taken[k].start < interval.end:
            if start < taken[k].start:
                result.append(Interval(start, taken[k].start))
            start = max(start, taken[k].end)
            k += 1
        if start < interval.end:
            result.append(Interval(start, interval.end))
    return result
