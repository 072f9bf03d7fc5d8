"""Private links on their page, and the feeds behind them over HTTP."""

import gzip
from datetime import datetime, timedelta
from email.utils import format_datetime

import icalendar
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.booking.feeds.service import MOST_LINKS, make_feed
from app.booking.models import Booking, FeedLink
from app.lib import clock
from app.lib.db import db
from tests.pages.client import Page, PageClient
from tests.portal.test_views import book
from tests.world import World


def path_of(page: Page) -> str:
    """The path of the link that a page shows, this once."""
    url = page.tree.find(".//input[@id='feed-url']").get("value")
    return "/feeds/" + str(url).partition("/feeds/")[2]


@pytest.fixture
def feed(vera: PageClient) -> str:
    """The path of a new private link of Vera's."""
    return path_of(vera.post("/calendar-links", name="Phone"))


@pytest.fixture
def presence(vera: PageClient) -> str:
    """The path of a new link to when Vera's specialist is in."""
    return path_of(vera.post("/calendar-links", name="Wall", kind="presence"))


def uids(body: bytes) -> set[str]:
    return {str(event["UID"]) for event in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def test_a_link_is_shown_once_and_stored_as_a_hash(vera: PageClient, feed: str, app: Flask) -> None:
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) >= 32
    home, page = vera.get("/"), vera.get("/calendar-links")
    assert token not in home.text + page.text
    assert "Phone" in page.words and "/calendar-links" in home.links()
    with app.app_context():
        assert token not in db.session.query(FeedLink).one().token_hash


def test_a_link_needs_a_name(vera: PageClient) -> None:
    page = vera.post("/calendar-links", 422, name=" ")
    assert page.title.startswith("Error:")
    assert "Enter a name" in page.words


def test_so_many_links_and_no_more_until_one_is_removed(vera: PageClient, app: Flask, world: World) -> None:
    with app.app_context():
        for number in range(MOST_LINKS - 1):
            make_feed(db.session(), clock.now(), world.vera.user, f"Link {number}")
        db.session.commit()
    vera.post("/calendar-links", name="The last")
    page = vera.post("/calendar-links", 422, name="One more")
    assert page.title.startswith("Error:") and "You have 20 links already" in page.words
    with app.app_context():
        assert db.session.query(FeedLink).count() == MOST_LINKS
        link = db.session.query(FeedLink.public_id).first()
    vera.follow(f"/calendar-links/{link.public_id}/remove")
    vera.post("/calendar-links", name="One more")


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
    assert answer.headers["Vary"] == "Accept-Encoding"
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
    _, page = vera.follow(action_of(vera, "remove"))
    assert page.forms("/calendar-links/") == []
    assert app.test_client().get(feed).status_code == 404


def action_of(browser: PageClient, verb: str) -> str:
    """Where the button of the only link leads."""
    actions = [str(form.get("action")) for form in browser.get("/calendar-links").forms("/calendar-links/")]
    return next(action for action in actions if action.endswith(f"/{verb}"))


def test_a_replaced_link_keeps_its_name_and_its_old_address_is_dead_at_once(
    vera: PageClient, feed: str, app: Flask
) -> None:
    page = vera.post(action_of(vera, "replace"))
    assert "Phone" in page.words
    assert app.test_client().get(feed).status_code == 404
    assert app.test_client().get(path_of(page)).status_code == 200
    with app.app_context():
        assert db.session.query(FeedLink).count() == 1


def test_wrong_tokens_are_all_answered_alike(vera: PageClient, feed: str, app: Flask) -> None:
    vera.follow(action_of(vera, "remove"))

    def told(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
        return answer.status_code, answer.data, sorted(answer.headers.items())

    answers = [told(app.test_client().get(path)) for path in (feed, "/feeds/x.ics", f"/feeds/{'a' * 32}.ics")]
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]


def test_nobody_removes_or_replaces_a_foreign_link(
    vera: PageClient, pavel: PageClient, feed: str, app: Flask
) -> None:
    for verb in ("remove", "replace"):
        assert pavel.send(action_of(vera, verb)).status_code == 404
    assert app.test_client().get(feed).status_code == 200


def test_a_feed_token_opens_nothing_else(feed: str, app: Flask) -> None:
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_packed_answer_is_the_same_calendar(feed: str, app: Flask, vera: PageClient, now: datetime) -> None:
    book(vera, app, now)
    plain = app.test_client().get(feed)
    packed = app.test_client().get(feed, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["ETag"].startswith("W/")
    refused = app.test_client().get(feed, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize("accept", [None, "", "text/html", "*/*", "nonsense"])
def test_any_accept_header_is_answered(feed: str, app: Flask, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert app.test_client().get(feed, headers=headers).status_code == 200


def test_without_an_etag_the_date_decides(feed: str, app: Flask, now: datetime) -> None:
    asked = app.test_client().get(feed).headers["Last-Modified"]
    assert app.test_client().get(feed, headers={"If-Modified-Since": asked}).status_code == 304
    old = format_datetime(now - timedelta(days=2), usegmt=True)
    assert app.test_client().get(feed, headers={"If-Modified-Since": old}).status_code == 200


def test_presence_has_an_etag_and_no_date_that_nobody_knows(presence: str, app: Flask) -> None:
    answer = app.test_client().get(presence)
    assert "Last-Modified" not in answer.headers
    again = app.test_client().get(presence, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_presence_shows_when_the_specialist_is_in(presence: str, app: Flask) -> None:
    events = icalendar.Calendar.from_ical(app.test_client().get(presence).data).walk("VEVENT")
    assert len(events) > 10
    assert {str(event["SUMMARY"]) for event in events} == {"Sam is in"}


def test_specialists_have_their_links_on_a_page_of_their_own(app: Flask, world: World) -> None:
    sam = PageClient(app, world.sam)
    assert "/calendar-links" in sam.get("/schedule").links()
    page = sam.get("/calendar-links")
    assert page.radios("kind") == []
    assert app.test_client().get(path_of(sam.post("/calendar-links", name="Phone"))).status_code == 200
    assert sam.send("/calendar-links", name="Wall", kind="presence").status_code == 404


def test_contacts_choose_what_a_link_shows(vera: PageClient) -> None:
    assert vera.get("/").radios("kind") == ["calls", "presence"]
    page = vera.post("/calendar-links", 422, name=" ", kind="presence")
    chosen = page.tree.findall(".//input[@name='kind'][@checked]")
    assert [item.get("value") for item in chosen] == ["presence"]
