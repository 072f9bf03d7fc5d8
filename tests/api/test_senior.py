"""A senior by the API: asked for, told, and told when there is none."""

from datetime import datetime

from flask import Flask

from app.lib.db import db
from tests.api.conftest import ApiClient
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
