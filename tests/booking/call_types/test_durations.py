"""Lengths of time as people write them."""

import pytest

from app.booking.call_types.durations import duration_text, read_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30", 30),
        ("30 min", 30),
        ("2 h", 120),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("24 H", 1440),
        ("3 days", 4320),
        ("1 week", 10080),
        (" 0 min. ", 0),
        ("2 ч 15 мин", 135),
        ("1 день", 1440),
    ],
)
def test_people_write_lengths_of_time_in_many_ways(text: str, minutes: int) -> None:
    assert read_duration(text) == minutes


@pytest.mark.parametrize("text", ["", " ", "soon", "-5", "1.5 h", "2 x", "h 2", "30 min later", "1,5"])
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert read_duration(text) is None


@pytest.mark.parametrize(
    ("minutes", "english", "russian"),
    [
        (0, "0 min", "0 мин"),
        (45, "45 min", "45 мин"),
        (90, "1 h 30 min", "1 ч 30 мин"),
        (1440, "24 h", "24 ч"),
        (2880, "2 days", "2 д"),
        (3000, "50 h", "50 ч"),
    ],
)
def test_lengths_of_time_are_written_as_they_are_read(minutes: int, english: str, russian: str) -> None:
    assert (duration_text(minutes, "en"), duration_text(minutes, "ru")) == (english, russian)
    assert read_duration(english) == read_duration(russian) == minutes
