"""Ends servers that tests started, also when the test run itself is killed and can end nothing any more."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# The shell waits on a pipe that only the test run holds open: it closes when the run ends, however it ends.
_WATCH = 'read -r _; kill -INT "$1" 2>/dev/null; sleep 1; kill -KILL "$1" 2>/dev/null; rm -rf "$2"'


@contextmanager
def ends_with_me(pid: int, folder: Path) -> Iterator[None]:
    """While open, the death of this process also ends ``pid`` and removes ``folder``."""
    with _watched(["/bin/sh", "-c", _WATCH, "sh", str(pid), str(folder)], folder):
        yield


# As above, for servers that a script of their own ends: its words come after the folder.
_LAST = 'folder="$1"; shift; read -r _; "$@" >/dev/null 2>&1; rm -rf "$folder"'


@contextmanager
def runs_when_i_die(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    """While open, the death of this process runs ``command``; ``folder`` is removed in the end either way."""
    with _watched(["/bin/sh", "-c", _LAST, "sh", str(folder), *command], folder, environ):
        yield


@contextmanager
def _watched(shell: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> Iterator[None]:
    """While open, a shell waits for this process to die; ``folder`` is removed in the end."""
    watch = subprocess.Popen(shell, stdin=subprocess.PIPE, env=environ, start_new_session=True)
    try:
        yield
    finally:
        watch.kill()
        watch.wait()
        if watch.stdin is not None:
            watch.stdin.close()
        shutil.rmtree(folder, ignore_errors=True)
