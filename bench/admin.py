"""What each page of the administrator costs on a database with many companies and contacts.

    python -m bench.admin [--companies 10000] [--contacts 50000] [--rounds 7]

Prints, for each page that is read, queries, kilobytes, and the medians of CPU and wall time in the test
client. Pages without parameters are those of the URL map; the others are tried with a row of each kind.
"""

import argparse
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.rights import RIGHTS, Right
from app.config import load_settings
from app.customers.companies.service import companies
from app.customers.contacts.service import contacts
from app.customers.people.service import people
from app.demo.seeding.service import seed
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from app.lib.paging import Place
from tests.support.databases import migrate
from tests.support.queries import recorded_queries
from tests.support.replica import open_calendar
from tests.world import World, build_world, client_of

GOAL_MS, MOST_QUERIES = 100, 12


@dataclass(frozen=True)
class Cost:
    """What one page costs, in milliseconds."""

    path: str
    status: int
    queries: int
    size: int
    cpu: float
    wall: float

    @property
    def is_kept(self) -> bool:
        """Whether the page keeps to its budget."""
        return self.wall < GOAL_MS and self.queries <= MOST_QUERIES


def main() -> None:
    """Seed, measure every page, print the table."""
    arguments = _arguments()
    logging.disable(logging.INFO)
    with TemporaryDirectory() as folder:
        app = _application(Path(folder))
        world = _filled(app, arguments)
        client = client_of(app, world.ada)
        print("queries     kB   CPU ms  wall ms")
        for path in _paths(app, world):
            cost = _measured(client, path, arguments.rounds)
            mark = "" if cost.is_kept else "   over the budget"
            print(
                f"{cost.queries:7} {cost.size / 1024:6.1f} {cost.cpu:8.1f} {cost.wall:8.1f}"
                f"   {cost.status} {path}{mark}",
                flush=True,
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--companies", type=int, default=10_000)
    parser.add_argument("--contacts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _application(folder: Path) -> Flask:
    url = f"sqlite:///{folder / 'bench.sqlite'}"
    migrate(url)
    settings = {"DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": "only-for-benchmarks-" * 3}
    return create_app(load_settings(settings))


def _filled(app: Flask, arguments: argparse.Namespace) -> World:
    with app.app_context():
        now = clock.now()
        world = build_world(db.session(), now)
        counts: dict[str, Any] = {"companies": arguments.companies, "contacts": arguments.contacts}
        write(db.session(), [], lambda s: seed(s, now, **counts, number=1, tag="s1"))
        for item in people(db.session(), now.date()).items:
            if item.profile is not None:
                open_calendar(db.session(), app.extensions["attache"], now, item.user_id)
        db.session.commit()
    return world


def _paths(app: Flask, world: World) -> Iterator[str]:
    """The addresses of pages for administrators alone, and of some with what they have to be found by."""
    rights = {right.value for right, roles in RIGHTS.items() if roles == RIGHTS[Right.KEEP_COMPANIES]}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        guard = getattr(app.view_functions[rule.endpoint], "guard", ())
        if "GET" in (rule.methods or ()) and not rule.arguments and set(guard) & rights:
            yield rule.rule
    with app.app_context():
        session, today = db.session(), clock.now().date()
        first = companies(session, today)
        later = companies(session, today, text="9", place=Place(after=first.after))
        reader = contacts(session)
        yield f"/companies?after={first.after}"
        yield f"/companies?before={later.before}"
        yield f"/contacts?after={reader.after}"
        for only in ("with", "without", "ending", "unserved"):
            yield f"/companies?show={only}"
        company, contact = first.items[0].public_id, reader.items[0].public_id
    for page in ("", "/change", "/option", "/option/end", "/contacts/new"):
        yield f"/companies/{company}{page}"
    for page in ("", "/change", "/erase"):
        yield f"/contacts/{contact}{page}"
    sam = world.sam.user.public_id
    yield from (f"/people/{sam}", f"/people/{sam}/disable", "/people?q=seeded")
    for text in (
        "alpine",
        "Anna",
        "contact49",
        "s1-contact4711@company4711.example",
        "s1-7",
        "nothing at all",
    ):
        yield f"/search?q={text}"
        yield f"/companies?q={text}"
        yield f"/contacts?q={text}"


def _measured(client: FlaskClient, path: str, rounds: int) -> Cost:
    with recorded_queries() as queries:
        answer = client.get(path)
    cpu, wall = [], []
    for _round in range(rounds):
        begun = (time.process_time(), time.perf_counter())
        client.get(path)
        cpu.append((time.process_time() - begun[0]) * 1000)
        wall.append((time.perf_counter() - begun[1]) * 1000)
    return Cost(path, answer.status_code, len(queries), len(answer.data), median(cpu), median(wall))


if __name__ == "__main__":
    main()
