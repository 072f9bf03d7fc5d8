"""The whole service as ``make run`` starts it: every process real, in a folder and on ports of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support.ports import free_port, wait_until

ROOT = Path(__file__).parents[2]
# A word of the command line that no other child has.
_COMMANDS = {"caldav": b"radicale", "web": b"scripts.serve", "worker": b"worker"}


@dataclass
class RunningService:
    """A started service; ``output`` is the file with everything that it printed."""

    environ: dict[str, str]
    process: "subprocess.Popen[bytes]"
    output: Path

    @property
    def url(self) -> str:
        """Where its pages are, without a slash at the end."""
        return self.environ.get("PUBLIC_URL") or f"http://localhost:{self.environ['PORT']}"

    @property
    def caldav_url(self) -> str:
        """Where its embedded calendar server is."""
        return f"http://127.0.0.1:{self.environ['CALDAV_PORT']}"

    @property
    def data_dir(self) -> Path:
        """Its DATA_DIR."""
        return Path(self.environ["DATA_DIR"])

    def flask(self, *arguments: str) -> str:
        """What ``flask --app wsgi …`` prints for this service; fails with its errors."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def children(self, name: str) -> list[int]:
        """The process ids of its ``caldav``, ``web`` or ``worker`` children (Linux)."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        words = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in listing.split()}
        return [pid for pid, command in words.items() if _COMMANDS[name] in command]

    def kill(self, name: str) -> None:
        """``kill -9`` all children of a name; they are started again after a second."""
        for pid in self.children(name):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running_service(folder: Path, **environ: str) -> Iterator[RunningService]:
    """Start everything in ``folder``, wait until ``/readyz`` says yes, and stop it afterwards.

    ``environ`` adds settings, for example ``WEB_PROCESSES="2"``.
    """
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {"DATA_DIR": str(folder / "var"), "PORT": str(free_port()), "CALDAV_PORT": str(free_port())}
    # Everybody comes from one address here, and some of them press as fast as they can.
    own |= {"LIMIT_BOOKINGS": "6000 per minute", "LIMIT_LISTINGS": "6000 per minute"}
    whole = {**inherited, **own, **environ}
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], cwd=ROOT, env=whole, stdout=file, stderr=file
        )
    service = RunningService(whole, process, output)
    try:
        wait_until(lambda: process.poll() is not None or _is_ready(service.url), 120, "/readyz")
        assert process.poll() is None, output.read_text()
        yield service
    finally:
        if process.poll() is None:
            service.stop()


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=5).ok
    except requests.RequestException:
        return False
