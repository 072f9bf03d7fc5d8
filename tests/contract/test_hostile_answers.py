"""Whatever a server answers, only our own five errors come out, and it costs little."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.calendars.errors import CalendarTrouble
from app.calendars.server.client import CalDavClient
from app.lib.outbound import Policy
from tests.calendars.world import ics
from tests.fakes.calendar_server import Quirks
from tests.fakes.dav_server import imitated_server
from tests.support.caldav_servers import CalDavServer
from tests.support.ports import wait_until
from tests.support.tools.faultproxy import FaultProxyThread

ROUNDS = 30
WORK, A = "/sam/work/", "/sam/work/a.ics"
CALLS: dict[str, Callable[[CalDavClient], object]] = {
    "discover": lambda client: client.discover(),
    "sync": lambda client: client.sync(WORK, ""),
    "ctag": lambda client: client.ctag(WORK),
    "etags": lambda client: client.etags(WORK),
    "multiget": lambda client: client.multiget(WORK, [A]),
    "get": lambda client: client.get(A),
    "put": lambda client: client.put(A, ics("a"), etag=None),
    "delete": lambda client: client.delete(A, '"1"'),
    "availability": lambda client: client.availability(WORK),
    "set_availability": lambda client: client.set_availability(WORK, ics("hours")),
    "make_calendar": lambda client: client.make_calendar(WORK, "Work"),
}
# A hostile server's answers in a process of their own; the growth of its memory in KiB is printed.
_MEASURE = """
import resource, sys
from app.calendars.server.client import CalDavClient
from app.calendars.errors import CalendarTrouble
from app.lib.outbound import Policy
url = sys.argv[1]
policy = Policy(allowed_origins=(url,), seconds=8.0)
client = CalDavClient(url + "/", "sam", "sam-secret", policy)
client.etags("/sam/work/")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
open(sys.argv[2], "w").close()
sys.stdin.readline()
for ask in (client.etags, client.ctag, client.get, client.discover):
    try:
        ask(*(() if ask == client.discover else ("/sam/work/",)))
    except CalendarTrouble:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[CalDavServer]:
    with imitated_server("hostile", Quirks()) as running:
        running.make_calendar(WORK)
        running.request("PUT", A, ics("a"))
        yield running


@pytest.fixture
def proxy(server: CalDavServer) -> Iterator[FaultProxyThread]:
    with FaultProxyThread(server.origin, seed=31) as running:
        yield running


def client_of(server: CalDavServer, proxy: FaultProxyThread) -> CalDavClient:
    policy = Policy(allowed_origins=(proxy.url,), seconds=3.0)
    return CalDavClient(proxy.url + "/", server.user, server.password, policy)


def faults(chance: random.Random) -> list[dict[str, object]]:
    """One fault of each kind, its details by chance."""
    return [
        {"fault": "corrupt", "how": "flip"},
        {"fault": "corrupt", "how": chance.choice(["utf8", "garbage", "html", "empty", "cut"])},
        {"fault": "truncate", "fraction": chance.random(), "how": chance.choice(["fin", "rst", "clean"])},
        {"fault": "length", "delta": chance.choice([-50, -1, 1, 1000])},
        {"fault": "status", "code": chance.choice([100, 201, 204, 207, 300, 304, 401, 418, 429, 451, 599])},
        {"fault": "redirect", "location": chance.choice(["", "//", "http://[", "/\udcff", "ftp://x/", "?"])},
        {"fault": "headers", "set": {"ETag": chance.choice(["", "W/", "\xff" * 900]), "Content-Type": "x"}},
        {
            "fault": "raw",
            "data": chance.choice(["", "HTTP/1.1\r\n\r\n", "HTTP/1.1 99999 \r\n\r\n", "\0" * 99]),
        },
        {"fault": "replace", "pattern": chance.choice(["<d:href>[^<]*", "200 OK", "DAV:"]), "with": "&#x1;"},
        {"fault": "replace", "pattern": "<d:href>[^<]*", "with": "<d:href>http://[::1/%zz"},
        {"fault": "replace", "pattern": "HTTP/1.1 200 OK", "with": "HTTP/1.1 \u0662\u0660\u0660 OK"},
        {"fault": "etag", "how": chance.choice(["wrong", "weak", "drop", "constant"])},
    ]


@pytest.mark.parametrize("call", CALLS)
def test_only_our_errors_come_out(server: CalDavServer, proxy: FaultProxyThread, call: str) -> None:
    """Bytes flipped and cut, wrong lengths and statuses, odd redirects; every seed is the round's number."""
    for number in range(ROUNDS):
        chance = random.Random(f"{call}{number}")
        proxy.clear()
        proxy.add(**chance.choice(faults(chance)))
        client = client_of(server, proxy)
        try:
            CALLS[call](client)
        except CalendarTrouble as trouble:
            # Never a text of the server's.
            assert len(trouble.reason) < 40
        finally:
            client.close()


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "huge", "mb": 100},
        {"fault": "huge", "mb": 100, "endless": True},
        {"fault": "gzip_bomb", "mb": 100},
        {"fault": "corrupt", "how": "laughs"},
        {"fault": "corrupt", "how": "deep"},
        {"fault": "header_bomb", "count": 20000, "size": 500},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_a_hostile_server_costs_at_most_64_mib(
    proxy: FaultProxyThread, fault: dict[str, object], tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    child = subprocess.Popen(
        [sys.executable, "-c", _MEASURE, proxy.url, str(ready)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: ready.exists() or child.poll() is not None, 30, "the measuring process")
    proxy.add(**fault)
    out, _ = child.communicate("\n", timeout=60)
    assert int(out) <= 64 * 1024
