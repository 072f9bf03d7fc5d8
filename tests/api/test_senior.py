"""A senior by the API: asked for, told, and told when there is none."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.lib.db import db
from app.lib.intervals import Interval
from tests.api.conftest import ApiClient, api_client
from tests.support.replica import open_calendar
from tests.world import World


def test_slots_and_bookings_with_a_senior(app: Flask, vera: ApiClient, world: World, now: datetime) -> None:
    start = vera.slots()[3]["start"]
    wanted = {"call_type": "product-support", "start": start, "senior": True}
    refused = vera.post("/bookings", wanted, key="none")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "no_senior")
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id)
    asked = {"call_type": "product-support", "from": start, "to": vera.slots()[9]["start"], "senior": "1"}
    listed = vera.get("/slots", **asked).get_json()
    assert listed["senior"]["name"] == "Lev Orlov" and listed["slots"][0]["start"] == start
    booking = vera.post("/bookings", wanted, key="one").get_json()
    assert booking["senior"] == listed["senior"]
    other = vera.post("/bookings", wanted | {"senior": False}, key="one")
    assert other.get_json()["code"] == "key_reused"


@pytest.fixture
def lev(app: Flask, world: World, now: datetime) -> ApiClient:
    """Lev with an open calendar."""
    client = api_client(app, world.lev.email)
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id)
    return client


@pytest.fixture
def booking(vera: ApiClient) -> dict[str, Any]:
    body = {"call_type": "product-support", "start": vera.slots()[3]["start"]}
    made: dict[str, Any] = vera.post("/bookings", body, key="one").get_json()
    return made


def test_a_senior_is_brought_in_and_taken_off_again(
    app: Flask, vera: ApiClient, lev: ApiClient, booking: dict[str, Any], world: World
) -> None:
    path = f"/bookings/{booking['id']}/senior"
    assert (vera.post(path, {"id": "nobody"}).status_code, booking["senior"]) == (409, None)
    added = vera.post(path)
    assert added.status_code == 200 and added.get_json()["senior"]["name"] == "Lev Orlov"
    assert vera.post(path, {}).get_json() == added.get_json()
    other = vera.post(path, {"id": "nobody"})
    assert (other.status_code, other.get_json()["reason"]) == (422, "other_senior")
    assert lev.get(f"/bookings/{booking['id']}").get_json()["sequence"] == 1
    # A contact cannot take them off; its specialist can, and so can the senior.
    refused = vera.delete(path)
    assert (refused.status_code, refused.get_json()["reason"]) == (422, "role")
    sam = api_client(app, world.sam.email)
    assert sam.delete(path).get_json()["senior"] is None and sam.delete(path).status_code == 200
    assert sam.post(path, {"id": added.get_json()["senior"]["id"]}).status_code == 200
    assert lev.delete(path).get_json()["senior"] is None
    after = [lev.get(f"/bookings/{booking['id']}"), lev.post(path), lev.delete(path)]
    assert [answer.status_code for answer in after] == [404] * 3


def test_when_the_senior_is_not_free_the_answer_names_times_for_both_to_move_to(
    app: Flask, vera: ApiClient, world: World, now: datetime, booking: dict[str, Any]
) -> None:
    around = Interval(*(datetime.fromisoformat(booking[name]) for name in ("start", "end")))
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id, busy=[around])
    refused = vera.post(f"/bookings/{booking['id']}/senior")
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (409, "senior_busy")
    assert booking["start"] not in [span["start"] for span in problem["alternatives"]]
    move = {"start": problem["alternatives"][0]["start"], "senior": True}
    moved = vera.post(f"/bookings/{booking['id']}/reschedule", move).get_json()
    assert (moved["move"]["start"], moved["senior"]["name"]) == (move["start"], "Lev Orlov")


@pytest.fixture
def zoe(app: Flask, world: World, lev: ApiClient) -> str:
    """The public id of another senior, who comes after Lev by name and whose calendar is open."""
    with app.app_context():
        senior = db.session().get_one(User, world.rita.id)
        senior.role, senior.name = "senior", "Zoe Novak"
        db.session.commit()
        return senior.public_id


def test_times_are_asked_for_booked_and_moved_to_with_the_senior_who_is_named(
    vera: ApiClient, zoe: str
) -> None:
    starts = [slot["start"] for slot in vera.slots()]
    span = {"call_type": "product-support", "from": starts[3], "to": starts[9]}
    named = {"id": zoe, "name": "Zoe Novak"}
    assert vera.get("/slots", **span, senior=zoe).get_json()["senior"] == named
    wanted = {"call_type": "product-support", "start": starts[3], "senior": zoe}
    assert vera.post("/bookings", wanted, key="one").get_json()["senior"] == named
    plain = vera.post("/bookings", wanted | {"start": starts[9], "senior": False}, key="two").get_json()
    path = f"/bookings/{plain['id']}/reschedule"
    refused = vera.post(path, {"start": starts[20], "senior": "nobody"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "no_senior")
    assert vera.post(path, {"start": starts[20], "senior": 7}).status_code == 422
    moved = vera.post(path, {"start": starts[20], "senior": zoe}).get_json()
    assert (moved["move"]["start"], moved["senior"]) == (starts[20], named)


def test_a_senior_who_is_asked_for_at_the_time_that_a_booking_has_is_brought_in_there(
    lev: ApiClient, vera: ApiClient, booking: dict[str, Any]
) -> None:
    path = f"/bookings/{booking['id']}/reschedule"
    there = vera.post(path, {"start": booking["start"], "senior": True}).get_json()
    assert (there["senior"]["name"], there["move"], there["sequence"]) == ("Lev Orlov", None, 1)
    again = vera.post(path, {"start": booking["start"], "senior": True}).get_json()
    assert again["sequence"] == 1


def test_a_senior_who_is_asked_for_with_the_old_time_of_a_move_is_brought_in_there(
    lev: ApiClient, vera: ApiClient, booking: dict[str, Any]
) -> None:
    path = f"/bookings/{booking['id']}/reschedule"
    vera.post(path, {"start": vera.slots()[20]["start"]})
    back = vera.post(path, {"start": booking["start"], "senior": True}).get_json()
    assert (back["start"], back["move"], back["senior"]["name"]) == (booking["start"], None, "Lev Orlov")


def test_a_booking_of_others_has_no_senior_to_change(
    pavel: ApiClient, lev: ApiClient, booking: dict[str, Any]
) -> None:
    for client in (pavel, lev):
        assert client.post(f"/bookings/{booking['id']}/senior").status_code == 404
        assert client.delete(f"/bookings/{booking['id']}/senior").status_code == 404
