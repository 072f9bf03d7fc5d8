"""Callbacks by page: asked for, withdrawn, booked instead; and rung from the queue."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.availability.models import Reservation
from app.booking.models import Booking
from app.desk.callbacks.jobs import booked_pass
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.lib.db import db
from tests.booking.conftest import _nobody_writes, now, pavel, vera, world
from tests.pages.client import PageClient
from tests.world import Member, World

__all__ = ["_nobody_writes", "now", "pavel", "vera", "world"]

NUMBER = "+49 30 12345678"


def ask(browser: PageClient, **typed: str) -> str:
    """Ask on the page; the address of the callback."""
    fields = {"number": NUMBER, "topic": "Import stops", "key": "k1", "day": "", "time": ""} | typed
    address, _page = browser.follow("/callbacks/new", **fields)
    return address.partition("?")[0]


def states(app: Flask) -> list[str]:
    with app.app_context():
        return [row.state for row in db.session.query(Callback).order_by(Callback.id)]


def test_the_form_says_what_is_promised_before_and_the_page_after(vera: PageClient, app: Flask) -> None:
    page = vera.get("/callbacks/new")
    assert page.heading == "Ask for a call back"
    assert "Ask now, and we ring you by" in page.words
    assert "09:00–17:00" in page.words
    shown = vera.get(ask(vera))
    assert shown.heading.startswith("We ring you by")
    assert NUMBER in shown.words and "Import stops" in shown.words
    promised = shown.heading.removeprefix("We ring you by ")
    assert f"A callback was asked for, promised by {promised}: “Import stops”" in vera.get("/chat").words
    assert states(app) == ["waiting"]


def test_a_form_that_is_sent_twice_asks_once(vera: PageClient, app: Flask) -> None:
    assert ask(vera) == ask(vera)
    assert states(app) == ["waiting"]


def test_a_number_needs_no_country_code_in_ones_own_country(vera: PageClient, app: Flask) -> None:
    ask(vera, number="030 12345678")
    with app.app_context():
        assert db.session.query(Callback).one().number == "+493012345678"


def test_what_was_typed_wrong_is_told_in_words(vera: PageClient, app: Flask) -> None:
    typed = {"number": "12", "topic": "", "day": "", "time": "25:00", "key": "k"}
    page = vera.post("/callbacks/new", 422, **typed)
    assert "Enter a phone number with country code, like +49" in page.words
    assert "Write a time like 9:30" in page.words
    assert states(app) == []


def test_a_wished_time_is_kept_in_words(pavel: PageClient, app: Flask) -> None:
    days = pavel.get("/callbacks/new").tree.xpath("//select[@name='day']/option/@value")
    # 10:30 in Bratislava is 14:30 or 15:30 in Yekaterinburg; the last day is never over.
    address = ask(pavel, number="+7 343 350 0000", day=days[-1], time="1530")
    assert "15:30" in pavel.get(address).words
    with app.app_context():
        row = db.session.query(Callback).one()
        assert row.wished_at is not None
        assert row.due_at == row.wished_at + timedelta(minutes=30)


def test_it_stands_in_the_list_and_can_be_withdrawn(vera: PageClient, app: Flask) -> None:
    address = ask(vera)
    assert address in vera.get("/callbacks").links()
    vera.follow(f"{address}/withdraw")
    assert states(app) == ["withdrawn"]
    assert vera.get(address).heading == "You want no call back any more"


def book(browser: PageClient, address: str) -> str:
    """Press the first of the free times on a callback's page; where that leads."""
    page = browser.get(address)
    (form,) = page.forms(f"{address}/book")
    fields = {name: value for name, value in form.fields.items() if name.startswith("specialist-")}
    led, _booked = browser.follow(f"{address}/book", start=page.slots()[0], **fields)
    return led.partition("?")[0]


def settle(app: Flask, now: datetime, status: str) -> None:
    """What the worker does when the call has become this."""
    with app.app_context():
        db.session.execute(update(Booking).values(status=status))
        db.session.commit()
        booked_pass(db.session(), app.extensions["attache"], now)


def test_one_press_books_a_call_about_the_same_which_ends_it_when_confirmed(
    vera: PageClient, app: Flask, now: datetime
) -> None:
    address = ask(vera)
    call = book(vera, address)
    assert call.startswith("/calls/")
    shown = vera.get(address)
    assert states(app) == ["waiting"]
    assert "As long as it is not confirmed, we ring you as promised." in shown.words
    assert call in shown.links() and not shown.slots()
    with app.app_context():
        row = db.session.query(Booking).one()
        assert (row.topic, row.way, row.phone) == ("Import stops", "phone", "+493012345678")
    settle(app, now, "pending")
    assert states(app) == ["waiting"]
    settle(app, now, "confirmed")
    assert states(app) == ["booked"]
    assert vera.get(address).heading == "You booked a call instead"
    assert call in vera.get(address).links()


