"""The waiting list by the API."""

from datetime import datetime, timedelta

from flask import Flask

from app.booking.waiting.jobs import waiting_pass
from app.calendars.models import CalendarPicture
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.packed import pack
from tests.api.conftest import ApiClient
from tests.world import World


def put_busy(app: Flask, person_id: int, busy: list[Interval]) -> None:
    with app.app_context():
        db.session.query(CalendarPicture).filter_by(person_id=person_id).update({"busy": pack(busy)})
        db.session.commit()


def days(now: datetime) -> dict[str, str]:
    return {
        "first_day": (now + timedelta(days=1)).date().isoformat(),
        "last_day": (now + timedelta(days=14)).date().isoformat(),
    }


def test_a_place_is_taken_offered_a_time_and_booked(
    vera: ApiClient, app: Flask, world: World, now: datetime
) -> None:
    put_busy(app, world.sam.id, [Interval(now, now + timedelta(days=70))])
    answer = vera.post("/waiting-list", {"call_type": "product-support", **days(now)})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    place = answer.get_json()
    assert (place["state"], place["offer"], place["booking"]) == ("waiting", None, None)
    put_busy(app, world.sam.id, [])
    with app.app_context():
        waiting_pass(db.session(), app.extensions["attache"], now)
    (offered,) = vera.get("/waiting-list").get_json()["places"]
    assert offered["id"] == place["id"] and offered["state"] == "offered" and offered["offer_until"]
    wanted = {"call_type": "product-support", "start": offered["offer"]["start"]}
    assert vera.post("/bookings", wanted, key="k").status_code == 201
    assert vera.get("/waiting-list").get_json() == {"places": []}


def test_a_place_is_left(
    vera: ApiClient, mallory: ApiClient, app: Flask, world: World, now: datetime
) -> None:
    put_busy(app, world.sam.id, [Interval(now, now + timedelta(days=70))])
    place = vera.post("/waiting-list", {"call_type": "product-support", **days(now)}).get_json()
    assert mallory.delete(f"/waiting-list/{place['id']}").status_code == 404
    for _ in range(2):
        assert vera.delete(f"/waiting-list/{place['id']}").status_code == 204
    assert vera.get("/waiting-list").get_json() == {"places": []}


def test_what_cannot_be_waited_for_is_told(vera: ApiClient, now: datetime) -> None:
    free = vera.post("/waiting-list", {"call_type": "product-support", **days(now)})
    assert free.status_code == 409 and free.get_json()["code"] == "times_open"
    assert len(free.get_json()["alternatives"]) == 3
    far = {"call_type": "product-support", "first_day": "2190-01-01", "last_day": "2190-01-02"}
    refused = vera.post("/waiting-list", far)
    assert (refused.status_code, refused.get_json()["reason"]) == (422, "far")
    assert vera.post("/waiting-list", days(now)).status_code == 422
    assert vera.post("/waiting-list", {**days(now), "booking": "nothing"}).status_code == 404
