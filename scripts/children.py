"""Child processes that are started again when they die, whose output is shown, and that never outlive us."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0
_STOP_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1

# Looked up before any fork: the child must not load anything.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """One process to keep running; ``arguments`` are those of this Python.

    Lines of its output that contain ``noise`` are not shown.
    """

    name: str
    arguments: list[str]
    noise: str = ""
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause: float = 0.5
    unfinished: bytes = field(default=b"", repr=False)


class Family:
    """The children, in the order of their start; they are stopped in the opposite order."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = dict(environ)
        self.children: list[Child] = []
        self.is_stopping = False
        self._selector = selectors.DefaultSelector()

    def start(self, child: Child) -> None:
        """Start a child now and look after it from now on."""
        self.children.append(child)
        self._spawn(child)

    def look_after(self, seconds: float) -> None:
        """Show what the children print for up to ``seconds``, and start again those that have died."""
        for key, _ in self._selector.select(seconds):
            self._show(key.data)
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child)
            if child.process is None and not self.is_stopping and time.monotonic() >= child.restart_at:
                self._spawn(child)

    def stop(self) -> None:
        """End all, the last started first, each with ten seconds to finish what it is doing."""
        self.is_stopping = True
        for child in reversed(self.children):
            if child.process is None:
                continue
            child.process.terminate()
            deadline = time.monotonic() + _STOP_SECONDS
            while child.process is not None and child.process.poll() is None and time.monotonic() < deadline:
                self.look_after(0.05)
            if child.process is not None:
                child.process.kill()
                child.process.wait()

    def _spawn(self, child: Child) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            # Killed with -9 we could end nobody: the kernel does it. (Linux alone has this.)
            if _libc is not None:
                _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != parent:
                    os._exit(1)

        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
        # The hook is safe because this process has no threads.
        child.process = subprocess.Popen(  # noqa: PLW1509
            [sys.executable, *child.arguments],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        child.started_at = time.monotonic()
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _note_death(self, child: Child) -> None:
        assert child.process is not None and child.process.stdout is not None
        self._show(child)
        with contextlib.suppress(KeyError):
            self._selector.unregister(child.process.stdout)
        child.process.stdout.close()
        status = child.process.returncode
        child.process = None
        if self.is_stopping:
            return
        lasted = time.monotonic() - child.started_at
        child.pause = 0.5 if lasted > _STEADY_SECONDS else min(_LONGEST_PAUSE, child.pause * 2)
        child.restart_at = time.monotonic() + child.pause
        say(f"{child.name} ended with status {status}; starting it again in {child.pause:g} s")

    def _show(self, child: Child) -> None:
        assert child.process is not None and child.process.stdout is not None
        try:
            data = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        if not data:
            # The pipe is closed: nothing more to wake up for, while the process may live on for a moment.
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.process.stdout)
        *lines, child.unfinished = (child.unfinished + data).split(b"\n")
        if not data and child.unfinished:
            lines, child.unfinished = [*lines, child.unfinished], b""
        for line in lines:
            text = line.decode(errors="replace")
            if not child.noise or child.noise not in text:
                say(f"{child.name:7}| {text}")


def say(text: str) -> None:
    """Print a line, unless nobody listens any more (the terminal was closed)."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