@pytest.mark.parametrize("end", ["declined", "expired", "cancelled"])
def test_a_call_that_fails_leaves_the_callback_and_another_can_be_booked(
    end: str, vera: PageClient, app: Flask, now: datetime
) -> None:
    address = ask(vera)
    first = book(vera, address)
    settle(app, now, end)
    assert states(app) == ["waiting"]
    with app.app_context():
        db.session.execute(delete(Reservation))
        db.session.commit()
    assert book(vera, address) != first


def test_a_second_press_leads_to_the_same_call(vera: PageClient, app: Flask) -> None:
    address = ask(vera)
    other = vera.get(address).slots()[1]
    call = book(vera, address)
    led, _page = vera.follow(f"{address}/book", start=other)
    assert led.partition("?")[0] == call
    with app.app_context():
        assert db.session.query(Booking).count() == 1


def test_a_time_that_cannot_be_had_is_told_and_the_callback_stays(
    vera: PageClient, app: Flask, now: datetime
) -> None:
    address = ask(vera)
    page = vera.post(f"{address}/book", 422, start="2020-01-06T10:00:00Z")
    assert "There is a problem" in page.words
    assert states(app) == ["waiting"]


def test_what_is_somebody_elses_is_not_there(vera: PageClient, app: Flask, world: World) -> None:
    address = ask(vera)
    for stranger in (world.mallory, world.pavel, world.rita):
        browser = PageClient(app, stranger)
        browser.get(address, 404)
        if stranger.user.is_staff:
            assert browser.send(f"{address}/take").status_code == 404
        else:
            assert browser.send(f"{address}/withdraw").status_code == 404
            assert browser.send(f"{address}/book", start="2030-01-07T10:00:00Z").status_code == 404
    assert states(app) == ["waiting"]


def test_who_is_not_entitled_reads_why(app: Flask, world: World) -> None:
    assert "option" in PageClient(app, world.otto).get("/callbacks/new", 403).words.lower()


def test_the_specialist_rings_from_the_queue(vera: PageClient, app: Flask, world: World) -> None:
    address = ask(vera)
    sam = PageClient(app, world.sam)
    queue = sam.get("/callbacks")
    assert queue.heading == "Callback queue"
    assert "Vera Lindqvist" in queue.words and "Nordwind" in queue.words
    assert "tel:+493012345678" in queue.links()
    sam.follow(f"{address}/take", shown="")
    assert "You took it" in sam.get(address).words
    _, again = sam.follow(f"{address}/outcome", outcome="no_answer", note="Rang twice")
    assert "Noted: no answer. Vera Lindqvist stays in the queue." in again.words
    assert "1 attempt, no answer" in again.words
    assert "no answer" in vera.get(address).words
    assert vera.get(address).heading == "We rang and did not reach you. We try again"
    assert "Rang twice" not in vera.get(address).words
    sam.follow(f"{address}/take", shown="")
    _, done = sam.follow(f"{address}/outcome", outcome="reached", note="")
    assert "Vera Lindqvist is not in the queue any more" in done.words
    assert vera.get(address).heading == "We rang and reached you"
    with app.app_context():
        assert db.session.query(CallbackAttempt).count() == 2


def test_of_two_who_take_it_the_second_reads_who_was_first(
    vera: PageClient, app: Flask, world: World
) -> None:
    address = ask(vera)
    sam, ada = PageClient(app, world.sam), PageClient(app, world.ada)
    sam.follow(f"{address}/take", shown="")
    page = ada.post(f"{address}/take", 409, shown="")
    assert "Sam took it a moment ago." in page.words
    assert "Take over and call" in page.words
    assert ada.post(f"{address}/outcome", 409, outcome="reached", note="").status == 409


@pytest.mark.parametrize("who", ["vera", "sam"])
def test_the_lists_cost_the_same_however_long_they_are(
    who: str, vera: PageClient, app: Flask, world: World, count_queries
) -> None:
    for number in range(3):
        ask(vera, key=f"k{number}")
    member: Member = getattr(world, who)
    browser = PageClient(app, member)
    browser.get("/callbacks")
    with count_queries() as queries:
        browser.get("/callbacks")
    assert len(queries) <= 12


def test_the_page_of_a_callback_is_cheap(vera: PageClient, count_queries) -> None:
    address = ask(vera)
    with count_queries() as queries:
        vera.get(address)
    assert len(queries) <= 12


def test_a_long_list_goes_on_on_the_next_page(vera: PageClient, app: Flask, world: World) -> None:
    ask(vera)
    with app.app_context():
        row = db.session.query(Callback).one()
        values = {column.name: getattr(row, column.name) for column in Callback.__table__.columns}
        for number in range(54):
            copy = values | {"id": None, "public_id": f"p{number}", "key": f"c{number}"}
            db.session.add(Callback(**copy))
        db.session.commit()
    for member in (world.vera, world.sam):
        browser = PageClient(app, member)
        first = browser.get("/callbacks")
        more = next(link for link in first.links() if "after=" in link)
        second = browser.get(more)
        shown = [
            set(filter(lambda link: link.startswith("/callbacks/p"), page.links()))
            for page in (first, second)
        ]
        assert shown[0] & shown[1] == set()
        assert len(shown[0] | shown[1]) == 54
