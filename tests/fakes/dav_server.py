"""The fake calendar server over HTTP, so that our client speaks to servers that nobody here could install."""

import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone, NoRight, TokenRefused
from tests.fakes.calendar_server import FakeCalendarServer, Quirks
from tests.support.caldav_servers import CalDavServer

D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_SPACES = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "cs": "http://calendarserver.org/ns/"}
_PRINCIPAL, _HOME, _USER, _PASSWORD = "/principals/sam/", "/sam/", "sam", "sam-secret"
_STATUS: dict[type[CalendarTrouble], int] = {Gone: 404, Changed: 412, NoRight: 403, BadAnswer: 400}
_COLLECTION = "<d:collection/>"


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{_SPACES[prefix]}}}{local}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers in one piece: in several, each would wait 40 ms for the other side's kernel.
    wbufsize = -1
    fake: FakeCalendarServer
    lock: threading.Lock

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is in ``fake.calls``."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = quote(unquote(urlsplit(self.path).path))
        given = base64.b64decode(self.headers.get("Authorization", "").partition(" ")[2]).decode()
        if self.fake.is_away:
            return self._send(503)
        if path.startswith("/.well-known/"):
            return self._send(301, {"Location": "/"})
        if given != f"{_USER}:{_PASSWORD}":
            return self._send(401, {"WWW-Authenticate": 'Basic realm="fake"'})
        method = getattr(self, f"_{self.command.lower()}", None)
        if method is None:
            return self._send(405)
        with self.lock:
            try:
                status, headers, text = method(path, body)
            except TokenRefused:
                status, headers, text = 403, {}, _error("d:valid-sync-token")
            except Changed as error:
                status, headers, text = 412, {}, _error("c:no-uid-conflict") if error.reason == "uid" else ""
                status = 409 if error.reason == "conflict" else 405 if error.reason == "exists" else status
            except CalendarTrouble as error:
                status, headers, text = _STATUS.get(type(error), 500), {}, ""
        return self._send(status, headers, text)

    def _send(self, status: int, headers: Mapping[str, str] | None = None, text: str = "") -> None:
        data = text.encode()
        kind = "application/xml" if text.startswith("<?xml") else "text/calendar"
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _guard(self) -> str | None:
        return self.headers.get("If-Match")

    def _get(self, path: str, _: bytes) -> tuple[int, dict[str, str], str]:
        found = self.fake.get(path)
        return (404, {}, "") if found is None else (200, {"ETag": found.etag}, found.text)

    def _put(self, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        present, guard = self.fake.get(path), self._guard()
        if guard is None and "If-None-Match" not in self.headers and present is not None:
            guard = present.etag
        told = self.fake.put(path, body.decode(), etag=guard)
        return 201 if present is None else 204, {"ETag": told} if told else {}, ""

    def _delete(self, path: str, _: bytes) -> tuple[int, dict[str, str], str]:
        self.fake.delete(path, self._guard())
        return 204, {}, ""

    def _mkcalendar(self, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        self.fake.make_calendar(path, ElementTree.fromstring(body).findtext(f".//{D}displayname") or "")
        return 201, {}, ""

    def _proppatch(self, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        value = ElementTree.fromstring(body).findtext(f".//{C}calendar-availability")
        self.fake.set_availability(path, value or "")
        return 207, {}, _multistatus([_propstat(path, {"c:calendar-availability": ""})])

    def _propfind(self, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        wanted = {node.tag for node in ElementTree.fromstring(body).iterfind(f"{D}prop/*")}
        shown = [path]
        if self.headers.get("Depth") == "1" and path == _HOME:
            shown += list(self.fake.calendars)
        elif self.headers.get("Depth") == "1" and path in self.fake.calendars:
            shown += list(self.fake.etags(path).etags)
        return 207, {}, _multistatus([self._properties(item, wanted) for item in shown])

    def _properties(self, path: str, wanted: set[str]) -> str:
        found: dict[str, str] = {}
        if path in {"/", _PRINCIPAL, _HOME}:
            found["d:resourcetype"] = "<d:principal/>" if path == _PRINCIPAL else _COLLECTION
        elif path in self.fake.calendars:
            found |= self._of_calendar(path)
        elif path.endswith("/") or self.fake.get(path) is None:
            raise Gone("gone")
        else:
            found["d:getetag"] = escape(self.fake.calendars[path.rsplit("/", 1)[0] + "/"][path].etag)
        found["d:current-user-principal"] = f"<d:href>{_PRINCIPAL}</d:href>"
        if path == _PRINCIPAL:
            found["c:calendar-home-set"] = f"<d:href>{_HOME}</d:href>"
            found["c:calendar-user-address-set"] = "<d:href>mailto:sam@attache.example</d:href>"
        text = self.fake.availability(path)
        if text:
            found["c:calendar-availability"] = escape(text)
        return _propstat(path, {name: value for name, value in found.items() if _tag(name) in wanted})

    def _of_calendar(self, path: str) -> dict[str, str]:
        listing = self.fake.etags(path)
        told = {"d:sync-token": listing.token, "cs:getctag": listing.ctag}
        return {
            "d:resourcetype": f"{_COLLECTION}<c:calendar/>",
            "d:displayname": escape(self.fake.names[path]),
            **{name: escape(value) for name, value in told.items() if value},
        }

    def _report(self, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        root = ElementTree.fromstring(body)
        if root.tag == f"{D}sync-collection":
            page = self.fake.sync(path, root.findtext(f"{D}sync-token") or "")
            shown = [_propstat(href, {"d:getetag": escape(etag)}) for href, etag in page.changed]
            shown += [_gone(href) for href in page.removed]
            return 207, {}, _multistatus(shown, page.token)
        wanted = [quote(unquote(node.text or "")) for node in root.iterfind(f"{D}href")]
        found = self.fake.multiget(path, wanted)
        if self.fake.quirks.multiget_fails and len(found) < len(wanted):
            raise Gone("gone")
        return (
            207,
            {},
            _multistatus(
                [
                    _propstat(o.href, {"d:getetag": escape(o.etag), "c:calendar-data": _data(o.text)})
                    for o in found
                ]
            ),
        )


def _data(text: str) -> str:
    return escape(text).replace("\r", "&#13;")


def _propstat(path: str, properties: Mapping[str, str]) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in properties.items())
    return (
        f"<d:response><d:href>{escape(path)}</d:href><d:propstat><d:prop>{inside}</d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )


def _gone(path: str) -> str:
    status = "<d:status>HTTP/1.1 404 Not Found</d:status>"
    return f"<d:response><d:href>{escape(path)}</d:href>{status}</d:response>"


def _multistatus(responses: list[str], token: str = "") -> str:
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    end = f"<d:sync-token>{escape(token)}</d:sync-token>" if token else ""
    return f'<?xml version="1.0"?><d:multistatus{spaces}>{"".join(responses)}{end}</d:multistatus>'


def _error(name: str) -> str:
    return f'<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:c="{_SPACES["c"]}"><{name}/></d:error>'


@contextmanager
def serving(fake: FakeCalendarServer) -> Iterator[str]:
    """The fake answers at this origin; its one user is sam, with the password sam-secret."""
    handler = type("Handler", (_Handler,), {"fake": fake, "lock": threading.Lock()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def imitated_server(name: str, quirks: Quirks) -> Iterator[CalDavServer]:
    """A running imitation with these quirks."""
    with serving(FakeCalendarServer(quirks)) as origin:
        yield CalDavServer(name, "", origin, "/", _HOME, _USER, _PASSWORD)
