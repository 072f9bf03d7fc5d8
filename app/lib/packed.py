"""Merged intervals as bytes: pairs of 64-bit seconds since 1970, quick to store, read and search."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from app.lib.intervals import Interval, merge

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware moment."""
    return int((moment - _ZERO).total_seconds())


def pack(intervals: Iterable[Interval]) -> bytes:
    """The same moments, merged and rounded outwards to whole seconds."""
    flat = array("q")
    for interval in merge(intervals):
        end = seconds(interval.end) + (1 if interval.end.microsecond else 0)
        flat.extend((seconds(interval.start), end))
    return flat.tobytes()


class PackedIntervals(Sequence[Interval]):
    """Merged intervals that become objects only where somebody looks: having thousands costs nothing."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, data: bytes, within: Interval | None = None) -> None:
        flat = array("q")
        flat.frombytes(data)
        starts, ends = flat[0::2], flat[1::2]
        if within is not None:
            first = bisect_right(ends, seconds(within.start))
            last = bisect_left(starts, seconds(within.end))
            starts, ends = starts[first:last], ends[first:last]
        self._starts, self._ends = starts, ends

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: Any) -> Any:
        """One Interval, or a list of them for a slice."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return Interval(_moment(self._starts[index]), _moment(self._ends[index]))

    def __iter__(self) -> Iterator[Interval]:
        return (self[number] for number in range(len(self)))

    def overlapping(self, spans: Iterable[Interval]) -> list[Interval]:
        """Those that overlap one of the merged ``spans``, in order, each once."""
        found: list[Interval] = []
        seen = 0
        for span in spans:
            first = max(seen, bisect_right(self._ends, seconds(span.start), seen))
            seen = bisect_left(self._starts, seconds(span.end), first)
            found.extend(self[first:seen])
        return found


def _moment(since: int) -> datetime:
    return datetime.fromtimestamp(since, UTC)


def unpack(data: bytes, within: Interval | None = None) -> list[Interval]:
    """The merged intervals again; with ``within``, only those that overlap it."""
    return list(PackedIntervals(data, within))
