"""The table docs/reference/caldav-servers.md, written from what the contract suite measured.

A test records facts in its report (``user_properties``), so that those of all workers come together.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.calendar_server import IMITATIONS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "caldav-servers.md"
_KEY = "caldav"
TITLES = {
    "radicale": "Radicale",
    "xandikos": "Xandikos",
    "sabre18": "SabreDAV",
    "cyrus": "Cyrus",
    "sogo": "SOGo",
}
ROWS = {
    "addresses": "tells the owner's mail addresses",
    "fresh": "calendar for a fresh user",
    "zone": "calendar tells its time zone",
    "create": "PUT with If-None-Match: * where something stands",
    "stale put": "PUT with a stale If-Match",
    "put missing": "PUT with If-Match where nothing stands",
    "stale delete": "DELETE with a stale If-Match",
    "uid": "the same UID at another address of the calendar",
    "uid elsewhere": "the same UID in another calendar",
    "mkcalendar": "MKCALENDAR where a calendar stands",
    "etag": "ETag in the answer to a PUT",
    "etag holds": "... is the ETag of what then stands there",
    "bytes": "our event is kept byte by byte",
    "x property": "X- property of ours kept",
    "sync": "sync-collection",
    "bad token": "a token that never was",
    "old token": "the old token after the calendar was made anew",
    "ctag": "getctag moves on PUT / DELETE within a second",
    "multiget": "multiget with a missing object",
    "encoded": "spelling of `é x@y` in the server's hrefs",
    "big": "PUT of 100 kB",
    "on inbox": "availability property on the scheduling inbox",
    "on home": "... on the calendar home",
    "on calendar": "... on a calendar",
    "on principal": "... on the principal",
    "vavailability": "VAVAILABILITY object in a calendar of events",
    "unreadable": "PUT of something that is no calendar",
    "kept": "kept connection closed unannounced within 100 requests",
}
_HEAD = """# CalDAV servers, as measured by our own contract suite

Written by `CALDAV_CONTRACT=all .venv/bin/python -m pytest tests/contract`; do not edit by hand.

Every test of `TestCalendarServer` held on each server below, on the fake in memory, and on imitations
over HTTP of what other servers were seen to do (IMITATIONS).
The table shows where servers differ. The client relies on none of it by a server's name, only on what a
server says it supports and on what is read back. Bold is what other servers do not do.

Attendees stand in our entries only where the calendar's owner asks for it and no answer to OPTIONS,
neither of the account's address nor of its calendars, announces `calendar-auto-schedule` (RFC 6638, 2). A
server that announces it is left without them even though each would carry `SCHEDULE-AGENT=CLIENT`: SOGo was
measured to mail them whatever that says.

To run it: `make test` takes Radicale and Xandikos, both from pip (Xandikos with TLS and passwords, its
certificate trusted as by `CALDAV_CA_FILE`). `CALDAV_CONTRACT=all` adds the others, which are Debian 12
packages (`php8.2-cli php8.2-sqlite3 php8.2-xml php8.2-mbstring php-sabre-dav`, `cyrus-caldav cyrus-imapd
cyrus-admin sasl2-bin`, `sogo postgresql memcached`; Cyrus and SOGo need root).
`CALDAV_CONTRACT=radicale,cyrus` takes only those. Everything runs on loopback, in folders and on ports of
its own; mail that a server sends is caught.

"""


def record(properties: list[tuple[str, Any]], server: str, version: str, row: str, value: str) -> None:
    """Add a fact to a test's report."""
    assert row in ROWS, row
    properties.append((_KEY, [server, version, row, value]))


class Matrix:
    """A plugin of the test run: the facts by server and row, written as a page when all were measured."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, str]] = {}
        self.versions: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what a test's report brought, from whatever process it ran in."""
        for key, entry in report.user_properties if report.when == "call" else ():
            if key == _KEY:
                server, version, row, value = entry
                self.versions[server] = version
                self.facts.setdefault(server, {})[row] = value

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the page, or say what is missing; the same facts give the same bytes."""
        for name in TITLES:
            missing = ROWS.keys() - self.facts.get(name, {}).keys()
            if missing:
                terminalreporter.write_line(f"{PAGE.name} left as it is: {name} lacks {sorted(missing)}")
                return
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(self.facts, self.versions))


def page(facts: Mapping[str, Mapping[str, str]], versions: Mapping[str, str]) -> str:
    """The page as Markdown."""
    heads = [f"{title} {versions[name]}" for name, title in TITLES.items()]
    lines = [f"| measured | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for row, text in ROWS.items():
        lines.append(f"| {text} | {' | '.join(facts[name][row] for name in TITLES)} |")
    return _HEAD.replace("IMITATIONS", "; ".join(IMITATIONS)) + "\n".join(lines) + "\n"
