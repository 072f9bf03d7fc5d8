"""Waiting a moment for work that another process does, without tying up the whole server."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from app.lib import clock

T = TypeVar("T")

# Half of the server's 32 threads (scripts/serve.py): the other half goes on answering while these wait.
_WAITERS = threading.BoundedSemaphore(16)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.1


def watch(check: Callable[[], T | None], seconds: float = 2.0) -> T | None:
    """What ``check`` finds, looking again and again for at most ``seconds``; None when it found nothing.

    Each look must be a short transaction of its own. When half of the server's threads wait already, one
    look is all there is.
    """
    deadline = clock.monotonic() + seconds
    found = check()
    if found is not None or not _WAITERS.acquire(blocking=False):
        return found
    try:
        pause = _FIRST_PAUSE
        while found is None and clock.monotonic() < deadline:
            time.sleep(min(pause, max(0.0, deadline - clock.monotonic())))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            found = check()
        return found
    finally:
        _WAITERS.release()
