"""What a sync of a large account costs, beside downloading and parsing the same calendar and nothing else.

    python -m bench.sync [--events 10000] [--quiet 200]

The server is a process of its own with prepared answers (bench/caldav_server.py), so that the figures are
the client's. CPU is that of this process and of the ones that expand recurrences for it.
"""

import argparse
import http.client
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import icalendar
import lxml.etree as etree
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.jobs import sync_account
from app.calendars.service import choose, connect
from app.config import Settings, load_settings
from app.factory import create_app
from app.ical.components import read_components
from app.lib import clock
from app.lib.db import db
from bench.caldav_server import HREF
from tests.support.databases import migrate
from tests.support.ports import free_port

_CHUNK = 50
_DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the wall clock and of CPU, and the requests that the server saw."""

    wall: float
    cpu: float
    requests: int


@dataclass(frozen=True, slots=True)
class Bench:
    """An account of its own on the server."""

    session: Session
    settings: Settings
    account_id: int
    port: int

    def sync(self) -> None:
        """One look, at this moment."""
        sync_account(self.session, self.settings, clock.now(), self.account_id)

    def cost(self, work: Callable[[], object]) -> Cost:
        """What ``work`` costs here."""
        _ask(self.port, "GET", "/requests")
        # Looking at the children is itself no small work: outside of what is measured.
        children = _children_cpu()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        requests = len(_ask(self.port, "GET", "/requests").split())
        return Cost(wall, cpu + _children_cpu() - children, requests)


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    logging.disable(logging.INFO)
    with _bench(arguments.events) as bench:
        _first(bench, arguments.events)
        _quiet(bench, arguments.quiet)
        _one_change(bench)
    with _bench(arguments.hostile) as bench:
        _hostile(bench, arguments.hostile)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--quiet", type=int, default=200, help="unchanged syncs to take the median of")
    parser.add_argument("--hostile", type=int, default=700, help="objects of the account with 8 MiB answers")
    return parser.parse_args()


def _first(bench: Bench, events: int) -> None:
    texts: list[str] = []
    download = bench.cost(lambda: texts.extend(_download(bench.port, events)))
    ours = bench.cost(lambda: [read_components(text) for text in texts])
    theirs = bench.cost(lambda: [icalendar.Calendar.from_ical(text) for text in texts])
    first = bench.cost(bench.sync)
    print(f"{events} events          wall s   CPU s  requests")
    for name, cost in (
        ("download", download), ("parse (ours)", ours), ("parse (icalendar)", theirs), ("first sync", first),
    ):  # fmt: skip
        print(f"{name:20} {cost.wall:7.2f} {cost.cpu:7.2f} {cost.requests:9}")
    for name, parse in (("our own parser", ours), ("icalendar", theirs)):
        wall, cpu = first.wall / (download.wall + parse.wall), first.cpu / (download.cpu + parse.cpu)
        print(f"first sync / (download + parse by {name}): {wall:.2f} by the clock, {cpu:.2f} of CPU")


def _quiet(bench: Bench, rounds: int) -> None:
    costs = [bench.cost(bench.sync) for _ in range(rounds)]
    # Single looks are near the clock's own grain: the mean of all of them is what counts.
    cpu = statistics.fmean(cost.cpu for cost in costs)
    most = max(cost.requests for cost in costs)
    print(f"unchanged: {1000 * cpu:.1f} ms of CPU, requests {most}; 200 accounts a minute: {_core(cpu)}")


def _core(cpu: float) -> str:
    return f"{100 * cpu * 200 / 60:.1f} % of a core"


def _one_change(bench: Bench) -> None:
    costs = []
    for number in range(20, 60):
        _ask(bench.port, "POST", f"/change?n={number}")
        costs.append(bench.cost(bench.sync))
    cpu = statistics.fmean(cost.cpu for cost in costs)
    most = max(cost.requests for cost in costs)
    print(f"one change: {1000 * cpu:.1f} ms of CPU, at most {most} requests")


def _hostile(bench: Bench, count: int) -> None:
    _ask(bench.port, "POST", "/hostile")
    before = _memory("VmRSS")
    # Since Linux 4.0: the peak begins anew.
    Path("/proc/self/clear_refs").write_text("5")
    spent = bench.cost(bench.sync)
    more = _memory("VmHWM") - before
    print(f"{count} objects in answers of 8 MiB: {more:.0f} MiB more at the peak, {spent.wall:.1f} s")


def _memory(name: str) -> float:
    """A figure of this process in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _children_cpu() -> float:
    """Of the processes that expand recurrences for this one."""
    spent = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid() and "caldav_server" not in (path.parent / "cmdline").read_text():
                spent += (int(fields[11]) + int(fields[12])) / _TICK
        except OSError:
            continue
    return spent


def _download(port: int, events: int) -> Iterator[str]:
    """The whole calendar as quickly as it can be had: one listing, then multiget in batches."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("PROPFIND", HREF, b"", {"Depth": "1"})
    listing = etree.fromstring(connection.getresponse().read())
    hrefs = [node.text or "" for node in listing.iter("{DAV:}href")][1:]
    for start in range(0, len(hrefs), _CHUNK):
        wanted = "".join(f"<href>{href}</href>" for href in hrefs[start : start + _CHUNK])
        connection.request("REPORT", HREF, f"<multiget>{wanted}</multiget>".encode())
        tree = etree.fromstring(connection.getresponse().read())
        yield from (str(node.text) for node in tree.iter(_DATA))
    connection.close()


def _ask(port: int, method: str, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path)
    body = connection.getresponse().read().decode()
    connection.close()
    return body


@contextmanager
def _bench(events: int) -> Iterator[Bench]:
    port = free_port()
    command = [sys.executable, "-m", "bench.caldav_server", str(port), str(events)]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(command) as server:
        try:
            _wait(port)
            environment = {"DATA_DIR": folder, "SECRET_KEY": "for-benchmarks-only-" * 2}
            environment["CALDAV_ALLOWED_ORIGINS"] = f"http://127.0.0.1:{port}"
            settings = load_settings({**os.environ, **environment})
            migrate(settings.database_url)
            with create_app(settings).app_context():
                account_id = _connect(db.session(), settings, clock.now(), port)
                yield Bench(db.session(), settings, account_id, port)
        finally:
            server.terminate()


def _connect(session: Session, settings: Settings, now: datetime, port: int) -> int:
    fields = {"public_id": "sam", "email": "sam@attache.example", "name": "Sam", "role": "specialist"}
    sam = User(**fields, time_zone="Europe/Bratislava", created_at=now)
    session.add(sam)
    session.flush()
    url = f"http://127.0.0.1:{port}/"
    account = connect(session, now, settings, sam.id, url, "sam", "secret", addresses=[sam.email])
    choose(session, account, {HREF: "busy"}, HREF)
    session.commit()
    return account.id


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            _ask(port, "GET", "/requests")
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not start")


if __name__ == "__main__":
    main()
