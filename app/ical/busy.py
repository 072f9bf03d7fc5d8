"""Busy times on the command line: ``python -m app.ical.busy --serve``, or with PATH START END.

Lines ``PATH<tab>START<tab>END`` (``YYYYMMDDTHHMMSSZ``) are answered by one line of JSON each,
``{"busy": …}`` or ``{"error": …}``; floating times and whole days are read in UTC. What may take long is read
in a process that can be killed: the same code, with the same limits, that fills the replica.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.ical.confined import expand_all
from app.ical.errors import UnreadableCalendar
from app.ical.expand import SpanKind
from app.lib.intervals import Interval, merge

_FORM = "%Y%m%dT%H%M%SZ"


def busy(path: str, start: str, end: str) -> dict[str, object]:
    """The busy time of a file in a window, merged, or why it cannot be said."""
    try:
        window = Interval(*(datetime.strptime(text, _FORM).replace(tzinfo=UTC) for text in (start, end)))
        [expansion] = expand_all([Path(path).read_bytes()], window, "UTC")
    except (OSError, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    if isinstance(expansion, UnreadableCalendar):
        return {"error": f"unreadable: {expansion}"}
    spans = merge(Interval(s.start, s.end) for s in expansion.spans if s.kind is not SpanKind.FREE)
    answer: dict[str, object] = {"busy": [[_text(span.start), _text(span.end)] for span in spans]}
    if expansion.problems:
        answer["problems"] = [f"{problem.uid[:80]}: {problem.reason}" for problem in expansion.problems]
    return answer


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def main(arguments: list[str]) -> int:
    """Answer the lines of standard input, or the one question of the arguments."""
    if len(arguments) == 3:
        sys.stdout.write(json.dumps(busy(*arguments)) + "\n")
        return 0
    if arguments != ["--serve"]:
        sys.stderr.write("usage: python -m app.ical.busy --serve | PATH START END\n")
        return 2
    for line in sys.stdin:
        question = line.rstrip("\n").split("\t")
        answer = busy(*question) if len(question) == 3 else {"error": "not PATH<tab>START<tab>END"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
