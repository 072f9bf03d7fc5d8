"""Subscribing to a calendar file, and a server that sends us on, without JavaScript, over real sockets."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.calendars.connecting.jobs_lookup import look_up
from app.calendars.models import Calendar, CalendarAccount, CalendarLookup
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.calendars.world import ics
from tests.pages.client import Page, PageClient
from tests.support.ports import free_port
from tests.support.radicale import Radicale, password
from tests.world import build_world

FILE = ics("swim", "20261124T090000Z", "20261124T100000Z").replace(
    "VERSION:2.0", "VERSION:2.0\r\nX-WR-CALNAME:Swimming"
)


class _Server(BaseHTTPRequestHandler):
    """A calendar file at /secret/swim.ics, and a CalDAV server that has moved to ``moved_to``."""

    moved_to = ""

    def do_GET(self) -> None:
        is_there = self.path == "/secret/swim.ics"
        body = FILE.encode() if is_there else b"nothing"
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Type", "text/calendar")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PROPFIND(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(301)
        self.send_header("Location", self.moved_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        """Quiet."""


@pytest.fixture
def elsewhere(radicale: Radicale) -> Iterator[str]:
    """The origin of that server; it sends us on to Radicale."""
    handler = type("Handler", (_Server,), {"moved_to": radicale.home("sam")})
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def settings(make_settings: Callable[..., Settings], radicale: Radicale, elsewhere: str) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=f"{radicale.url},{elsewhere}")


@pytest.fixture(autouse=True)
def _one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while a page waits: one look is enough."""
    for name in ("views_accounts", "views_connect"):
        monkeypatch.setattr(f"app.calendars.pages.{name}.watch", lambda look: look())


@pytest.fixture
def sam(app: Flask, radicale: Radicale) -> PageClient:
    radicale.make_calendar("sam", "work")
    with app.app_context():
        world = build_world(db.session(), clock.now())
    return PageClient(app, world.sam)


def answered(app: Flask, sam: PageClient, path: str, **fields: str) -> tuple[str, Page]:
    """Send a form, let the worker answer: the look-up's address and what it shows."""
    address = sam.send(path, **fields).location
    with app.app_context():
        lookup = db.session.scalars(select(CalendarLookup.id).order_by(CalendarLookup.id.desc())).first()
        assert lookup is not None
        look_up(db.session(), app.extensions["attache"], lookup, 0)
    return address, sam.get(address)


def test_a_file_is_looked_at_named_and_blocks_time(app: Flask, sam: PageClient, elsewhere: str) -> None:
    address, page = answered(app, sam, "/calendars/subscribe", address=f"{elsewhere}/secret/swim.ics")
    assert page.heading == "The file was found"
    assert "1 entry" in page.words
    assert dict(page.forms(address)[0].form_values())["name"] == "Swimming"
    assert "/secret" not in page.text
    page = sam.post(address, 422, name=" ")
    assert "#name" in page.links()
    assert sam.send(address, name="Swimming club").status_code == 303
    page = sam.get("/calendars")
    assert "Swimming club" in page.words
    assert "Calendar file at" in page.words
    assert "/secret" not in page.text
    with app.app_context():
        assert db.session.scalars(select(Calendar.purpose)).all() == ["busy"]
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.contains("subscribed"))).one()
        assert told.actor == "sam@attache.example"
        assert told.detail == {"host": elsewhere.removeprefix("http://")}


def test_what_is_no_file_is_told_and_the_address_not_shown(
    app: Flask, sam: PageClient, elsewhere: str
) -> None:
    _address, page = answered(app, sam, "/calendars/subscribe", address=f"{elsewhere}/secret/gone.ics")
    assert page.title.startswith("Error:")
    assert page.heading == "Subscribe to a calendar file"
    assert "/secret" not in page.text
    page = sam.post("/calendars/subscribe", 422, address="ftp://files.example/a.ics")
    assert "#address" in page.links()


def test_a_file_has_neither_a_password_nor_calendars_to_choose_from(
    app: Flask, sam: PageClient, elsewhere: str
) -> None:
    address, _page = answered(app, sam, "/calendars/subscribe", address=f"{elsewhere}/secret/swim.ics")
    sam.send(address, name="Swimming")
    with app.app_context():
        account = db.session.scalars(select(CalendarAccount.id)).one()
    sam.get(f"/calendars/{account}/password", 404)
    sam.get(f"/calendars/{account}/choose", 404)
    page = sam.get(f"/calendars/{account}/remove")
    assert "We forget the address" in page.words


def test_another_address_is_asked_only_after_its_owner_says_so(
    app: Flask, sam: PageClient, elsewhere: str, radicale: Radicale
) -> None:
    fields = {"address": elsewhere, "username": "sam", "password": password("sam")}
    address, page = answered(app, sam, "/calendars/connect", **fields)
    assert page.heading == "The server sends us on"
    assert radicale.url in page.words
    new, page = answered(app, sam, f"{address}/moved")
    assert new != address
    assert page.heading == "Choose your calendars"
    assert sam.send(f"{address}/moved").location == new
