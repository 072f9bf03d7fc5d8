"""The calendar pages of a specialist whose calendars are on a real server, and what the worker would do."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.connecting.jobs_lookup import look_up
from app.calendars.jobs import sync_account
from app.calendars.models import CalendarAccount, CalendarLookup
from app.lib import clock
from app.lib.db import db
from tests.pages.client import Page, PageClient
from tests.support.radicale import Radicale, password
from tests.world import World, build_world

CONNECT = "/calendars/connect"
SECRET = password("sam")


@pytest.fixture(autouse=True)
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while a page waits: one look is enough."""
    for name in ("views_accounts", "views_connect"):
        monkeypatch.setattr(f"app.calendars.pages.{name}.watch", lambda look: look())


@pytest.fixture
def world(app: Flask, radicale: Radicale) -> Iterator[World]:
    """The cast; Sam keeps three calendars, but nothing is connected."""
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "private", "Private")
    radicale.make_calendar("sam", "hours", "Working hours")
    with app.app_context():
        world = build_world(db.session(), clock.now())
    yield world


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)


def work(app: Flask) -> None:
    """What the worker would do now."""
    with app.app_context():
        settings = app.extensions["attache"]
        waiting = CalendarLookup.state.in_(["waiting", "making"])
        for lookup in db.session.scalars(select(CalendarLookup.id).where(waiting)).all():
            look_up(db.session(), settings, lookup, 0)
        for account in db.session.scalars(select(CalendarAccount.id)).all():
            sync_account(db.session(), settings, clock.now(), account, force=True)


def rows(app: Flask, what: Any) -> list[Any]:
    """All rows of a model, detached."""
    with app.app_context():
        found = list(db.session.scalars(select(what).order_by(what.id)))
        db.session.expunge_all()
        return found


def ask(
    app: Flask, sam: PageClient, radicale: Radicale, secret: str = SECRET, **typed: str
) -> tuple[str, Page]:
    """Send the form and let the worker answer: the look-up's address and what it shows."""
    fields = {"address": radicale.url, "username": "sam", "password": secret, **typed}
    address, waiting = sam.follow(CONNECT, **fields)
    assert waiting.heading == "Asking the server"
    with app.app_context():
        lookup = db.session.scalars(select(CalendarLookup.id).order_by(CalendarLookup.id.desc())).first()
        assert lookup is not None
        look_up(db.session(), app.extensions["attache"], lookup, 0)
    return address, sam.get(address)


def values(page: Page, name: str) -> dict[str, str]:
    """What the choices of a list are called, by value."""
    found = page.tree.findall(f".//main//input[@name='{name}']")
    return {item.get("value"): item.getparent().find("span").text for item in found}


def ticked(page: Page, name: str) -> list[str]:
    """The values that are chosen."""
    return [
        item.get("value")
        for item in page.tree.findall(f".//main//input[@name='{name}']")
        if item.get("checked") is not None
    ]


def connected(app: Flask, sam: PageClient, radicale: Radicale) -> Page:
    """Sam's account, connected as the page proposes, and read."""
    address, page = ask(app, sam, radicale)
    form = {name: ticked(page, name) for name in ("busy", "receives", "hours")}
    assert sam.send(address, **form).status_code == 303
    work(app)
    return sam.get("/calendars")
