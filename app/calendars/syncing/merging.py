"""Merged intervals as flat whole seconds, so that ten thousand of them can be mended in one place."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


def merge_pairs(pairs: Iterable[Pair]) -> list[Pair]:
    """The same seconds as sorted, disjoint, non-touching pairs; empty ones are dropped."""
    merged: list[Pair] = []
    last = None
    for start, end in sorted(pairs):
        if start >= end:
            continue
        if last is not None and start <= last:
            if end > last:
                merged[-1] = (merged[-1][0], end)
                last = end
        else:
            merged.append((start, end))
            last = end
    return merged


def clipped(pairs: Iterable[Pair], whole: Pair) -> list[Pair]:
    """The pairs as far as they lie inside ``whole``."""
    first, last = whole
    return [(max(start, first), min(end, last)) for start, end in pairs if start < last and first < end]


def packed(pairs: Iterable[Pair]) -> bytes:
    """Merged pairs in the form of app/lib/packed.py."""
    flat = array("q")
    for pair in pairs:
        flat.extend(pair)
    return flat.tobytes()


def mended(data: bytes, places: Sequence[Pair], now_there: Iterable[Pair]) -> bytes:
    """Packed intervals with everything inside the merged ``places`` replaced by ``now_there``.

    ``now_there`` are all intervals that meet one of the places, as far as they reach.
    """
    flat = array("q")
    flat.frombytes(data)
    starts, ends = flat[0::2], flat[1::2]
    for first, last in reversed(places):
        low, high = bisect_left(ends, first), bisect_right(starts, last)
        kept = [(start, end) for start, end in zip(starts[low:high], ends[low:high], strict=True)]
        left = [(start, min(end, first)) for start, end in kept if start < first]
        right = [(max(start, last), end) for start, end in kept if end > last]
        here = clipped(now_there, (first, last))
        joined = merge_pairs([*left, *here, *right])
        starts[low:high] = array("q", [start for start, _ in joined])
        ends[low:high] = array("q", [end for _, end in joined])
    whole = array("q", bytes(16 * len(starts)))
    whole[0::2], whole[1::2] = starts, ends
    return whole.tobytes()
