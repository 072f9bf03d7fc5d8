"""Calls with a senior by page: booked with one, one brought in, and taken off again."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.booking.models import Booking
from app.lib.db import db
from app.lib.intervals import Interval
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World

BOOK = {"call_type": "product-support"}


@pytest.fixture
def lev(app: Flask, world: World, now: Any) -> PageClient:
    """Lev with an open calendar."""
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id)
    return PageClient(app, world.lev)


def booked(browser: PageClient, index: int = 0, **more: str) -> str:
    """Book a call by its pages; the address of the call."""
    start = browser.get("/book", **more).slots()[index]
    _, page = browser.follow("/book/hold", start=start, **BOOK, **more)
    (form,) = page.forms("/book")
    hidden = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    address, _ = browser.follow("/book", **hidden | {"way": "video", "topic": "Import"})
    return address.split("?")[0]


def seniors(app: Flask) -> list[int | None]:
    with app.app_context():
        return [row.senior_id for row in db.session.query(Booking).order_by(Booking.id)]


def test_a_senior_is_kept_from_the_week_to_the_call(
    app: Flask, vera: PageClient, lev: PageClient, world: World
) -> None:
    week = vera.get("/book")
    link = next(link for link in week.links() if "senior=1" in link)
    both = vera.get(link)
    assert "Lev Orlov" in both.words and both.slots()
    address = booked(vera, senior="1")
    assert seniors(app) == [world.lev.id]
    assert "Sam Horvath and Lev Orlov (senior)" in vera.get(address).words
    assert "Sam Horvath" in lev.get("/schedule").words and lev.get(address).heading


def test_a_topic_is_carried_from_the_week_to_the_details(vera: PageClient) -> None:
    week = vera.get("/book", topic="R-1001: <b>Export</b> stops")
    (form,) = week.forms("/book/hold")
    assert form.fields["topic"] == "R-1001: <b>Export</b> stops"
    _, page = vera.follow("/book/hold", start=week.slots()[0], topic=form.fields["topic"], **BOOK)
    (form,) = page.forms("/book")
    assert form.fields["topic"].strip() == "R-1001: <b>Export</b> stops"
    assert all("topic=R-1001" in link for link in week.links() if link.startswith("/book?"))


def test_without_a_senior_to_be_had_the_week_says_so_and_shows_the_specialists_times(
    vera: PageClient,
) -> None:
    week = vera.get("/book", senior="1")
    assert "No senior engineer" in week.words and week.slots()
    assert "Lev Orlov" not in week.words


def test_a_senior_is_brought_in_and_taken_off_on_the_calls_page(
    app: Flask, vera: PageClient, lev: PageClient, world: World
) -> None:
    address = booked(vera)
    assert "Bring in a senior engineer" in vera.get(address).words
    page = vera.get(f"{address}/senior")
    assert page.heading == "Bring in a senior engineer" and "Lev Orlov is free" in page.words
    assert vera.send(f"{address}/senior", senior="1").status_code == 303
    assert seniors(app) == [world.lev.id]
    # Vera cannot take him off; Sam can.
    assert vera.send(f"{address}/senior/off").status_code == 422
    sam = PageClient(app, world.sam)
    assert "Lev Orlov" in sam.get(f"{address}/senior").words
    assert sam.send(f"{address}/senior/off").status_code == 303
    assert seniors(app) == [None]


def test_a_senior_leaves_on_the_page_and_does_not_see_the_call_any_more(
    app: Flask, vera: PageClient, lev: PageClient
) -> None:
    address = booked(vera, senior="1")
    links = lev.get(address).links()
    assert f"{address}/senior" in links and f"{address}/cancel" not in links
    assert [form.get("action") for form in lev.get(f"{address}/senior").forms()] == [f"{address}/senior/off"]
    assert lev.send(f"{address}/senior/off").headers["Location"].endswith("/schedule")
    assert seniors(app) == [None]
    lev.get(address, status=404)


def test_when_the_senior_is_not_free_the_call_moves_to_a_time_for_both(
    app: Flask, vera: PageClient, world: World, now: Any
) -> None:
    address = booked(vera)
    with app.app_context():
        call = db.session.query(Booking).one()
        around = Interval(call.starts_at - timedelta(hours=1), call.ends_at + timedelta(hours=1))
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id, busy=[around])
    page = vera.get(f"{address}/senior")
    assert "is not free" in page.words
    link = next(link for link in page.links() if "/move?senior=" in link)
    week = vera.get(link)
    (form,) = week.forms(f"{address}/move")
    fields = {name: form.fields[name] for name in ("call_type", "senior")}
    _, side_by_side = vera.follow(f"{address}/move", start=week.slots()[0], **fields)
    assert "Lev Orlov" in side_by_side.words
    (form,) = side_by_side.forms(f"{address}/move/confirm")
    sent = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    vera.send(f"{address}/move/confirm", **sent)
    assert seniors(app) == [world.lev.id]


def test_a_stranger_finds_nothing(app: Flask, vera: PageClient, lev: PageClient, pavel: PageClient) -> None:
    address = booked(vera)
    for browser in (pavel, lev):
        browser.get(f"{address}/senior", status=404)
        assert browser.send(f"{address}/senior", senior="1").status_code == 404
    assert seniors(app) == [None]
