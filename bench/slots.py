"""The slot listing (four weeks) for growing calendars, beside a bare route that serialises equal JSON.

    python -m bench.slots [--postgres] [--seconds 1.5] [--rounds 5]

Prints, for each number of calendar events, requests a second, p50 and p95 of both routes in the same
server (waitress, one process), and their ratio. Rounds alternate, so that a noisy machine hits both alike.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from bench.load import Figures, ask, load, median, wait_for
from bench.seed import Seeded, seed
from tests.support.databases import migrate
from tests.support.ports import free_port
from tests.support.postgres import running_postgres

SIZES = (10, 100, 1_000, 10_000)


def main() -> None:
    """Measure every size and print the table."""
    arguments = _arguments()
    logging.disable(logging.INFO)
    print(
        "events   slots  listing/s    p50    p95  CPU ms    bare/s    p50    p95  CPU ms   ratio  CPU ratio"
    )
    first_cpu = 0.0
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, _database(arguments) as url:
            seeded = seed(Path(folder), size, url)
            listing, bare, slots = _measure(seeded, arguments)
        first_cpu = first_cpu or listing.cpu
        print(
            f"{size:6} {slots:7} {_row(listing)} {_row(bare)} {listing.rate / bare.rate:7.2f} "
            f"{bare.cpu / listing.cpu if listing.cpu else 0:10.2f}",
            flush=True,
        )
        growth = listing.cpu / first_cpu if first_cpu else 0
    print(f"growth of the listing's CPU from {SIZES[0]} to {SIZES[-1]} events: {growth:.2f} times")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own, not on SQLite")
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


@contextmanager
def _database(arguments: argparse.Namespace) -> Iterator[str]:
    if not arguments.postgres:
        yield ""
        return
    with running_postgres() as server:
        yield server.database(migrate)


def _row(figures: Figures) -> str:
    return f"{figures.rate:10.0f} {figures.p50:6.1f} {figures.p95:6.1f} {figures.cpu:7.2f}"


def _measure(seeded: Seeded, arguments: argparse.Namespace) -> tuple[Figures, Figures, int]:
    port = free_port()
    environment = {**os.environ, **seeded.environment, "PORT": str(port), "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "bench.server", str(port)]
    with subprocess.Popen(command, env=environment) as server:
        try:
            start = datetime.now(UTC)
            span = f"from={quote(start.isoformat())}&to={quote((start + timedelta(days=28)).isoformat())}"
            listing_path = f"/api/v1/slots?call_type=product-support&{span}"
            headers = {"Authorization": f"Bearer {seeded.token}"}
            answer = wait_for(port, listing_path, headers)
            slots = len(json.loads(answer)["slots"])
            ask(port, "/bench/equal", {}, "POST", answer)
            return *_rounds(port, server.pid, listing_path, headers, arguments), slots
        finally:
            server.terminate()


def _rounds(
    port: int, pid: int, path: str, headers: dict[str, str], arguments: argparse.Namespace
) -> tuple[Figures, Figures]:
    listing, bare = [], []
    for _ in range(arguments.rounds):
        listing.append(load(port, pid, path, headers, arguments.seconds))
        bare.append(load(port, pid, "/bench/equal", {}, arguments.seconds))
    return median(listing), median(bare)


if __name__ == "__main__":
    main()
