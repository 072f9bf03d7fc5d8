"""The page of the colleagues on a call, and what the call's page and history say of them."""

import pytest
from flask import Flask

from app.accounts.service import record
from app.booking.guests.values import ADDED, MOST_ADDITIONS_A_DAY
from app.booking.models import Attendee, Booking
from app.lib import clock
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World


@pytest.fixture
def call(vera: PageClient) -> str:
    """The address of Vera's call."""
    _, fields = details(vera, 3)
    return vera.follow("/book", **fields | {"topic": "Price lists"})[0].partition("?")[0]


def guests(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(Attendee).filter_by(is_contact=False, removed_at=None)
        return [row.email for row in rows]


def test_a_colleague_is_added_and_taken_off(vera: PageClient, app: Flask, world: World, call: str) -> None:
    assert f"{call}/guests" in vera.get(call).links()
    vera.follow(f"{call}/guests", email="Olga@Nordwind.example", name="Olga <b>")
    assert guests(app) == ["olga@nordwind.example"]
    page = vera.get(f"{call}/guests")
    assert "Olga <b>" in page.words and "olga@nordwind.example" in page.words
    assert "Olga <b>" in vera.get(call).words and "You added Olga <b>" in vera.get(call).words
    assert "Vera Lindqvist added Olga <b>" in PageClient(app, world.sam).get(call).words
    vera.follow(f"{call}/guests/remove", email="olga@nordwind.example")
    assert guests(app) == [] and "You took Olga <b> off the call" in vera.get(call).words


def test_colleagues_can_be_named_while_booking(vera: PageClient, app: Flask) -> None:
    _, fields = details(vera, 3)
    wrong = vera.send("/book", **fields | {"colleagues": "olga@nordwind.example\nolga"})
    assert wrong.status_code == 422 and "Enter an e-mail address like name@company.com" in wrong.text
    assert guests(app) == [] and "olga@nordwind.example" in wrong.text
    typed = {"colleagues": " Olga@nordwind.example\r\n\r\negor@partner.example, VERA@nordwind.example "}
    for _ in range(2):
        vera.follow("/book", **fields | typed)
        assert guests(app) == ["olga@nordwind.example", "egor@partner.example"]


def test_the_limit_of_a_day_books_nothing_and_is_said_beside_the_field(
    vera: PageClient, call: str, app: Flask
) -> None:
    with app.app_context():
        for number in range(MOST_ADDITIONS_A_DAY):
            record(db.session(), clock.now(), None, ADDED, "booking", call.rpartition("/")[2], guest=number)
        db.session.commit()
    _, fields = details(vera, 4)
    refused = vera.send("/book", **fields | {"colleagues": "olga@nordwind.example"})
    assert refused.status_code == 422 and "Too many people were added to calls today" in refused.text
    assert guests(app) == []
    assert vera.follow("/book", **fields)[0].startswith("/calls/")


@pytest.mark.parametrize(
    ("email", "name", "words"),
    [
        ("olga", "", "Enter an e-mail address like name@company.com"),
        ("vera@nordwind.example", "", "Whoever booked the call is invited already."),
        ("olga@nordwind.example", "Olga\u202e", "Enter a shorter, plain name"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_kept_there(
    vera: PageClient, app: Flask, call: str, email: str, name: str, words: str
) -> None:
    answer = vera.send(f"{call}/guests", email=email, name=name)
    assert answer.status_code == 422 and words in answer.text and f'value="{email}"' in answer.text
    assert guests(app) == []


def test_strangers_find_no_such_call(app: Flask, world: World, call: str) -> None:
    for member in (world.pavel, world.rita):
        browser = PageClient(app, member)
        browser.get(f"{call}/guests", 404)
        assert browser.send(f"{call}/guests", email="olga@nordwind.example").status_code == 404
        assert browser.send(f"{call}/guests/remove", email="vera@nordwind.example").status_code == 404


def test_a_call_that_is_over_offers_no_change(vera: PageClient, app: Flask, call: str) -> None:
    vera.follow(f"{call}/guests", email="olga@nordwind.example")
    with app.app_context():
        db.session.query(Booking).update({"status": "cancelled"})
        db.session.commit()
    page = vera.get(f"{call}/guests")
    assert "olga@nordwind.example" in page.words and "<form" not in page.text.partition("<main")[2]
    assert f"{call}/guests" not in vera.get(call).links()
