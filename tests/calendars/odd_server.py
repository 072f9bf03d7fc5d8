"""A hand-made CalDAV server that answers as it is told, for the odd things that real ones do."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.calendars.server.client import CalDavClient
from app.lib.outbound import Policy

SPACES = (
    'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"'
    ' xmlns:oc="http://owncloud.org/ns"'
)


@dataclass
class Told:
    """An answer."""

    status: int = 207
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    depth: str
    authorization: str
    body: str


@dataclass
class OddServer:
    """What it answers to a method at a path, or at each path (404 elsewhere), and what it was asked."""

    url: str
    answers: dict[str, Told] = field(default_factory=dict)
    by_method: dict[tuple[str, str], Told] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def client(self, path: str = "/", *also: str) -> CalDavClient:
        """A client of Sam's; ``also`` are other origins that the operator allows."""
        return CalDavClient(self.url + path, "sam", "secret", Policy(allowed_origins=(self.url, *also)))


def moved(location: str, status: int = 301) -> Told:
    """A redirect."""
    return Told(status, "", {"Location": location})


def members(*pairs: tuple[str, str]) -> Told:
    """A multistatus of (href, inner XML of its properties)."""
    inside = "".join(
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop>{properties}</d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        for href, properties in pairs
    )
    body = f'<?xml version="1.0"?><d:multistatus {SPACES}>{inside}</d:multistatus>'
    return Told(207, body, {"Content-Type": "application/xml"})


def principal_is(href: str, at: str = "/") -> Told:
    """The answer that names who has signed in."""
    return members((at, f"<d:current-user-principal><d:href>{href}</d:href></d:current-user-principal>"))


def home_is(*hrefs: str, at: str = "/me/", more: str = "") -> Told:
    """The principal's answer."""
    inside = "".join(f"<d:href>{href}</d:href>" for href in hrefs)
    return members((at, f"<c:calendar-home-set>{inside}</c:calendar-home-set>{more}"))


def calendar(href: str, name: str = "", more: str = "", kind: str = "<c:calendar/>") -> tuple[str, str]:
    """A member of a home that is a calendar."""
    kinds = f"<d:resourcetype><d:collection/>{kind}</d:resourcetype>"
    return href, f"{kinds}<d:displayname>{name}</d:displayname>{more}"


def serve(server: OddServer, *found: tuple[str, str], more: str = "") -> OddServer:
    """An ordinary account whose home holds ``found``, by default one calendar called Work."""
    home = ("/home/", "<d:resourcetype><d:collection/></d:resourcetype>")
    server.answers |= {
        "/": principal_is("/me/"),
        "/me/": home_is("/home/", more=more),
        "/home/": members(home, *(found or (calendar("/home/work/", "Work"),))),
    }
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers in one piece: in several, each would wait for the other side's kernel.
    wbufsize = -1
    told: OddServer

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        depth, authorization = self.headers.get("Depth", ""), self.headers.get("Authorization", "")
        self.told.asked.append(Asked(self.command, self.path, depth, authorization, body))
        answer = self.told.answers.get(self.path, Told(404))
        answer = self.told.by_method.get((self.command, self.path), answer)
        content = answer.body.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing to say."""


@contextmanager
def odd_server(context: ssl.SSLContext | None = None) -> Iterator[OddServer]:
    """Start one on a free port of this machine, with ``context`` over TLS."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if context is None else "https"
    handler.told = OddServer(f"{scheme}://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield handler.told  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
