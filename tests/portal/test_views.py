"""The customer's home."""

from datetime import datetime, timedelta

from flask import Flask

from app.booking.models import Booking
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, build_world


def book(browser: PageClient, app: Flask, now: datetime, index: int = 0) -> str:
    _, fields = details(browser, index)
    address = browser.follow("/book", **fields)[0]
    with app.app_context():
        db.session.query(Booking).update({"status": "confirmed", "confirmed_at": now})
        db.session.commit()
    return address.partition("?")[0].rpartition("/")[2]


def test_home_shows_the_specialist_and_three_near_times(vera: PageClient) -> None:
    page = vera.get("/")
    assert page.heading.startswith("Sam")
    assert len(page.slots()) == 3
    assert len(page.tree.findall(".//main//a[@class='button primary']")) == 1


def test_a_near_time_leads_to_its_details(vera: PageClient) -> None:
    start = vera.get("/").slots()[0]
    _, page = vera.follow("/book/hold", start=start, call_type="product-support")
    assert page.heading == "Your details"


def test_home_lists_the_calls_ahead(vera: PageClient, app: Flask, now: datetime) -> None:
    call = book(vera, app, now)
    assert f"/calls/{call}" in vera.get("/").links()


def test_staff_are_sent_to_their_own_page(app: Flask, world: World) -> None:
    for member, path in ((world.sam, "/schedule"), (world.lev, "/schedule"), (world.ada, "/overview")):
        answer = PageClient(app, member).client.get("/")
        assert (answer.status_code, answer.location) == (303, path)


def test_otto_reads_what_the_option_is(app: Flask, world: World) -> None:
    assert "option" in PageClient(app, world.otto).get("/", 403).words.lower()


def test_home_says_when_the_calendar_is_away(app: Flask, now: datetime) -> None:
    with app.app_context():
        world = build_world(db.session(), now)
        old = now - timedelta(hours=2)
        open_calendar(db.session(), app.extensions["attache"], now, world.sam.id, in_step_at=old)
    page = PageClient(app, world.vera).get("/")
    assert page.slots() == []
    assert "Times cannot be shown at the moment" in page.words
