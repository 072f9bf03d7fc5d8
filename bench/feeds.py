"""Polls of private feeds, beside a bare route of the same server.

    python -m bench.feeds [--seconds 1.5] [--rounds 5]

Prints requests a second, p50, p95 and the server's CPU milliseconds of a bare route, of a poll answered 304
and of a whole answer, for a feed of 100 calls and for one of presence, by how much each is over the bare
route, and the goals: a 304 at most 0.5 ms of CPU over it, a whole feed at most 5 ms. One client asks at a
time, as polls come. The first answer of a fresh process, which writes each entry anew, is printed on its own.
"""

import argparse
import http.client
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.booking import service
from app.booking.models import Booking
from app.booking.rules import stored_rules
from app.config import load_settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db
from bench.load import Figures, ask, cpu_seconds, load, median, wait_for
from bench.seed import Seeded, seed
from tests.support.ports import free_port
from tests.world import World, build_world

CALLS = 100
EVENTS = 1_000


@dataclass(frozen=True, slots=True)
class Poll:
    """What is asked for, the status it must have, and the goal in CPU milliseconds over the bare route."""

    name: str
    path: str
    headers: dict[str, str]
    status: int
    goal: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        seeded = seed(Path(folder), EVENTS)
        _measure(seeded, _links(seeded), arguments)


def _links(seeded: Seeded) -> dict[str, str]:
    app = create_app(load_settings({**os.environ, **seeded.environment}))
    with app.app_context():
        session, now = db.session(), clock.now()
        world = build_world(session, now)
        rules = stored_rules(service.call_types(session)[0])
        session.add_all([_call(world, now, rules, number) for number in range(CALLS)])
        tokens = {
            kind: service.make_feed(session, now, world.vera.user, "bench", kind)[1]
            for kind in ("calls", "presence")
        }
        session.commit()
    return {kind: f"/feeds/{token}.ics" for kind, token in tokens.items()}


def _call(world: World, now: datetime, rules: dict[str, Any], number: int) -> Booking:
    start = now + timedelta(hours=number - CALLS // 2)
    return Booking(
        public_id=f"bench{number}",
        reference=f"B{number}",
        company_id=world.vera.profile.company_id,
        contact_id=world.vera.id,
        specialist_id=world.sam.id,
        call_type_id=1,
        status="confirmed",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        topic="Import of price lists: the third file stops in the middle",
        room_url=f"https://meet.example/bench{number}",
        rules=rules,
        uid=f"attache-bench-{number}",
        written_sequence=0,
        created_at=now,
        changed_at=now,
        confirmed_at=now,
    )


def _measure(seeded: Seeded, links: dict[str, str], arguments: argparse.Namespace) -> None:
    port = free_port()
    environment = {**os.environ, **seeded.environment, "PORT": str(port), "LOG_LEVEL": "WARNING"}
    with subprocess.Popen([sys.executable, "-m", "bench.server", str(port)], env=environment) as server:
        try:
            wait_for(port, "/healthz", {})
            ask(port, "/bench/equal", {}, "POST", b"{}")
            for kind, path in links.items():
                begun = cpu_seconds(server.pid)
                size = len(ask(port, path, {}))
                spent = (cpu_seconds(server.pid) - begun) * 1000
                print(f"first answer of {kind}: {spent:.0f} ms of CPU, {size} bytes")
            _rounds(port, server.pid, _polls(port, links), arguments)
        finally:
            server.terminate()


def _polls(port: int, links: dict[str, str]) -> list[Poll]:
    polls = []
    for kind, path in links.items():
        known = {"If-None-Match": _etag(port, path)}
        polls.append(Poll(f"{kind}, 304", path, known, 304, 0.5))
        polls.append(Poll(f"{kind}, whole", path, {}, 200, 5.0))
    return polls


def _etag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("HEAD", path)
    etag = connection.getresponse().headers["ETag"]
    connection.close()
    return etag


def _rounds(port: int, pid: int, polls: list[Poll], arguments: argparse.Namespace) -> None:
    bare: list[Figures] = []
    found: dict[str, list[Figures]] = {poll.name: [] for poll in polls}
    for _ in range(arguments.rounds):
        bare.append(load(port, pid, "/bench/equal", {}, arguments.seconds, clients=1))
        for poll in polls:
            figures = load(
                port, pid, poll.path, poll.headers, arguments.seconds, status=poll.status, clients=1
            )
            found[poll.name].append(figures)
    base = median(bare)
    print(f"{'':16}     req/s    p50    p95  CPU ms    over bare   goal")
    print(f"{'bare route':16} {_row(base)}")
    for poll in polls:
        figures = median(found[poll.name])
        print(f"{poll.name:16} {_row(figures)} {figures.cpu - base.cpu:12.2f} {poll.goal:6.1f}")


def _row(figures: Figures) -> str:
    return f"{figures.rate:9.0f} {figures.p50:6.1f} {figures.p95:6.1f} {figures.cpu:7.2f}"


if __name__ == "__main__":
    main()
