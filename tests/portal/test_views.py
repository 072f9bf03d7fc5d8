"""The customer's home, the private links, and the feeds behind them."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import icalendar
import pytest
from flask import Flask

from app.booking.models import Booking, FeedLink
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def feed(vera: PageClient) -> str:
    """The path of a new private link of Vera's."""
    page = vera.post("/calendar-links", name="Phone")
    url = page.tree.find(".//input[@id='feed-url']").get("value")
    return "/feeds/" + str(url).partition("/feeds/")[2]


def book(browser: PageClient, app: Flask, now: datetime, index: int = 0) -> str:
    _, fields = details(browser, index)
    address = browser.follow("/book", **fields)[0]
    with app.app_context():
        db.session.query(Booking).update({"status": "confirmed", "confirmed_at": now})
        db.session.commit()
    return address.partition("?")[0].rpartition("/")[2]


def uids(body: bytes) -> set[str]:
    return {str(event["UID"]) for event in icalendar.Calendar.from_ical(body).walk("VEVENT")}


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


def test_a_link_is_shown_once_and_stored_as_a_hash(vera: PageClient, feed: str, app: Flask) -> None:
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) >= 32
    page = vera.get("/")
    assert token not in page.text
    assert "Phone" in page.words
    with app.app_context():
        assert token not in db.session.query(FeedLink).one().token_hash


def test_a_link_needs_a_name(vera: PageClient) -> None:
    page = vera.post("/calendar-links", 422, name=" ")
    assert page.title.startswith("Error:")
    assert "Enter a name" in page.words


def test_a_feed_holds_exactly_its_owners_calls(
    vera: PageClient, pavel: PageClient, feed: str, app: Flask, now: datetime
) -> None:
    mine, theirs = book(vera, app, now), book(pavel, app, now, 2)
    with app.app_context():
        uid_of = dict(db.session.query(Booking.public_id, Booking.uid).all())
    answer = app.test_client().get(feed)
    assert uids(answer.data) == {uid_of[mine]}
    assert uid_of[theirs] not in answer.text
    assert "ATTENDEE" not in answer.text


def test_a_feed_has_the_headers_that_clients_need(feed: str, app: Flask) -> None:
    answer = app.test_client().get(feed)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Last-Modified"]
    assert "Set-Cookie" not in answer.headers


def test_a_feed_answers_304_while_nothing_changes(
    vera: PageClient, feed: str, app: Flask, now: datetime
) -> None:
    calendar = app.test_client()
    first = calendar.get(feed)
    etag = {"If-None-Match": first.headers["ETag"]}
    again = calendar.get(feed, headers=etag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert calendar.get(feed).data == first.data
    book(vera, app, now)
    assert calendar.get(feed, headers=etag).status_code == 200


def test_the_etag_wins_over_the_date(feed: str, app: Flask, now: datetime) -> None:
    later = format_datetime(now + timedelta(days=1), usegmt=True)
    headers = {"If-None-Match": '"another"', "If-Modified-Since": later}
    assert app.test_client().get(feed, headers=headers).status_code == 200


def test_head_answers_like_get_without_a_body(feed: str, app: Flask) -> None:
    head, get = app.test_client().head(feed), app.test_client().get(feed)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Last-Modified", "Content-Length"):
        assert head.headers[name] == get.headers[name]


def test_a_removed_link_leads_nowhere(vera: PageClient, feed: str, app: Flask) -> None:
    (form,) = vera.get("/").forms("/calendar-links/")
    vera.follow(form.get("action"))
    assert app.test_client().get(feed).status_code == 404
    assert app.test_client().get("/feeds/nonsense.ics").status_code == 404


def test_nobody_removes_a_foreign_link(vera: PageClient, pavel: PageClient, feed: str, app: Flask) -> None:
    (form,) = vera.get("/").forms("/calendar-links/")
    assert pavel.send(form.get("action")).status_code == 404
    assert app.test_client().get(feed).status_code == 200


def test_a_feed_token_opens_nothing_else(feed: str, app: Flask) -> None:
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
