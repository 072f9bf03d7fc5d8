"""The real child, but it dies at certain titles: the ways of dying that no text is known to bring about.

COSTLY: as the kernel ends a process over its processor time, unless nothing is to be repeated. DEADLY: the
same in any case. KILLED-ONCE PATH: by somebody else, the first time, when PATH does not exist yet.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from app.ical import confined_child
from app.ical.frames import unframed


def _die(request: dict[str, Any]) -> None:
    texts = "".join(request["texts"])
    is_costly = "COSTLY" in texts and request.get("is_recurring", True)
    if is_costly or "DEADLY" in texts:
        os.kill(os.getpid(), signal.SIGXCPU)
    if "KILLED-ONCE" in texts:
        mark = Path(texts.split("KILLED-ONCE ")[1].split()[0])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Answer each text as the real one would, but for those that kill."""
    while (request := unframed(sys.stdin.buffer.read)) is not None:
        for text in request["texts"]:
            one = {**request, "texts": [text]}
            _die(one)
            confined_child._answer(one, sys.stdout.buffer)


if __name__ == "__main__":
    main()
