"""Answers and proposals on the pages of the call and of the schedule."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.booking.models import Attendee, Booking, Proposal
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)


@pytest.fixture
def call(vera: PageClient, app: Flask, now: datetime) -> str:
    """Vera's confirmed call with Sam; she proposed the next free time but one."""
    _, fields = details(vera, 3)
    vera.follow("/book", **fields | {"topic": "Price lists"})
    with app.app_context():
        row = db.session.query(Booking).one()
        row.status, row.confirmed_at = "confirmed", now
        guest = db.session.query(Attendee).one()
        guest.partstat, guest.comment = "TENTATIVE", "<b>perhaps</b>"
        db.session.commit()
        return row.public_id


def propose(app: Flask, call: str, number: str, minutes: int) -> None:
    with app.app_context():
        row = db.session.query(Booking).filter_by(public_id=call).one()
        start = row.starts_at + timedelta(minutes=minutes)
        guest = db.session.query(Attendee).one()
        times = {"starts_at": start, "ends_at": start + timedelta(minutes=30), "created_at": row.created_at}
        kept = Proposal(
            public_id=number, booking_id=row.id, attendee_id=guest.id, sequence=row.sequence, **times
        )
        kept.comment = "earlier is bad"
        db.session.add(kept)
        db.session.commit()


def states(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        moves = {row.id: row.move_starts_at is not None for row in db.session.query(Booking)}
        rows = db.session.query(Proposal).order_by(Proposal.id)
        return [(row.state, moves[row.booking_id]) for row in rows]


def test_both_sides_see_who_answered_and_only_the_specialist_what_was_written(
    vera: PageClient, sam: PageClient, call: str
) -> None:
    for client in (vera, sam):
        assert (
            "Who is invited Vera Lindqvist vera@nordwind.example Maybe" in client.get(f"/calls/{call}").words
        )
    assert "<b>perhaps</b>" in sam.get(f"/calls/{call}").words
    assert "perhaps" not in vera.get(f"/calls/{call}").words


def test_a_proposal_stands_on_the_calls_page_and_on_the_schedule_of_its_specialist(
    vera: PageClient, sam: PageClient, app: Flask, call: str
) -> None:
    assert sam.get("/schedule").forms("/calls/") == []
    propose(app, call, "p1", 30)
    for address in (f"/calls/{call}", "/schedule"):
        (form,) = sam.get(address).forms(f"/calls/{call}/proposals/p1")
        assert [button.get("value") for button in form.iter("button")] == ["accept", "decline"]
        assert "earlier is bad" in sam.get(address).words
    assert vera.get(f"/calls/{call}").forms(f"/calls/{call}/proposals") == []


@pytest.mark.parametrize(
    ("answer", "left"), [("accept", ("accepted", True)), ("decline", ("declined", False))]
)
def test_one_press_settles_it(
    sam: PageClient, app: Flask, call: str, answer: str, left: tuple[str, bool]
) -> None:
    propose(app, call, "p1", 30)
    assert sam.send(f"/calls/{call}/proposals/p1", answer=answer).status_code == 303
    assert states(app) == [left]
    page = sam.get(f"/calls/{call}")
    assert page.forms(f"/calls/{call}/proposals") == []
    assert sam.send(f"/calls/{call}/proposals/p1", answer=answer).status_code == 404


def test_a_time_that_cannot_be_had_is_refused_in_words(sam: PageClient, app: Flask, call: str) -> None:
    propose(app, call, "p1", 7)
    answer = sam.send(f"/calls/{call}/proposals/p1", answer="accept")
    assert answer.status_code == 422 and "Calls do not begin at that minute." in answer.get_data(as_text=True)
    assert states(app) == [("open", False)]


def test_nobody_else_settles_it_and_nothing_else_can_be_said(
    vera: PageClient, sam: PageClient, app: Flask, world: World, call: str
) -> None:
    propose(app, call, "p1", 30)
    address = f"/calls/{call}/proposals/p1"
    assert PageClient(app, world.rita).send(address, answer="accept").status_code == 404
    assert vera.send(address, answer="accept").status_code == 404
    assert sam.send(address, answer="burn").status_code == 404
    assert sam.send(f"/calls/{call}/proposals/p2", answer="accept").status_code == 404
    assert sam.send("/calls/nothing/proposals/p1", answer="accept").status_code == 404
    assert sam.send(address, token=False, answer="accept").status_code == 400
    assert states(app) == [("open", False)]
