"""Mending a picture in some places gives what merging everything again would."""

from hypothesis import given
from hypothesis import strategies as st

from app.calendars.syncing.merging import Pair, clipped, mended, merge_pairs, packed

MOMENT, LENGTH = st.integers(0, 60), st.integers(1, 9)
PAIR = st.builds(lambda start, length: (start, start + length), MOMENT, LENGTH)


def test_touching_pairs_become_one_and_empty_ones_none() -> None:
    assert merge_pairs([(5, 7), (1, 3), (3, 4), (9, 9), (6, 8)]) == [(1, 4), (5, 8)]


def test_what_reaches_outside_is_cut_off() -> None:
    assert clipped([(0, 2), (1, 5), (4, 9), (9, 12)], (2, 9)) == [(2, 5), (4, 9)]


@given(st.lists(PAIR, max_size=12), st.lists(PAIR, max_size=4), st.lists(PAIR, max_size=4))
def test_a_mended_picture_is_the_one_made_anew(stay: list[Pair], go: list[Pair], come: list[Pair]) -> None:
    places = merge_pairs([*go, *come])
    there = [*stay, *come]
    met = [pair for pair in there if any(pair[0] < end and start < pair[1] for start, end in places)]
    assert mended(packed(merge_pairs([*stay, *go])), places, met) == packed(merge_pairs(there))
