"""The question about calls that are gone from the calendar, on the specialist's schedule."""

from datetime import datetime

import pytest
from flask import Flask

from app.booking.models import Booking
from app.jobs.client import live_keys
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World

ASKED = "/schedule/asked"


@pytest.fixture
def asked(vera: PageClient, app: Flask, now: datetime) -> list[str]:
    """Two confirmed calls of Vera's with Sam that he is asked about."""
    for number in (3, 6):
        _, fields = details(vera, number)
        vera.follow("/book", **fields | {"topic": "Price lists"})
    with app.app_context():
        values = {"status": "confirmed", "confirmed_at": now, "written_sequence": 0}
        db.session.query(Booking).update(values | {"asked_at": now, "missing_since": now})
        db.session.commit()
        return [row.public_id for row in db.session.query(Booking).order_by(Booking.starts_at)]


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)


def states(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        rows = db.session.query(Booking).order_by(Booking.starts_at)
        return [(row.status, row.asked_at is not None) for row in rows]


def test_the_schedule_asks_about_each_call_and_about_all(sam: PageClient, asked: list[str]) -> None:
    page = sam.get("/schedule")
    assert "no longer in your calendar" in page.words
    forms = page.forms(ASKED)
    assert len(forms) == 3
    named = [form.find(".//input[@name='call']") for form in forms]
    assert [item.get("value") for item in named if item is not None] == asked


def test_nothing_is_asked_where_nothing_is_gone(sam: PageClient) -> None:
    assert sam.get("/schedule").forms(ASKED) == []


@pytest.mark.parametrize(("answer", "left"), [("write", "confirmed"), ("cancel", "cancelled")])
def test_one_call_is_settled_by_its_button(
    sam: PageClient, app: Flask, asked: list[str], answer: str, left: str
) -> None:
    assert sam.send(ASKED, call=asked[0], answer=answer).status_code == 303
    assert states(app) == [(left, False), ("confirmed", True)]


def test_all_calls_are_settled_at_once(sam: PageClient, app: Flask, asked: list[str]) -> None:
    sam.send(ASKED, answer="write")
    assert states(app) == [("confirmed", False)] * 2
    with app.app_context():
        assert sum(":again-" in key for key in live_keys(db.session())) == 2
    assert "no longer in your calendar" not in sam.get("/schedule").words


def test_somebody_elses_call_and_other_answers_do_not_exist(
    sam: PageClient, app: Flask, world: World, vera: PageClient, asked: list[str]
) -> None:
    rita = PageClient(app, world.rita)
    assert rita.send(ASKED, call=asked[0], answer="cancel").status_code == 404
    assert rita.send(ASKED, answer="cancel").status_code == 303
    assert vera.send(ASKED, call=asked[0], answer="cancel").status_code == 404
    assert sam.send(ASKED, call="nothing", answer="cancel").status_code == 404
    assert sam.send(ASKED, call=asked[0], answer="burn").status_code == 404
    assert states(app) == [("confirmed", True)] * 2


def test_an_answer_without_a_token_is_refused(sam: PageClient, app: Flask, asked: list[str]) -> None:
    assert sam.send(ASKED, token=False, answer="cancel").status_code == 400
    assert states(app) == [("confirmed", True)] * 2


def test_why_the_calendar_does_not_take_a_call_is_told_to_specialist_and_administrator(
    sam: PageClient, app: Flask, world: World, asked: list[str]
) -> None:
    with app.app_context():
        db.session.query(Booking).update({"asked_at": None, "calendar_trouble": "calendar_right quota"})
        db.session.commit()
    assert "The calendar is full" in sam.get("/schedule").words
    assert "The calendar is full" in PageClient(app, world.ada).get("/overview").words


def test_the_administrator_sees_that_a_specialist_is_asked(
    app: Flask, world: World, asked: list[str]
) -> None:
    assert "the specialist is asked" in PageClient(app, world.ada).get("/overview").words


def test_moves_in_great_number_are_asked_about_on_their_own(
    sam: PageClient, app: Flask, asked: list[str]
) -> None:
    # Nothing stands in the replica here: the answers find what is asked about by its mark alone.
    with app.app_context():
        db.session.query(Booking).update({"missing_since": None})
        db.session.commit()
    assert sam.send(ASKED, answer="write").status_code == 303
    assert states(app) == [("confirmed", True)] * 2
    assert sam.send(ASKED, call=asked[0], answer="cancel").status_code == 404
    assert sam.send(ASKED, call=asked[0], answer="back").status_code == 303
    assert states(app) == [("confirmed", False), ("confirmed", True)]
    with app.app_context():
        assert sum(":back-" in key for key in live_keys(db.session())) == 1
