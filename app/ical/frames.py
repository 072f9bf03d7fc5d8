"""What goes to the processes that expand calendars and back: JSON of plain values, framed by length."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.ical.errors import UnreadableCalendar
from app.ical.spans import Expansion, Problem, Span, SpanKind
from app.lib.intervals import Interval

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_HEAD = 4

Answer = Expansion | UnreadableCalendar


def framed(value: Any) -> bytes:
    """The bytes of a frame: its length in four bytes, big-endian, then the JSON."""
    data = json.dumps(value).encode()
    return len(data).to_bytes(_HEAD, "big") + data


def unframed(read: Callable[[int], bytes]) -> Any:
    """The next frame, by a function that reads exactly so many bytes or fewer at the end; None there."""
    head = read(_HEAD)
    if len(head) < _HEAD:
        return None
    size = int.from_bytes(head, "big")
    data = read(size)
    return json.loads(data) if len(data) == size else None


def seconds(moment: datetime) -> int:
    """A moment as whole seconds since 1970; works for every year of a calendar."""
    return (moment - _EPOCH) // _SECOND


def moment(number: int) -> datetime:
    """Seconds since 1970 as an aware UTC moment."""
    return _EPOCH + timedelta(seconds=number)


def pack_window(window: Interval) -> list[str]:
    """A window, to the microsecond."""
    return [window.start.isoformat(), window.end.isoformat()]


def unpack_window(packed: list[str]) -> Interval:
    """The window that ``pack_window`` packed."""
    start, end = (datetime.fromisoformat(text).astimezone(UTC) for text in packed)
    return Interval(start, end)


def pack_answer(answer: Answer) -> dict[str, Any]:
    """An expansion, or why there is none, as plain values."""
    if isinstance(answer, UnreadableCalendar):
        return {"error": str(answer)[:500]}
    # Many spans of a series share a UID.
    uids = {uid: number for number, uid in enumerate(dict.fromkeys(span.uid for span in answer.spans))}
    return {
        "uids": list(uids),
        "spans": [
            [uids[s.uid], s.kind.value, seconds(s.start), seconds(s.end), s.is_all_day] for s in answer.spans
        ],
        "problems": pack_problems(answer.problems),
    }


def unpack_answer(packed: dict[str, Any]) -> Answer:
    """The answer that ``pack_answer`` packed."""
    if "error" in packed:
        return UnreadableCalendar(packed["error"])
    uids = packed["uids"]
    spans = tuple(
        Span(uids[uid], SpanKind(kind), moment(start), moment(end), is_all_day)
        for uid, kind, start, end, is_all_day in packed["spans"]
    )
    return Expansion(spans, unpack_problems(packed["problems"]))


def pack_problems(problems: tuple[Problem, ...]) -> list[list[str]]:
    """Problems as plain values."""
    return [[problem.uid, problem.summary, str(problem.reason)] for problem in problems]


def unpack_problems(packed: list[list[str]]) -> tuple[Problem, ...]:
    """The problems that ``pack_problems`` packed."""
    return tuple(Problem(uid, summary, reason) for uid, summary, reason in packed)
