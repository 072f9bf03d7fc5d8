"""The worker: durable work through the engine, and the plain loops of periodic work."""

import logging
import random
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbos import DBOS
from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs import client
from app.jobs.service import beat, dead_executors, forget_finished
from app.lib import clock
from app.lib.db import db, write

log = logging.getLogger(__name__)

# A handler does one attempt for a row and says when to try again, or None when nothing is left to do.
# It may run twice for the same attempt (a worker can die after its effect), so it looks before it acts.
Handler = Callable[[Session, Settings, int, int], timedelta | None]
# A periodic pass claims what is due, does it, and may be called from several workers at once.
Pass = Callable[[Session, Settings, datetime], None]

HEARTBEAT_INTERVAL = timedelta(seconds=10)
FORGETTING_INTERVAL = timedelta(minutes=10)
_SLEEPERS = 500
_LONGEST_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A pass that is made every ``interval``."""

    name: str
    interval: timedelta
    run: Pass


def backoff(attempt: int) -> timedelta:
    """The pause after a failed attempt (counted from 0): 0.3 s doubling up to 60 s, with jitter."""
    seconds = min(_LONGEST_PAUSE.total_seconds(), 0.3 * 2 ** min(attempt, 10))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.0))  # noqa: S311 - jitter, not a secret


class Worker:
    """One worker process: executes durable work and makes the periodic passes until it is stopped."""

    def __init__(
        self,
        app: Flask,
        handlers: Mapping[str, Handler],
        periodic: Sequence[Periodic],
        current_settings: Callable[[], Settings],
    ) -> None:
        """``current_settings`` is asked inside the application's context, anew for each piece of work."""
        self.app = app
        self.settings: Settings = app.extensions["attache"]
        self.current_settings = current_settings
        self.handlers = handlers
        self.periodic = periodic
        # Stable over restarts, so that a restarted worker takes up what it left.
        self.executor_id = f"{socket.gethostname()}-worker"
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        self.start()
        self.stopping.wait()
        DBOS.destroy(workflow_completion_timeout_sec=5)

    def start(self) -> None:
        """Launch the engine and the periodic loops."""
        self._launch_engine()
        own = (
            Periodic("heartbeat", HEARTBEAT_INTERVAL, self._heartbeat),
            Periodic("forgetting", FORGETTING_INTERVAL, self._forget),
        )
        for periodic in (*own, *self.periodic):
            threading.Thread(target=self._loop, args=(periodic,), name=periodic.name, daemon=True).start()
        log.info("worker ready")

    def _launch_engine(self) -> None:
        DBOS(
            config={
                "name": client.APPLICATION_NAME,
                "system_database_url": self.settings.database_url,
                "dbos_system_schema": client.SCHEMA,
                "application_version": client.APPLICATION_VERSION,
                "executor_id": self.executor_id,
                "run_migrations": False,
                "max_executor_threads": _SLEEPERS,
                "log_level": "WARNING",
                "notification_listener_polling_interval_sec": 1.0,
            }
        )
        DBOS.workflow(name=client.WORKFLOW, max_recovery_attempts=1_000_000)(self._durable())
        DBOS.launch()
        DBOS.register_queue(
            client.QUEUE, partition_concurrency=1, polling_interval_sec=0.05, on_conflict="always_update"
        )

    def _durable(self) -> Callable[[str, int], None]:
        """The only workflow: attempts of one handler until it says that nothing is left to do."""

        def attempt_once(handler: str, subject: int, attempt: int) -> float | None:
            return self._attempt(handler, subject, attempt)

        def durable(handler: str, subject: int) -> None:
            attempt = 0
            while (pause := DBOS.run_step(None, attempt_once, handler, subject, attempt)) is not None:
                DBOS.sleep(pause)
                attempt += 1

        return durable

    def _attempt(self, handler: str, subject: int, attempt: int) -> float | None:
        with self.app.app_context():
            try:
                pause = self.handlers[handler](db.session(), self.current_settings(), subject, attempt)
            except Exception:
                # An error nobody foresaw must not end the workflow: what was promised still stands.
                log.exception("attempt %s of %s %s failed", attempt, handler, subject)
                pause = backoff(attempt)
            return None if pause is None else pause.total_seconds()

    def _heartbeat(self, session: Session, settings: Settings, now: datetime) -> None:
        write(session, [], lambda writer: beat(writer, now, self.executor_id))
        dead = dead_executors(session, now)
        # The engine writes over connections of its own: it would wait for ever for a lock that is held here.
        session.rollback()
        for executor in dead:
            for workflow in client.client_of(session).list_workflows(status="PENDING", executor_id=executor):
                DBOS.resume_workflow(workflow.workflow_id)

    def _forget(self, session: Session, _settings: Settings, now: datetime) -> None:
        forget_finished(session, now)

    def _loop(self, periodic: Periodic) -> None:
        while not self.stopping.is_set():
            try:
                with self.app.app_context():
                    periodic.run(db.session(), self.current_settings(), clock.now())
            except Exception:
                log.exception("pass %s failed", periodic.name)
            self.stopping.wait(periodic.interval.total_seconds())
