"""One child process and the pipes to it, seen from its parent."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.ical.confined_child import OUT_OF_MEMORY, budget
from app.ical.frames import framed, unframed
from app.lib.clock import monotonic

_ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "app.ical.confined_child")
# What Python may need to start; everything else of the environment, secrets first, stays here.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
PATIENCE = 30.0
_CHUNK = 1 << 16


class Died(Exception):
    """The process is gone; ``by_itself``: it was ended for what its text cost, not by somebody else."""

    def __init__(self, *, by_itself: bool) -> None:
        super().__init__("by its limits" if by_itself else "from outside")
        self.by_itself = by_itself


class Process:
    """A child that is started when asked, and anew after each death; for one thread at a time.

    ``patience``: seconds on the clock that it may be silent beyond what its text may take.
    """

    def __init__(self, command: Sequence[str] = COMMAND, patience: float = PATIENCE) -> None:
        self._command, self._patience = command, patience
        self._child: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0

    @property
    def pid(self) -> int:
        """Its process id, 0 when none runs."""
        return self._child.pid if self._child is not None else 0

    def ask(self, request: dict[str, Any], count: int) -> Iterator[Any]:
        """The ``count`` answers to a request, as they come. Raises Died; a reader that stops ends the child.

        The processor time of a text is limited in the child, by the kernel; here only the wall clock, with
        much patience, for a child that no longer runs at all.
        """
        patience = self._patience * (1 + budget(sum(map(len, request["texts"]))) / budget(0))
        done = 0
        try:
            child = self._started()
            self._deadline = monotonic() + patience
            self._write(child, framed(request))
            while done < count:
                self._deadline = monotonic() + patience
                answer = unframed(lambda size: self._read(child, size))
                if answer is None:
                    raise BrokenPipeError
                done += 1
                yield answer
        except (OSError, TimeoutError) as error:
            raise Died(by_itself=self._ended_itself()) from error
        finally:
            if done < count:
                self.end()

    def end(self) -> None:
        """Kill it, if it runs."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.end()
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=_ROOT,
                env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            )
            for pipe in (self._child.stdin, self._child.stdout):
                os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]
        return self._child

    def _ended_itself(self) -> bool:
        """Whether its own limits ended it: processor time (SIGXCPU) or memory."""
        child = self._child
        if child is None:
            return False
        try:
            # The pipe closes a moment before the process can be waited for.
            code = child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return False
        return code in (-signal.SIGXCPU, OUT_OF_MEMORY)

    def _left(self) -> int:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return max(int(left * 1000), 1)

    def _write(self, child: subprocess.Popen[bytes], data: bytes) -> None:
        descriptor = child.stdin.fileno()  # type: ignore[union-attr]
        waiter = select.poll()
        waiter.register(descriptor, select.POLLOUT)
        view = memoryview(data)
        while view:
            if waiter.poll(self._left()):
                view = view[os.write(descriptor, view[:_CHUNK]) :]

    def _read(self, child: subprocess.Popen[bytes], size: int) -> bytes:
        descriptor = child.stdout.fileno()  # type: ignore[union-attr]
        waiter = select.poll()
        waiter.register(descriptor, select.POLLIN)
        found = bytearray()
        while len(found) < size:
            if waiter.poll(self._left()):
                piece = os.read(descriptor, min(size - len(found), 1 << 20))
                if not piece:
                    break
                found += piece
        return bytes(found)
