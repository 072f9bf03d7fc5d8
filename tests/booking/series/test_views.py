"""Repeating a call by page: how often, every call to look at, the series; without JavaScript."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.booking.models import Booking, CallType, Series
from app.lib.db import db
from app.lib.zones import local, to_utc
from tests.pages.client import Page, PageClient
from tests.support.replica import ZONE
from tests.world import World

SUPPORT = "product-support"


def stored(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.status, row.topic) for row in db.session.query(Booking).order_by(Booking.id)]


def later(start: str, weeks: int) -> str:
    moment = datetime.fromisoformat(start)
    wall = local(moment, ZONE)
    return to_utc(wall.date() + timedelta(weeks=weeks), wall.time(), ZONE).strftime("%Y-%m-%dT%H:%M:%SZ")


def review(browser: PageClient, start: str, **changes: Any) -> Page:
    asked = {"weeks": "1", "ends": "count", "count": "3"} | changes
    return browser.get("/book/series", call_type=SUPPORT, start=start, **asked)


def fields(page: Page) -> dict[str, str]:
    """What the form would send as it stands, with lxml's two slips put right: it takes an empty value of a
    choice for none, and the line break that begins a text area for part of it."""
    (form,) = page.forms("/book/series")
    sent = {name: "" if value == "on" else value.removeprefix("\n") for name, value in form.form_values()}
    return {name: value for name, value in sent.items() if name != "csrf_token"}


def calls_of(page: Page) -> int:
    return sum(name.startswith("call-") for name in fields(page))


def booked_by(browser: PageClient, start: str) -> None:
    _, page = browser.follow("/book/hold", start=start, call_type=SUPPORT)
    (form,) = page.forms("/book")
    sent = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    browser.follow("/book", **sent | {"way": "video", "topic": ""})


def test_the_whole_way_with_one_conflict(vera: PageClient, pavel: PageClient, app: Flask, start: str) -> None:
    booked_by(pavel, later(start, 1))
    _, details = vera.follow("/book/hold", start=start, call_type=SUPPORT)
    link = next(item for item in details.links() if item.startswith("/book/series"))
    (form,) = vera.get(link).forms("/book/series")
    assert form.get("method") == "get"
    asked = dict(form.form_values()) | {"count": "3"}
    page = vera.get("/book/series", **asked)
    assert page.heading == "Your series of calls"
    assert "1 of these times is not free" in page.words and "That time is taken." in page.words
    near = page.radios("call-1")
    assert len(near) == 4 and near[-1] == ""
    assert "Book 3 calls" in page.words and len(stored(app)) == 1
    sent = fields(page) | {"topic": "Import", "call-1": near[1]}
    address, series = vera.follow("/book/series", **sent)
    assert series.heading == "Your times are reserved"
    assert stored(app)[1:] == [("pending", "Import")] * 3
    assert vera.send("/book/series", **sent).location == address
    assert len(stored(app)) == 4
    calls = [link for link in series.links() if link.startswith("/calls/")]
    call = vera.get(calls[1])
    assert "Call 2 of 3 in a series" in call.words
    assert address.partition("?")[0] in call.links()


def test_looking_books_nothing_and_asks_how_often_first(vera: PageClient, app: Flask, start: str) -> None:
    page = vera.get("/book/series", call_type=SUPPORT, start=start)
    assert page.heading == "Repeat this call"
    review(vera, start)
    assert stored(app) == []
    assert vera.client.get("/book/series").location == "/book"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weeks": "3"}, "Choose every week or every two weeks."),
        ({"count": "1"}, "Enter a number from 2 to 12."),
        ({"count": "²"}, "Enter a number from 2 to 12."),
        ({"ends": "until", "until": "soon"}, "Enter a day like 2026-12-24."),
        ({"ends": "until", "until": "9999-12-31"}, "That is too long or too far ahead."),
        ({"ends": "until", "until": "2020-01-01"}, "That is fewer than two calls. Choose a later day."),
    ],
)
def test_what_is_no_series_is_asked_for_again(
    vera: PageClient, start: str, changes: dict[str, str], words: str
) -> None:
    asked = {"weeks": "1", "ends": "count", "count": "3"} | changes
    page = vera.get("/book/series", 422, call_type=SUPPORT, start=start, **asked)
    assert page.title.startswith("Error:") and words in page.words
    assert page.heading == "Repeat this call"
    vera.post("/book/series", 422, call_type=SUPPORT, start=start, **asked)


def test_a_time_that_is_over_leaves_nothing_to_book(vera: PageClient, app: Flask, start: str) -> None:
    page = review(vera, "2020-01-08T09:00:00Z")
    assert "That time is over." in page.words
    vera.post("/book/series", 422, **fields(page))
    vera.get("/book/series", 404, call_type="massage", start=start)
    assert stored(app) == []


def test_until_a_day_counts_that_day_and_names_what_is_too_far_ahead(vera: PageClient, start: str) -> None:
    last = later(start, 3)[:10]
    counts = [calls_of(review(vera, start, **more)) for more in ({"ends": "until", "until": last}, {})]
    assert counts[0] - counts[1] == 1
    page = review(vera, start, count="12")
    assert "Not in this series" in page.words and "That is too far ahead." in page.words
    cut = review(vera, start, ends="until", until="2199-01-01")
    assert "A series has at most 12 calls." in cut.words


def test_a_time_taken_since_the_review_keeps_everything_else(
    vera: PageClient, pavel: PageClient, app: Flask, start: str
) -> None:
    page = review(vera, start)
    sent = fields(page) | {"topic": "Kept words"}
    del sent["call-2"]
    booked_by(pavel, later(start, 1))
    again = vera.post("/book/series", 409, **sent)
    assert again.title.startswith("Error:") and "That time is taken." in again.words
    assert len(stored(app)) == 1
    kept = fields(again)
    assert kept["topic"] == "Kept words" and kept["call-0"] == start and "call-2" not in kept
    assert kept["call-1"] in again.radios("call-1")
    vera.follow("/book/series", **kept)
    assert stored(app)[1:] == [("pending", "Kept words")] * 2


def test_an_alternative_that_is_taken_too_is_offered_anew(
    vera: PageClient, pavel: PageClient, app: Flask, start: str
) -> None:
    booked_by(pavel, later(start, 1))
    page = review(vera, start)
    chosen = page.radios("call-1")[0]
    booked_by(pavel, chosen)
    again = vera.post("/book/series", 409, **fields(page) | {"call-1": chosen})
    assert chosen not in again.radios("call-1")
    vera.follow("/book/series", **fields(again))
    assert len(stored(app)) == 5


def test_a_form_that_leaves_every_call_out_or_lacks_a_number_is_refused(
    vera: PageClient, app: Flask, start: str
) -> None:
    sent = fields(review(vera, start))
    nothing = {name: value for name, value in sent.items() if not name.startswith("call-")}
    page = vera.post("/book/series", 422, **nothing)
    assert "Every call is left out. Choose at least one." in page.words
    page = vera.post("/book/series", 422, **sent | {"way": "phone", "phone": "call me"})
    assert "Enter a phone number with country code" in page.words
    assert stored(app) == []


def test_more_calls_than_the_company_may_have_ahead_are_refused_with_their_number(
    vera: PageClient, app: Flask, start: str
) -> None:
    with app.app_context():
        db.session.query(CallType).update({"open_cap": 2})
        db.session.commit()
    page = review(vera, start)
    assert "Only 2 more calls of this kind can be booked now." in page.words
    sent = fields(page)
    refused = vera.post("/book/series", 422, **sent)
    assert "Only 2 more calls of this kind can be booked now." in refused.words
    del sent["call-2"]
    vera.follow("/book/series", **sent)
    assert len(stored(app)) == 2


def test_back_and_other_choices_book_no_time_twice(vera: PageClient, app: Flask, start: str) -> None:
    sent = fields(review(vera, start))
    vera.follow("/book/series", **sent)
    del sent["call-2"]
    page = vera.post("/book/series", 409, **sent)
    assert "You have a call at that time already." in page.words
    assert fields(page)["call-0"] == ""
    assert len(stored(app)) == 3


def test_in_another_zone_a_change_of_clocks_is_told(
    vera: PageClient, start: str, app: Flask, world: World
) -> None:
    here = review(vera, start, count="12")
    assert "Clocks change" not in here.words
    with app.app_context():
        db.session.get(User, world.vera.id).time_zone = "Asia/Kathmandu"
        db.session.query(CallType).update({"horizon_days": 200})
        db.session.commit()
    page = review(vera, start, count="12", weeks="2")
    beyond = local(datetime.fromisoformat(later(start, 22)), ZONE).utcoffset()
    changes = local(datetime.fromisoformat(start), ZONE).utcoffset() != beyond
    assert ("Clocks change: from" in page.words) is changes


def series_of(vera: PageClient, start: str) -> str:
    return vera.follow("/book/series", **fields(review(vera, start)))[0].partition("?")[0]


def test_the_rest_is_cancelled_after_asking_once_more(vera: PageClient, app: Flask, start: str) -> None:
    address = series_of(vera, start)
    with app.app_context():
        first = db.session.query(Booking).order_by(Booking.id).first()
        first.rules = {**first.rules, "cancel_notice": 60 * 24 * 30}
        db.session.commit()
    asked = vera.get(f"{address}/cancel")
    assert asked.heading == "Cancel the rest of the series?"
    assert "These begin too soon and stay" in asked.words and "Yes, cancel 2 calls" in asked.words
    _, after = vera.follow(f"{address}/cancel", reason="Solved")
    assert "The rest of the series is cancelled." in after.words
    assert "These calls begin too soon for that and stay" in after.words
    assert [status for status, _ in stored(app)] == ["pending", "cancelled", "cancelled"]
    assert vera.send(f"{address}/cancel").status_code == 303


def test_the_fragment_is_asked_for_while_calls_are_pending(vera: PageClient, app: Flask, start: str) -> None:
    address = series_of(vera, start)
    text = vera.client.get(f"{address}/state").text
    assert "<html" not in text and f'data-refresh="{address}/state"' in text
    with app.app_context():
        db.session.query(Booking).update({"status": "confirmed"})
        db.session.commit()
    assert "data-refresh" not in vera.client.get(f"{address}/state").text
    assert vera.get(address, new=1).heading == "Your calls are booked"


def test_staff_read_and_strangers_find_nothing(
    vera: PageClient, app: Flask, world: World, start: str
) -> None:
    address = series_of(vera, start)
    for member in (world.sam, world.ada):
        browser = PageClient(app, member)
        assert "Vera" in browser.get(address).words
        browser.get(f"{address}/cancel", 404)
        assert browser.send(f"{address}/cancel").status_code == 404
    for member in (world.pavel, world.mallory, world.rita):
        browser = PageClient(app, member)
        for part in ("", "/state", "/cancel"):
            browser.get(address + part, 404)
        assert browser.send(f"{address}/cancel").status_code == 404
    assert {status for status, _ in stored(app)} == {"pending"}
    with app.app_context():
        assert db.session.query(Series).count() == 1


def test_without_its_token_the_form_books_nothing(vera: PageClient, app: Flask, start: str) -> None:
    assert vera.send("/book/series", token=False, **fields(review(vera, start))).status_code == 400
    assert stored(app) == []
