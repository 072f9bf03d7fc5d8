"""Each file of tests/ics says by its name what holds; the answer stands beside it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.ical.expand import expand
from app.lib.intervals import Interval

_FOLDER = Path(__file__).parent.parent / "ics"
_FILES = sorted(path.stem for path in _FOLDER.glob("*.ics"))


def _answer(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("name", _FILES)
def test_file_means_what_its_name_says(name: str) -> None:
    answer = _answer(name)
    window = Interval(*map(datetime.fromisoformat, answer["window"]))
    expansion = expand(
        (_FOLDER / f"{name}.ics").read_bytes(), window, answer["zone"], frozenset(answer.get("owners", ()))
    )
    spans = [(span.kind.value, span.start, span.end) for span in expansion.spans]
    expected = [(kind, *map(datetime.fromisoformat, times)) for kind, *times in answer["spans"]]
    assert spans == expected
    assert sorted(problem.reason for problem in expansion.problems) == answer["problems"]


def test_every_file_has_an_answer() -> None:
    assert _FILES
    assert sorted(path.stem for path in _FOLDER.glob("*.json")) == _FILES
