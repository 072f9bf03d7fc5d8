"""``make run``: prepares what is missing, starts everything, keeps it running, stops it all together.

Children: an embedded CalDAV server, the web processes, the job worker. Standard library only: it must be
able to say what is wrong with everything else.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from scripts.calendar_server import write_configuration
from scripts.children import Child, Family

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
READY_SECONDS = 15


class CannotRun(Exception):
    """Something that only a person can put right; the text is the one line that says what."""


class Stopped(Exception):
    """A person asked us to stop while we were starting."""


class Service:
    """All processes of one installation, as the environment describes it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.data_dir = Path(environ.get("DATA_DIR") or "var").absolute()
        self.host = environ.get("HOST") or "127.0.0.1"
        self.port = _number(environ, "PORT", 8000, 65535)
        self.caldav_port = _number(environ, "CALDAV_PORT", 5232, 65535)
        self.web_processes = _number(environ, "WEB_PROCESSES", 1, 32)
        # The command for newcomers shows the demo; an installation says DEMO=0.
        self.environ = {**environ, "DATA_DIR": str(self.data_dir), "DEMO": environ.get("DEMO") or "1"}
        self.has_demo = not _is_no(self.environ["DEMO"])
        self.has_calendar_server = not _is_no(environ.get("CALDAV_EMBEDDED", ""))
        self.family = Family(ROOT, {**self.environ, "PYTHONUNBUFFERED": "1"})

    def check(self) -> None:
        """Look at what a person would have to put right, before anything is started."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CannotRun(f"DATA_DIR {self.data_dir} cannot be made: {error.strerror}") from None
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise CannotRun(f"DATA_DIR {self.data_dir} cannot be written to")
        _check_free(self.host, self.port, "PORT")
        if self.has_calendar_server:
            _check_free("127.0.0.1", self.caldav_port, "CALDAV_PORT")

    def start(self) -> None:
        """Prepare, then start the children in the order in which they need each other."""
        self.flask("prepare")
        if self.has_calendar_server:
            configuration = write_configuration(self.data_dir / "caldav", self.caldav_port)
            # Whatever level is asked for, it first tells about its levels.
            child = Child("caldav", ["-m", "radicale", "-C", str(configuration)], noise="] Logging ")
            self.family.start(child)
            self.wait_for(self.caldav_port, "/", "the CalDAV server")
        self.make_demo()
        self.family.start(Child("worker", ["-m", "flask", "--app", "wsgi", "worker"]))
        for number in range(self.web_processes):
            self.family.start(Child(f"web{number + 1}", ["-m", "scripts.serve"]))
        self.wait_for(self.port, "/healthz", "the web service")

    def make_demo(self) -> None:
        """Fill an installation that has never been filled."""
        done = self.data_dir / "demo-made"
        if self.has_demo and self.has_calendar_server and not done.exists():
            self.flask("demo")
            done.touch()

    def flask(self, command: str) -> None:
        """Run one ``flask`` command to its end, while the children are looked after.

        Raises CannotRun; the command has said why.
        """
        self.heed_stop()
        arguments = [sys.executable, "-m", "flask", "--app", "wsgi", command]
        # In a session of its own, like the children: Ctrl-C reaches us alone.
        process = subprocess.Popen(
            arguments, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, start_new_session=True
        )
        while process.poll() is None:
            self.family.look_after(0.05)
            if self.family.is_stopping:
                process.terminate()
                process.wait()
        self.heed_stop()
        if process.returncode != 0:
            raise CannotRun(f"stopped, because 'flask --app wsgi {command}' failed: see the lines above")

    def wait_for(self, port: int, path: str, name: str) -> None:
        """Keep the children going until the server on that port answers anything at all."""
        deadline = time.monotonic() + START_SECONDS
        while not _status(self.address_of(port), port, path):
            self.family.look_after(0.05)
            self.heed_stop()
            if time.monotonic() > deadline:
                raise CannotRun(f"{name} did not start within {START_SECONDS} s: see the lines above")

    def wait_until_ready(self) -> None:
        """Give the worker some seconds to be ready too; what is not ready then can be read at /readyz."""
        deadline = time.monotonic() + READY_SECONDS
        while _status(self.address_of(self.port), self.port, "/readyz") != 200:
            self.family.look_after(0.2)
            self.heed_stop()
            if time.monotonic() > deadline:
                return

    def address_of(self, port: int) -> str:
        """Where one of our own ports can be asked."""
        # Who listens on every address (0.0.0.0 or ::) can be asked on the loopback one.
        return "127.0.0.1" if port != self.port or not self.host.strip("0.:") else self.host

    def heed_stop(self) -> None:
        """Raises Stopped when a signal has asked for it."""
        if self.family.is_stopping:
            raise Stopped


def _number(environ: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= highest:
        raise CannotRun(f"{name}={text!r} is not a number from 1 to {highest}")
    return int(text)


def _is_no(text: str) -> bool:
    return text.lower() in {"0", "false", "no", "off"}


def _check_free(host: str, port: int, name: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(f"{host}:{port} cannot be used ({error.strerror}): set {name}=…") from None


def _status(host: str, port: int, path: str) -> int:
    """The status that a server answers with; 0 when it does not answer."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (HTTPException, OSError):
        return 0
    finally:
        connection.close()


def main() -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; 1 when it could not start."""
    try:
        service = Service(os.environ)
        service.check()
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1

    def stop(_signal: int, _frame: FrameType | None) -> None:
        service.family.is_stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        service.start()
        service.wait_until_ready()
        service.flask("welcome")
        while not service.family.is_stopping:
            service.family.look_after(0.5)
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        service.family.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
