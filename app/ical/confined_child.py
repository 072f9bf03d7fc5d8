"""The process in which foreign calendars are expanded: ``python -m app.ical.confined_child``.

It reads frames from standard input and answers on standard output, one frame for each text, until its parent
closes the pipe or dies. It has no secrets, no database and no network to lose; the kernel ends it when a text
takes more memory or processor time than it may, which no signal handler in Python could promise.
"""

import os
import resource
import signal
import sys
import time
from math import ceil
from types import FrameType, TracebackType
from typing import Any, BinaryIO

from app.ical.availability import expand_availability
from app.ical.budget import Overrun
from app.ical.components import read_components
from app.ical.errors import UnreadableCalendar
from app.ical.expand import expand_root
from app.ical.frames import framed, pack_answer, pack_problems, seconds, unframed, unpack_window

EVENT_SECONDS = 2.0
_HASTY_SECONDS = 0.005
_AGAIN = 0.05
_MEGABYTE = 1 << 20
_MEMORY = 768 * _MEGABYTE
OUT_OF_MEMORY = 3


def budget(size: int) -> float:
    """How many seconds of processor time the recurrences of a text of ``size`` characters may take."""
    return 4 + 3 * size / _MEGABYTE


class Meter:
    """The guard of one text: two seconds for each event, hardly any once half of the text's time is gone."""

    def __init__(self, allowed: float) -> None:
        self.allowed, self.used, self.begun = allowed, 0.0, 0.0
        self.is_armed = False
        signal.signal(signal.SIGPROF, self._overrun)

    def __call__(self) -> "Meter":
        return self

    def __enter__(self) -> None:
        if self.used >= self.allowed:
            raise Overrun
        self.begun, self.is_armed = time.process_time(), True
        limit = EVENT_SECONDS if self.used < self.allowed / 2 else _HASTY_SECONDS
        signal.setitimer(signal.ITIMER_PROF, limit, _AGAIN)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.used += time.process_time() - self.begun

    def _overrun(self, number: int, frame: FrameType | None) -> None:
        # A late signal must not hit what comes after the event.
        if self.is_armed:
            raise Overrun


def _limit_processor(allowed: float) -> None:
    """Let the kernel end this process (SIGXCPU) after that many more seconds of processor time."""
    _limit(resource.RLIMIT_CPU, ceil(time.process_time() + allowed))


def _limit(kind: int, wanted: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _expanded(text: str, request: dict[str, Any]) -> dict[str, Any]:
    is_recurring = request["is_recurring"]
    allowed = budget(len(text)) if is_recurring else 0.0
    _limit_processor(allowed + 2 + 2 * len(text) / _MEGABYTE)
    try:
        root = read_components(text)
        window, owners = unpack_window(request["window"]), frozenset(request["owners"])
        meter = Meter(allowed or EVENT_SECONDS)
        return pack_answer(
            expand_root(root, window, request["zone"], owners, guard=meter, is_recurring=is_recurring)
        )
    except UnreadableCalendar as error:
        return pack_answer(error)


def _available(texts: list[str], request: dict[str, Any]) -> dict[str, Any]:
    _limit_processor(budget(sum(map(len, texts))) + 2)
    found = expand_availability(texts, unpack_window(request["window"]), request["zone"])
    return {
        "available": [
            [
                None if item.spans is None else [[seconds(s.start), seconds(s.end)] for s in item.spans],
                pack_problems(item.problems),
            ]
            for item in found
        ]
    }


def _answer(request: dict[str, Any], out: BinaryIO) -> None:
    """One frame for each text; once the request's seconds are gone, ``later`` for the rest."""
    texts: list[str] = request["texts"]
    if request["kind"] == "availability":
        out.write(framed(_available(texts, request)))
    else:
        end = time.process_time() + request["seconds"]
        for number, text in enumerate(texts):
            is_late = number > 0 and time.process_time() > end
            out.write(framed({"later": True} if is_late else _expanded(text, request)))
            out.flush()
    out.flush()


def main() -> None:
    """Answer until standard input ends."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, _MEMORY)
    # The terminal's Ctrl-C is the parent's to answer; its end closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (request := unframed(sys.stdin.buffer.read)) is not None:
        try:
            _answer(request, sys.stdout.buffer)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
