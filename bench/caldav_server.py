"""A CalDAV server that costs next to nothing: prepared answers, for measuring what the client costs.

    python -m bench.caldav_server PORT EVENTS

Speaks sync-collection, the listing PROPFIND and calendar-multiget for /calendar/. ``POST /change?n=7``
changes one event, ``POST /hostile`` makes every object in multiget answers as large as fits into 8 MiB.
"""

import re
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

HREF = "/calendar/"
_HEAD = b'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
_WANTED = re.compile(rb"<[^>]*href>(/calendar/[^<]+)<")
_TOKEN = re.compile(rb"sync-token>([^<]*)<")
_HUGE = (8 << 20) - 4096
_DAYS = 730
# So many in a hundred repeat weekly: the share in the calendars of the measured corpus.
_REPEATING = 8


def event(number: int, version: int = 0) -> str:
    """An event as phones write them: somewhere in two years around today, some weekly for ever."""
    begin = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_DAYS // 2)
    start = begin + timedelta(days=number * 7919 % _DAYS, hours=number % 24, minutes=5 * version)
    repeats = "RRULE:FREQ=WEEKLY;COUNT=20\r\n" if number % 100 < _REPEATING else ""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Apple Inc.//iOS 17//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{number:08}-6A1F-4B3E-9C1D-000000000000\r\nDTSTAMP:20260101T000000Z\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{start + timedelta(minutes=45):%Y%m%dT%H%M%SZ}\r\n{repeats}"
        f"SUMMARY:Meeting number {number}\r\nDESCRIPTION:What was agreed\\, and what was not.\r\n"
        "LOCATION:Room 4\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"
        f"SEQUENCE:{version}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def _member(number: int, inner: str) -> bytes:
    status = "<d:status>HTTP/1.1 200 OK</d:status>"
    return (
        f"<d:response><d:href>{HREF}{number}.ics</d:href><d:propstat><d:prop>{inner}</d:prop>"
        f"{status}</d:propstat></d:response>"
    ).encode()


class Handler(BaseHTTPRequestHandler):
    """One connection; the calendar is the class's."""

    protocol_version = "HTTP/1.1"
    # Small answers in two packets wait 40 ms for each other's acknowledgement otherwise.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    listed: ClassVar[list[bytes]] = []
    whole: ClassVar[list[bytes]] = []
    changed: ClassVar[list[int]] = []
    requests: ClassVar[list[str]] = []
    is_hostile: ClassVar[bool] = False

    def do_PROPFIND(self) -> None:  # noqa: N802
        """The collection with all its members."""
        self._body()
        itself = (
            f"<d:response><d:href>{HREF}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/>"
            f"<c:calendar/></d:resourcetype><d:sync-token>{self._token()}</d:sync-token></d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )
        self._answer([itself.encode(), *self.listed])

    def do_REPORT(self) -> None:  # noqa: N802
        """Either of the two reports."""
        body = self._body()
        if b"sync-collection" in body:
            told = _TOKEN.search(body)
            since = int((told.group(1) if told else b"").rpartition(b"/")[2] or 0)
            members = [self.listed[number] for number in self.changed[since:]]
            self._answer([*members, f"<d:sync-token>{self._token()}</d:sync-token>".encode()])
            return
        numbers = [int(href[len(HREF) : -4]) for href in _WANTED.findall(body)]
        self._answer([self.whole[number] for number in numbers] if not self.is_hostile else _huge(numbers))

    def do_POST(self) -> None:  # noqa: N802
        """What the benchmark does to the calendar."""
        self._body()
        if self.path == "/hostile":
            Handler.is_hostile = True
        else:
            self.changed.append(int(self.path.rpartition("=")[2]))
            prepare(self.changed[-1], len(self.changed))
        self._send(b"")

    def do_GET(self) -> None:  # noqa: N802
        """Which requests came since the last time this was asked."""
        body = "\n".join(self.requests).encode()
        self.requests.clear()
        self._send(body)

    def _body(self) -> bytes:
        self.requests.append(self.command)
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _token(self) -> str:
        return f"http://bench.example/sync/{len(self.changed)}"

    def _answer(self, members: list[bytes]) -> None:
        self._send(b"".join([_HEAD, *members, b"</d:multistatus>"]), 207)

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: lines for each request cost more than the answers."""


def _huge(numbers: list[int]) -> list[bytes]:
    padding = "x" * (_HUGE // len(numbers) - 800)
    return [_data(number, event(number).replace("Room 4", padding), 0) for number in numbers]


def _data(number: int, text: str, version: int) -> bytes:
    tag = f'<d:getetag>"{number}-{version}"</d:getetag>'
    return _member(number, f"{tag}<c:calendar-data>{text.replace(chr(13), '&#13;')}</c:calendar-data>")


def prepare(number: int, version: int) -> None:
    """Make the answers for one event."""
    Handler.listed[number] = _member(number, f'<d:getetag>"{number}-{version}"</d:getetag>')
    Handler.whole[number] = _data(number, event(number, version), version)


def main() -> None:
    """Serve until killed."""
    port, count = int(sys.argv[1]), int(sys.argv[2])
    Handler.listed, Handler.whole = [b""] * count, [b""] * count
    for number in range(count):
        prepare(number, 0)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
