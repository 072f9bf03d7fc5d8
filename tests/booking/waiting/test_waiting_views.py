"""The waiting list by page, without JavaScript."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.availability.models import Reservation
from app.booking.models import Booking, Hold, Waiting
from app.booking.waiting.jobs import waiting_pass
from app.calendars.models import CalendarPicture
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.packed import pack
from tests.pages.client import Page, PageClient
from tests.world import World

BOOK = {"call_type": "product-support"}


@pytest.fixture
def sam(app: Flask, world: World, now: datetime) -> "Calendar":
    return Calendar(app, world.sam.id, now)


class Calendar:
    """Sam's calendar, full or free, and the worker's pass."""

    def __init__(self, app: Flask, person_id: int, at: datetime) -> None:
        self.app, self.person_id, self.at = app, person_id, at
        self.fill()

    def fill(self) -> None:
        self._put([Interval(self.at, self.at + timedelta(days=70))])

    def clear(self) -> None:
        self._put([])

    def _put(self, busy: list[Interval]) -> None:
        with self.app.app_context():
            db.session.query(CalendarPicture).filter_by(person_id=self.person_id).update({"busy": pack(busy)})
            db.session.commit()

    def pass_by(self) -> None:
        with self.app.app_context():
            waiting_pass(db.session(), self.app.extensions["attache"], self.at)

    def run_out(self) -> None:
        """As if what is offered had been offered an hour ago."""
        past = self.at - timedelta(minutes=30)
        with self.app.app_context():
            db.session.query(Reservation).update({"expires_at": past})
            db.session.query(Waiting).update({"offer_expires_at": past})
            db.session.commit()

    def rows(self) -> list[tuple[str, bool]]:
        with self.app.app_context():
            return [(row.state, row.reservation_id is not None) for row in db.session.query(Waiting)]


def join(browser: PageClient, **query: str) -> tuple[str, Page]:
    """Take a place with what the form proposes."""
    page = browser.get("/waiting", **(query or BOOK))
    (form,) = page.forms("/waiting")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    return browser.follow("/waiting", **fields)


def book(browser: PageClient, last: bool = False) -> str:
    """Book the first or the last time of the week; the address of the call."""
    start = browser.get("/book").slots()[-1 if last else 0]
    _, page = browser.follow("/book/hold", start=start, **BOOK)
    (form,) = page.forms("/book")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    return browser.follow("/book", **fields | {"way": "video", "topic": ""})[0].partition("?")[0]


def test_from_an_empty_week_one_gets_into_the_line_and_out_again(vera: PageClient, sam: Calendar) -> None:
    week = vera.get("/book")
    assert week.slots() == []
    (link,) = [link for link in week.links() if link.startswith("/waiting")]
    assert vera.get(link).heading == "Tell me if a time comes free"
    address, page = join(vera)
    assert page.heading == "You are in line"
    calls = vera.get("/calls")
    assert "Product support with Sam" in calls.words and address in calls.links()
    (leave,) = calls.forms(f"{address}/leave")
    _, calls = vera.follow(leave.get("action"))
    assert "Waiting list" not in calls.words
    assert vera.get(address).heading == "You are not in line any more"


def test_an_offered_time_is_booked_with_its_details(vera: PageClient, sam: Calendar, app: Flask) -> None:
    address, _ = join(vera)
    sam.clear()
    sam.pass_by()
    page = vera.get(address)
    assert page.heading == "A time came free" and "We keep it for you until" in page.words
    assert "is kept for you until" in vera.get("/calls").words
    assert sam.rows() == [("offered", True)]
    with app.app_context():
        assert db.session.query(Hold).count() == 0
    _, details = vera.follow(f"{address}/take")
    assert details.heading == "Your details" and "We keep this time for you until" in details.words
    (form,) = details.forms("/book")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    _, booked = vera.follow("/book", **fields | {"way": "video", "topic": "At last"})
    assert booked.heading == "Your time is reserved"
    assert vera.get(address).heading == "You took the time"
    assert "Waiting list" not in vera.get("/calls").words
    sam.pass_by()
    assert sam.rows() == [("taken", False)]


def test_others_do_not_see_the_offered_time_nor_the_place(
    vera: PageClient,
    pavel: PageClient,
    sam: Calendar,
    app: Flask,
) -> None:
    address, _ = join(vera)
    sam.clear()
    sam.pass_by()
    with app.app_context():
        start = db.session.query(Waiting).one().offer_starts_at
    shown = pavel.get("/book").slots()
    assert shown and f"{start:%Y-%m-%dT%H:%M:%SZ}" not in shown
    pavel.get(address, 404)
    pavel.post(f"{address}/take", 404)
    pavel.post(f"{address}/leave", 404)


def test_a_refused_time_is_let_go_and_the_place_kept(vera: PageClient, sam: Calendar) -> None:
    address, _ = join(vera)
    sam.clear()
    sam.pass_by()
    _, page = vera.follow(f"{address}/decline")
    assert page.heading == "You are in line" and sam.rows() == [("waiting", False)]
    assert len(page.radios()) == 3
    again = vera.post(f"{address}/decline", 409)
    assert "The time is no longer kept for you" in again.words


@pytest.mark.parametrize("answer", ["take", "decline"])
def test_an_answer_to_a_time_that_was_offered_before_does_nothing_to_the_one_that_is_offered_now(
    vera: PageClient, sam: Calendar, app: Flask, answer: str
) -> None:
    address, _ = join(vera)
    sam.clear()
    sam.pass_by()
    (form,) = vera.get(address).forms(f"{address}/{answer}")
    shown = form.fields["start"]
    with app.app_context():
        start = db.session.query(Waiting).one().offer_starts_at
    assert shown == f"{start:%Y-%m-%dT%H:%M:%SZ}"
    page = vera.post(f"{address}/{answer}", 409, start=(start - timedelta(hours=1)).isoformat())
    assert page.title.startswith("Error:") and "The time is no longer kept for you" in page.words
    assert page.heading == "A time came free" and sam.rows() == [("offered", True)]


def test_an_offer_that_ran_out_says_so_and_shows_what_is_free(vera: PageClient, sam: Calendar) -> None:
    address, _ = join(vera)
    sam.clear()
    sam.pass_by()
    sam.run_out()
    page = vera.get(address)
    assert page.heading == "You are in line" and "We kept" in page.words
    page = vera.post(f"{address}/take", 409)
    assert page.title.startswith("Error:") and "The time is no longer kept for you" in page.words
    _, details = vera.follow("/book/hold", start=page.radios()[0], **BOOK)
    assert details.heading == "Your details"


def test_where_times_are_free_there_is_nothing_to_wait_for(vera: PageClient, sam: Calendar) -> None:
    (form,) = vera.get("/waiting", **BOOK).forms("/waiting")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    sam.clear()
    page = vera.post("/waiting", 409, **fields)
    assert "There are free times in these days" in page.words and len(page.radios()) == 3
    assert sam.rows() == []
    _, details = vera.follow("/book/hold", start=page.radios()[0], **BOOK)
    assert details.heading == "Your details"


def test_an_earlier_time_is_shown_beside_the_call_and_moves_it(
    vera: PageClient,
    sam: Calendar,
    app: Flask,
) -> None:
    sam.clear()
    call = book(vera, last=True)
    (link,) = [link for link in vera.get(call).links() if link.startswith("/waiting")]
    assert "Your call: Product support" in vera.get(link).words
    address, page = join(vera, moving=call.rpartition("/")[2])
    assert "in place of" in page.words
    sam.pass_by()
    page = vera.get(address)
    assert page.heading == "An earlier time came free" and "New time" in page.words
    _, moved = vera.follow(f"{address}/take")
    assert moved.heading == "Your new time is reserved"
    with app.app_context():
        row = db.session.query(Booking).one()
        assert row.move_starts_at is not None and row.move_starts_at < row.starts_at
    assert sam.rows() == [("taken", False)]


def test_what_cannot_be_waited_for_is_said_in_the_form(vera: PageClient, sam: Calendar) -> None:
    (form,) = vera.get("/waiting", **BOOK).forms("/waiting")
    days = form.inputs["first"].value_options
    page = vera.post("/waiting", 422, **BOOK, first=days[1], last=days[0])
    assert page.title.startswith("Error:") and "The last day lies before the first" in page.words
    vera.post("/waiting", 422, **BOOK, first="soon", last="")
    vera.post("/waiting", 404, call_type="massage", first=days[0], last=days[0])
    vera.get("/waiting", 404, moving="nothing")


def test_the_list_is_for_contacts(app: Flask, world: World) -> None:
    browser = PageClient(app, world.sam)
    browser.get("/waiting", 404)
    browser.post("/waiting/somewhere/leave", 404)
