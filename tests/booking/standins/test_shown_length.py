"""Whoever serves by now does not offer the chosen length: it is chosen anew, and nothing typed is lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from app.booking import service
from app.booking.models import Booking, CallTypeChange
from app.lib.db import db
from app.lib.intervals import Interval
from tests.booking.series.test_views import fields, review
from tests.booking.standins.test_shown import put_busy, start_on, whose
from tests.pages.client import Page, PageClient
from tests.world import World

Leave = Callable[..., None]
OTHER = "Rita Weiss takes calls on that day now. Nothing is booked until you confirm again."
REFUSED = "Rita Weiss does not offer this call with a length of 15 minutes. Choose another length."


@pytest.fixture(autouse=True)
def _lengths(app: Flask, world: World) -> None:
    """Such a call is 15 or 30 minutes long with Sam, and 45 or 60 with Rita."""
    with app.app_context():
        kind = service.call_type(db.session(), "product-support")
        for person, rules in (
            (world.sam, {"length": 30, "more_lengths": [15]}),
            (world.rita, {"length": 60, "more_lengths": [45]}),
        ):
            change = CallTypeChange(call_type_id=kind.id, specialist_id=person.id, rules=rules)
            db.session.add(change)
        db.session.commit()


def details(browser: PageClient, start: str) -> Page:
    return browser.follow("/book/hold", start=start, call_type="product-support", length="15")[1]


def sent_by(page: Page) -> dict[str, str]:
    (form,) = page.forms("/book")
    sent = {name: value.removeprefix("\n") for name, value in form.form_values()}
    return {name: value for name, value in sent.items() if name != "csrf_token"}


def lengths(app: Flask) -> list[timedelta]:
    with app.app_context():
        calls = db.session.query(Booking).order_by(Booking.starts_at)
        return [call.ends_at - call.starts_at for call in calls]


def test_a_call_comes_back_with_what_was_typed_and_the_lengths_of_whoever_takes_it(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    typed = {
        "topic": "Import",
        "way": "phone",
        "phone": "+49 30 1234567",
        "colleagues": "ana@nordwind.example",
    }
    sent = sent_by(details(vera, start_on(vera, workday))) | typed
    leave(workday, workday, world.rita)
    page = vera.post("/book", 422, **sent)
    assert page.title.startswith("Error:") and OTHER in page.words
    assert REFUSED in page.words
    assert page.radios("length") == ["60", "45"] and whose(app) == []
    again = sent_by(page)
    assert typed.items() <= again.items() and again["start"] == sent["start"]
    vera.follow("/book", **again | {"length": "45"})
    assert (whose(app), lengths(app)) == ([world.rita.id], [timedelta(minutes=45)])


def test_the_details_of_a_time_that_was_kept_with_another_ask_for_the_length(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    start = start_on(vera, workday)
    kept = vera.send("/book/hold", start=start, call_type="product-support", length="15").location
    leave(workday, workday, world.rita)
    page = vera.get(kept)
    # Sam's time is kept, not Rita's.
    assert OTHER in page.words and REFUSED in page.words
    assert "We keep this time for you until" not in page.words
    vera.follow("/book", **sent_by(page) | {"length": "45"})
    assert lengths(app) == [timedelta(minutes=45)]


def test_a_series_comes_back_with_what_was_typed_and_chosen_and_its_first_persons_lengths(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    page = review(vera, start_on(vera, workday), length="15")
    sent = fields(page) | {"topic": "Import"}
    del sent["call-1"]
    leave(workday, workday + timedelta(days=21), world.rita)
    page = vera.post("/book/series", 422, **sent)
    assert page.title.startswith("Error:") and OTHER in page.words
    assert REFUSED in page.words
    assert page.radios("length") == ["60", "45"] and whose(app) == []
    again = fields(page)
    assert again["topic"] == "Import" and "call-1" not in again
    assert again["call-2"] == sent["call-2"]
    vera.follow("/book/series", **again | {"length": "45"})
    assert (whose(app), lengths(app)) == ([world.rita.id] * 2, [timedelta(minutes=45)] * 2)


def test_a_date_without_time_for_the_other_length_comes_with_the_nearest_times_and_not_left_out(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    first = start_on(vera, workday)
    sent = fields(review(vera, first, length="15"))
    leave(workday, workday + timedelta(days=21), world.rita)
    start = datetime.fromisoformat(sent["call-1"])
    put_busy(app, world.rita, [Interval(start + timedelta(minutes=30), start + timedelta(minutes=60))])
    page = vera.post("/book/series", 422, **sent)
    again = fields(page)
    assert "That time is taken." in page.words
    assert again["call-1"] in page.radios("call-1") and again["call-1"] not in {"", sent["call-1"]}
    vera.follow("/book/series", **again)
    assert lengths(app) == [timedelta(minutes=60)] * 3


@pytest.mark.parametrize("asked", [{}, {"weeks": "1", "ends": "count", "count": "3"}])
def test_the_pages_before_a_series_ask_for_the_length(
    vera: PageClient, leave: Leave, workday: date, world: World, asked: dict[str, str]
) -> None:
    start = start_on(vera, workday)
    leave(workday, workday, world.rita)
    page = vera.get("/book/series", start=start, call_type="product-support", length="15", **asked)
    assert REFUSED in page.words
    assert page.radios("length") == ["60", "45"]
