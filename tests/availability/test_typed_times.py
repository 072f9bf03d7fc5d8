"""Times as people type them."""

from datetime import time

import pytest

from app.availability.typed_times import read_time

MEANT = {
    "9": time(9),
    "09": time(9),
    "930": time(9, 30),
    "0930": time(9, 30),
    "9:30": time(9, 30),
    "9.30": time(9, 30),
    "9,30": time(9, 30),
    "9h30": time(9, 30),
    "17h": time(17),
    "17 ч": time(17),
    "1730": time(17, 30),
    "5pm": time(17),
    "5 PM": time(17),
    "5 p.m.": time(17),
    "5:30pm": time(17, 30),
    "12am": time(0),
    "12pm": time(12),
    " 9:30 ": time(9, 30),
    "24:00": time(0),
    "0": time(0),
}


@pytest.mark.parametrize("typed", MEANT)
def test_what_was_typed_means_a_time(typed: str) -> None:
    assert read_time(typed) == MEANT[typed]


@pytest.mark.parametrize(
    "typed",
    ["", "nine", "25", "9:60", "13pm", "0pm", "24:01", "9:3", "12345", "-9", "9:30:00", "٩", "9" * 50],
)
def test_what_means_nothing_is_no_time(typed: str) -> None:
    assert read_time(typed) is None
