"""Busy times by ``python -m app.ical.busy --serve``, judged by the answers that several engines agree on."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.lib.intervals import Interval, intersect, merge, subtract

_ROOT = Path(__file__).parents[2]
_SURE = ("agreed", "majority", "rfc")


@dataclass(frozen=True)
class Case:
    """A file, a window as it is asked for, and what is known about it."""

    path: Path
    window: tuple[str, str]
    verdict: str
    busy: Sequence[Sequence[str]]


def read_cases(folder: Path, prefix: str = "") -> list[Case]:
    """The cases of an ``expected.json``, whose files lie below ``folder`` without ``prefix``."""
    cases = json.loads((folder / "expected.json").read_text())["cases"]
    return [
        Case(
            folder / case["file"].removeprefix(prefix),
            case["window"],
            case["verdict"],
            case.get("busy") or [],
        )
        for case in cases
    ]


def serve(questions: Iterable[tuple[Path, tuple[str, str]]]) -> list[dict[str, Any]]:
    """The answers of one fresh process to one question after the other."""
    lines = "".join(f"{path}\t{start}\t{end}\n" for path, (start, end) in questions)
    ran = subprocess.run(
        [sys.executable, "-m", "app.ical.busy", "--serve"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        cwd=_ROOT,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def wrong_answers(cases: Sequence[Case]) -> list[str]:
    """What is wrong, a line for each case; where engines disagree, any answer is right."""
    answers = serve((case.path, case.window) for case in cases)
    assert len(answers) == len(cases)
    judged = ((case, _judged(case, answer)) for case, answer in zip(cases, answers, strict=True))
    return [f"{case.path.name} {case.window[0]}: {complaint}" for case, complaint in judged if complaint]


def _judged(case: Case, answer: dict[str, Any]) -> str:
    if "error" not in answer and "busy" not in answer:
        return "no answer"
    if case.verdict == "unreadable":
        return "" if "error" in answer else "free instead of unreadable"
    if case.verdict not in _SURE:
        return ""
    if "error" in answer:
        return f"refused: {answer['error']}" if case.busy else ""
    window = Interval(*(datetime.strptime(f"{text}+0000", "%Y%m%dT%H%M%SZ%z") for text in case.window))
    wanted, got = _within(case.busy, window), _within(answer["busy"], window)
    missing, extra = subtract(wanted, got), subtract(got, wanted)
    return f"missing {missing[0]}" if missing else f"too much {extra[0]}" if extra else ""


def _within(pairs: Sequence[Sequence[str]], window: Interval) -> list[Interval]:
    times = (Interval(*(datetime.fromisoformat(text) for text in pair)) for pair in pairs)
    return intersect(merge(times), [window])
