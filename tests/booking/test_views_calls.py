"""A call's pages: seeing, moving, cancelling, the file, the schedule."""

from datetime import datetime, timedelta

import icalendar
import pytest
from flask import Flask

from app.accounts.models import User
from app.booking.models import Booking
from app.lib.db import db
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World


@pytest.fixture
def call(vera: PageClient) -> str:
    """The address of Vera's call, reserved and not yet in the calendar."""
    _, fields = details(vera, 3)
    return vera.follow("/book", **fields | {"topic": "Price lists"})[0].partition("?")[0]


@pytest.fixture
def booked(call: str, app: Flask, now: datetime) -> str:
    """The same, confirmed."""
    with app.app_context():
        db.session.query(Booking).update({"status": "confirmed", "confirmed_at": now, "written_sequence": 0})
        db.session.commit()
    return call


def row(app: Flask) -> Booking:
    with app.app_context():
        return db.session.query(Booking).one()


def test_a_confirmed_call_is_called_booked(vera: PageClient, booked: str) -> None:
    page = vera.get(booked, new=1)
    assert page.heading == "Your call is booked"
    assert f"{booked}.ics" in page.links()
    managed = vera.get(booked)
    assert managed.heading.startswith("Your call with Sam")
    assert "You can move or cancel until" in managed.words
    assert "Booked by you" in managed.words


def test_the_fragment_is_the_part_that_changes(vera: PageClient, call: str) -> None:
    answer = vera.client.get(f"{call}/state")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'data-refresh="{call}/state"' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_foreign_call_does_not_exist(app: Flask, world: World, booked: str) -> None:
    for member in (world.mallory, world.pavel, world.rita):
        browser = PageClient(app, member)
        for part in ("", "/state", ".ics", "/cancel", "/move"):
            browser.get(booked + part, 404)
        assert browser.send(f"{booked}/cancel").status_code == 404
    assert row(app).status == "confirmed"


def test_the_specialist_sees_the_customer(app: Flask, world: World, booked: str) -> None:
    sam = PageClient(app, world.sam)
    page = sam.get(booked)
    assert "Vera" in page.words
    assert "Nordwind" in page.words
    assert f"{booked}/move" in page.links()
    assert booked in sam.get("/schedule").links()


def test_the_schedule_is_for_specialists(app: Flask, world: World, vera: PageClient) -> None:
    vera.get("/schedule", 404)
    page = PageClient(app, world.rita).get("/schedule")
    assert "No calls ahead" in page.words
    assert "In step" in page.words
    assert PageClient(app, world.lev).get("/schedule").tree.find(".//main//li") is None


def test_calls_are_listed(vera: PageClient, booked: str) -> None:
    assert booked in vera.get("/calls").links()


