"""Making trouble for a running service: nobody restarts, a worker that dies, a calendar that grows old."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests

from tests.support.ports import wait_until
from tests.support.service import ROOT, RunningService
from tests.support.tools.faultproxy import FaultProxyThread


@dataclass(frozen=True)
class Shaky:
    """A service on SQLite with two web processes whose calendars are behind a proxy that can misbehave."""

    service: RunningService
    proxy: FaultProxyThread

    def is_ready(self) -> bool:
        """Whether the service says so; whatever was killed is there again."""
        try:
            return requests.get(f"{self.service.url}/readyz", timeout=5).ok
        except requests.RequestException:
            return False

    @contextmanager
    def restarting_nothing(self) -> Iterator[None]:
        """While open, what is killed stays dead: the process that would start it again is stopped."""
        os.kill(self.service.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.service.process.pid, signal.SIGCONT)

    def die(self, *names: str) -> None:
        """``kill -9`` these children, and wait until they are gone."""
        for name in names:
            self.service.kill(name)
            wait_until(lambda name=name: not self.service.children(name), 10, f"the death of {name}")

    def die_at(self, point: str) -> None:
        """A worker that lives until this point of app/lib/crashpoints.py, and no longer."""
        self.let_looks_run_out()
        environ = {**self.service.environ, "CRASH_AT": point, "DEMO": "1", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        with (self.service.output.parent / f"worker-{point}").open("wb") as output:
            worker = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
        try:
            assert worker.wait(120) == -signal.SIGKILL, f"{point} was not reached"
        finally:
            worker.kill()
            worker.wait()

    def run_sql(self, statement: str, *values: object) -> None:
        """Change a row behind the service's back, as only time or an accident would."""
        path = self.service.data_dir / "attache.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as link, link:
            link.execute(statement, values)

    def let_claims_run_out(self) -> None:
        """As if the lease of a dead sender were over."""
        past = f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%d %H:%M:%S.%f}"
        self.run_sql("UPDATE outgoing_mail SET next_attempt_at = ? WHERE state = 'waiting'", past)

    def let_looks_run_out(self) -> None:
        """As if the minute were over for which a worker that died while it looked keeps an account."""
        self.run_sql("UPDATE calendar_account SET claimed_until = NULL")

    def let_calendar_age(self, email: str) -> None:
        """As if this specialist's calendar had last been read five minutes ago."""
        past = f"{datetime.now(UTC) - timedelta(minutes=5):%Y-%m-%d %H:%M:%S.%f}"
        owner = '(SELECT id FROM "user" WHERE email = ?)'
        self.run_sql(f"UPDATE calendar_account SET in_step_at = ? WHERE person_id = {owner}", past, email)
