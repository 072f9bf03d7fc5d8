"""The one cleaner of foreign text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.text import UncleanText, many_lines, one_line, scrubbed


@pytest.mark.parametrize(
    "hostile",
    [
        "a\rb",
        "a\nb",
        "a\x00b",
        "a\x0bb",
        "a\x85b",
        "a\u2028b",
        "a\u202eb",
        "a\u2066b",
        "a\ufffeb",
        "a\ud800b",
    ],
)
def test_a_name_with_a_control_character_is_refused(hostile: str) -> None:
    with pytest.raises(UncleanText) as refused:
        one_line(hostile)
    assert refused.value.reason == "characters"


def test_a_name_is_trimmed_and_composed() -> None:
    assert one_line("  Rene\u0301  ") == "René"


@pytest.mark.parametrize(("text", "reason"), [("   ", "empty"), ("x" * 201, "long")])
def test_a_name_must_have_a_sensible_length(text: str, reason: str) -> None:
    with pytest.raises(UncleanText) as refused:
        one_line(text)
    assert refused.value.reason == reason


def test_longer_texts_keep_their_lines_and_tabs() -> None:
    assert many_lines("one\r\ntwo\rthree\tfour\n") == "one\ntwo\nthree\tfour"


@given(st.text())
def test_scrubbed_text_is_always_one_line_that_could_have_been_typed(text: str) -> None:
    shown = scrubbed(text, 100)
    assert len(shown) <= 100
    assert len(shown.splitlines()) <= 1
    assert one_line(shown, 100, required=False) == shown.strip()
