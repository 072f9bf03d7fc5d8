"""Foreign calendars expanded in processes that can be killed, for threads that must not hang with them.

A recurrence may ask for more time than there is (requirement 36), and one in Python's own loops would hold
the interpreter's lock against every other thread. Short texts that repeat nothing are read where they are.
"""

import atexit
import os
from collections import deque
from collections.abc import Iterator, Sequence
from queue import LifoQueue
from typing import Any

from app.ical.availability import Available
from app.ical.components import Component, read_components
from app.ical.confined_process import COMMAND, PATIENCE, Died, Process
from app.ical.errors import UnreadableCalendar
from app.ical.expand import Expansion, expand_root
from app.ical.frames import Answer, moment, pack_window, unpack_answer, unpack_problems
from app.ical.lines import decode
from app.ical.spans import Problem
from app.lib.intervals import Interval

_PROCESSES = 2
_SHORT = 16_384
_FEW = 40
_TOO_COSTLY = Problem("", "", "unreadable: takes more time or memory than working hours need")
_BATCH, _BATCH_SIZE, _BATCH_SECONDS = 100, 1 << 19, 2.0


class Pool:
    """A few processes, started when first needed; one asker each at a time, batches in turn."""

    def __init__(
        self, size: int = _PROCESSES, command: Sequence[str] = COMMAND, patience: float = PATIENCE
    ) -> None:
        self._size, self._command, self._patience = size, command, patience
        self.forget()

    def forget(self) -> None:
        """Begin without processes: those of a forked parent are not ours to speak with."""
        self._processes = [Process(self._command, self._patience) for _ in range(self._size)]
        self._idle: LifoQueue[Process] = LifoQueue()
        for process in self._processes:
            self._idle.put(process)

    def close(self) -> None:
        """End the processes; the next question starts new ones."""
        for process in self._processes:
            process.end()

    def ask(self, request: dict[str, Any], count: int) -> Iterator[Any]:
        """The ``count`` answers to a request as they come; raises Died in the middle when they end."""
        process = self._idle.get()
        try:
            yield from process.ask(request, count)
        finally:
            self._idle.put(process)

    def process_ids(self) -> list[int]:
        """The processes that run at the moment."""
        return [process.pid for process in self._processes if process.pid]


_POOL = Pool()
atexit.register(_POOL.close)
os.register_at_fork(after_in_child=_POOL.forget)


def expand_all(
    texts: Sequence[str | bytes],
    window: Interval,
    zone: str,
    owner_addresses: frozenset[str] = frozenset(),
    pool: Pool = _POOL,
) -> list[Answer]:
    """What each text takes of a window, as ``expand`` says, or UnreadableCalendar; never raises for a text.

    An event that takes more than two seconds of processor time, and all that comes after a text has taken
    its whole budget, is placed by its first occurrence and named in ``problems``.
    """
    found: dict[int, Answer] = {}
    waiting: deque[tuple[int, str]] = deque()
    for number, given in enumerate(texts):
        text = decode(given) if isinstance(given, bytes) else given
        answer = _here(text, window, zone, owner_addresses)
        if answer is None:
            waiting.append((number, text))
        else:
            found[number] = answer
    request = {
        "kind": "busy", "window": pack_window(window), "zone": zone, "owners": sorted(owner_addresses),
        "is_recurring": True, "seconds": _BATCH_SECONDS,
    }  # fmt: skip
    while waiting:
        found.update(_batch(waiting, request, pool))
    return [found[number] for number in range(len(texts))]


def expand_availability_all(
    texts: Sequence[str], window: Interval, zone: str, pool: Pool = _POOL
) -> list[Available]:
    """``expand_availability`` in such a process; when that takes too long, none of the texts can be read."""
    request = {"kind": "availability", "window": pack_window(window), "zone": zone, "texts": list(texts)}
    answer = _available(request, pool)
    if answer is None:
        return [Available(None, (_TOO_COSTLY,)) for _ in texts]
    return [
        Available(
            None if spans is None else tuple(Interval(moment(a), moment(b)) for a, b in spans),
            unpack_problems(problems),
        )
        for spans, problems in answer["available"]
    ]


def _here(text: str, window: Interval, zone: str, owners: frozenset[str]) -> Answer | None:
    """The answer for a short text that repeats nothing, whose cost its length bounds; None for others."""
    if len(text) > _SHORT:
        return None
    try:
        root = read_components(text)
        return expand_root(root, window, zone, owners) if _is_plain(root) else None
    except UnreadableCalendar as error:
        return error


def _is_plain(root: Component) -> bool:
    onsets = sum(len(zone.children) for zone in root.walk("VTIMEZONE"))
    return onsets <= _FEW and not any(
        line.name in ("RRULE", "RDATE") for event in root.walk("VEVENT") for line in event.lines
    )


def _batch(waiting: deque[tuple[int, str]], request: dict[str, Any], pool: Pool) -> dict[int, Answer]:
    """Answers to the first of those that wait; what was put off or lost with its process waits on."""
    batch: list[tuple[int, str]] = []
    size = 0
    while waiting and len(batch) < _BATCH and (not batch or size + len(waiting[0][1]) <= _BATCH_SIZE):
        batch.append(waiting.popleft())
        size += len(batch[-1][1])
    found: dict[int, Answer] = {}
    done = 0
    try:
        for answer in pool.ask({**request, "texts": [text for _, text in batch]}, len(batch)):
            # Once one is put off, so are all that follow.
            if "later" not in answer:
                found[batch[done][0]] = unpack_answer(answer)
                done += 1
    except Died as death:
        number, text = batch[done]
        done += 1
        found[number] = _suspect(text, request, pool, death.by_itself)
    waiting.extendleft(reversed(batch[done:]))
    return found


def _suspect(text: str, request: dict[str, Any], pool: Pool, is_guilty: bool) -> Answer:
    """What a text comes to whose process died: in full if that was no fault of its own, else its firsts."""
    alone = {**request, "texts": [text]}
    for is_recurring in (False,) if is_guilty else (True, False):
        try:
            [answer] = pool.ask({**alone, "is_recurring": is_recurring}, 1)
            return unpack_answer(answer)
        except Died:
            continue
    return UnreadableCalendar("takes more time or memory than any calendar needs")


def _available(request: dict[str, Any], pool: Pool) -> dict[str, Any] | None:
    """The answer about availability; None when its texts cost too much, or the process was killed twice."""
    for _ in range(2):
        try:
            [answer] = pool.ask(request, 1)
            return dict(answer)
        except Died as death:
            if death.by_itself:
                break
    return None


__all__ = ["Answer", "Available", "Expansion", "Pool", "expand_all", "expand_availability_all"]