def test_the_file_holds_the_call(vera: PageClient, booked: str, app: Flask) -> None:
    answer = vera.client.get(f"{booked}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="call-')
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["UID"] == row(app).uid
    assert event.start == row(app).starts_at


def test_a_call_that_does_not_stand_has_no_file(vera: PageClient, booked: str) -> None:
    vera.follow(f"{booked}/cancel", reason="")
    assert vera.client.get(f"{booked}.ics").status_code == 404


def test_cancelling_asks_once_more_and_needs_the_form(vera: PageClient, booked: str, app: Flask) -> None:
    page = vera.get(f"{booked}/cancel")
    assert page.heading == "Cancel this call?"
    assert row(app).status == "confirmed"
    _, after = vera.follow(f"{booked}/cancel", reason="We found it ourselves")
    assert after.heading == "This call is cancelled"
    assert "We found it ourselves" in after.words
    assert row(app).status == "cancelled"
    assert any("call_type=product-support" in link for link in after.links())


def test_cancelling_twice_is_as_good_as_once(vera: PageClient, booked: str, app: Flask) -> None:
    vera.follow(f"{booked}/cancel")
    before = row(app).sequence
    vera.follow(f"{booked}/cancel")
    assert row(app).sequence == before


def test_the_specialist_cancels_too(app: Flask, world: World, booked: str) -> None:
    _, after = PageClient(app, world.sam).follow(f"{booked}/cancel", reason="Ill")
    assert after.heading == "This call is cancelled"


def test_moving_shows_old_and_new_and_keeps_the_old_time(vera: PageClient, booked: str, app: Flask) -> None:
    old = row(app).starts_at
    week = vera.get(f"{booked}/move")
    assert week.heading == "Choose a new time"
    assert "It stays booked until you confirm" in week.words
    assert old.strftime("%Y-%m-%dT%H:%M:%SZ") not in week.slots()
    start = week.slots()[-1]
    _, sides = vera.follow(f"{booked}/move", start=start)
    assert sides.heading == "Move this call?"
    (form,) = sides.forms(f"{booked}/move/confirm")
    assert row(app).move_starts_at is None
    _, after = vera.follow(f"{booked}/move/confirm", start=form.fields["start"])
    assert after.heading == "Your new time is reserved"
    assert row(app).starts_at == old
    assert row(app).move_starts_at is not None


def test_a_new_time_taken_meanwhile_offers_others(
    vera: PageClient, pavel: PageClient, booked: str, app: Flask
) -> None:
    start = vera.get(f"{booked}/move").slots()[-1]
    pavel.follow("/book/hold", start=start, call_type="product-support")
    assert "taken" in vera.post(f"{booked}/move", 409, start=start).words
    page = vera.post(f"{booked}/move/confirm", 409, start=start)
    assert "That time was taken a moment ago" in page.words
    assert len(page.radios()) == 3
    vera.follow(f"{booked}/move/confirm", start=page.radios()[0])
    assert row(app).move_starts_at is not None


def test_the_present_time_is_no_new_time(vera: PageClient, booked: str, app: Flask) -> None:
    page = vera.post(f"{booked}/move", 422, start=row(app).starts_at.isoformat())
    assert "That is the time the call has already." in page.words


def test_a_cancelled_call_is_not_moved(vera: PageClient, booked: str) -> None:
    vera.follow(f"{booked}/cancel")
    vera.get(f"{booked}/move", 409)


def test_who_cannot_be_moved_to_any_more_is_told_why(
    vera: PageClient, booked: str, app: Flask, world: World
) -> None:
    with app.app_context():
        db.session.query(User).filter_by(id=world.sam.id).update({"is_active": False})
        db.session.commit()
    page = vera.get(f"{booked}/move", 422)
    assert "This specialist takes no calls any more. Keep this call, or cancel it" in page.words
    assert vera.get(booked).heading.startswith("Your call with Sam")


def test_a_declined_call_offers_other_times(vera: PageClient, call: str, app: Flask) -> None:
    with app.app_context():
        db.session.query(Booking).update({"status": "declined"})
        db.session.commit()
    page = vera.get(call)
    assert page.heading == "This time could not be booked"
    assert len(page.radios()) == 3
    (form,) = page.forms("/book/hold")
    _, kept = vera.follow("/book/hold", start=page.radios()[0], call_type=form.fields["call_type"])
    assert kept.heading == "Your details"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><svg onload=x>', "{{7*7}}", "=H(1)"])
def test_hostile_words_are_only_words(vera: PageClient, app: Flask, hostile: str) -> None:
    _, fields = details(vera)
    _, page = vera.follow("/book", **fields | {"topic": hostile})
    assert hostile in page.words


@pytest.fixture
def over(booked: str, app: Flask, now: datetime) -> str:
    """The call, begun an hour ago."""
    with app.app_context():
        times = {"starts_at": now - timedelta(hours=1), "ends_at": now - timedelta(minutes=30)}
        db.session.query(Booking).update(times)
        db.session.commit()
    return booked


def test_the_specialist_says_what_became_of_a_call(
    app: Flask, world: World, vera: PageClient, over: str
) -> None:
    sam = PageClient(app, world.sam)
    assert len(sam.get(over).forms(f"{over}/outcome")) == 1
    fields = {"outcome": "took_place", "note": "Try 4.2", "private_note": "They use 3.9"}
    sam.follow(f"{over}/outcome", **fields)
    hers = vera.get(over)
    assert "Took place" in hers.words and "Try 4.2" in hers.words and "They use 3.9" not in hers.words
    assert not hers.forms(f"{over}/outcome")
    his = sam.get(over)
    assert "They use 3.9" in his.tree.find(".//textarea[@name='private_note']").text
    assert vera.send(f"{over}/outcome", outcome="no_show").status_code == 404


def test_a_note_that_cannot_be_taken_is_kept_on_the_page(app: Flask, world: World, over: str) -> None:
    sam = PageClient(app, world.sam)
    page = sam.post(f"{over}/outcome", 422, outcome="no_show", note="x" * 4001, private_note="Kept")
    assert "Write at most 4000 characters" in page.words
    assert "Kept" in page.tree.find(".//textarea[@name='private_note']").text
    assert row(app).status == "confirmed"


def test_the_specialist_moves_a_call_side_by_side_with_a_reason(
    app: Flask, world: World, vera: PageClient, booked: str
) -> None:
    sam = PageClient(app, world.sam)
    start = sam.get(f"{booked}/move").slots()[-1]
    address, _ = sam.follow(f"{booked}/move", start=start)
    assert "start=" in address
    sam.follow(f"{booked}/move/confirm", start=start, reason="I am at the dentist")
    moved = row(app)
    assert moved.move_starts_at is not None and moved.sequence == 1
    assert "I am at the dentist" in vera.get(booked).words


def test_the_administrator_sees_and_cancels_any_call(app: Flask, world: World, booked: str) -> None:
    ada = PageClient(app, world.ada)
    assert "Nordwind" in ada.get(booked).words
    ada.follow(f"{booked}/cancel", reason="The contract ended")
    assert (row(app).status, row(app).ended_reason) == ("cancelled", "The contract ended")
