"""The agreed answers of the large corpus, where it is here; ``own/`` alone, to stay quick."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.ical.expand import SpanKind, UnreadableCalendar, expand
from app.lib.intervals import Interval, intersect, merge, subtract

_SURE = ("agreed", "majority", "rfc")
# UNTIL as a date keeps its last day with us: for busy time the wide reading is the safe one.
_WIDER_ON_PURPOSE = {"own/rr-until-date-on-datetime.ics"}


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _busy(folder: Path, case: dict[str, Any]) -> list[Interval] | None:
    window = Interval(*map(_moment, case["window"]))
    try:
        spans = expand((folder / case["file"]).read_bytes(), window, "UTC").spans
    except UnreadableCalendar:
        return None
    return intersect(merge(Interval(s.start, s.end) for s in spans if s.kind is not SpanKind.FREE), [window])


def _wanted(case: dict[str, Any]) -> list[Interval]:
    window = Interval(*map(_moment, case["window"]))
    times = [Interval(*map(datetime.fromisoformat, pair)) for pair in case["busy"]]
    return intersect(merge(times), [window])


def test_corpus_is_read_as_the_engines_agree(calendar_corpus: Path) -> None:
    cases = json.loads((calendar_corpus / "expected.json").read_text())["cases"]
    wrong: list[str] = []
    for case in cases:
        if not case["file"].startswith("own/"):
            continue
        got = _busy(calendar_corpus, case)
        if case["verdict"] == "unreadable" and got is not None:
            wrong.append(f"{case['file']}: free instead of unreadable")
        elif case["verdict"] in _SURE:
            wanted = _wanted(case)
            if subtract(wanted, got or []):
                wrong.append(f"{case['file']}: busy time is missing")
            elif got and subtract(got, wanted) and case["file"] not in _WIDER_ON_PURPOSE:
                wrong.append(f"{case['file']}: too much busy time")
    assert not wrong, "\n".join(wrong)
