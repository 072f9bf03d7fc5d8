"""By the API, too, nothing is booked with somebody else than was shown."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.availability.holidays import holiday_names
from app.booking.models import Booking
from app.booking.waiting.jobs import waiting_pass
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.zones import local
from tests.api.conftest import ApiClient
from tests.api.test_waiting_list import put_busy
from tests.booking.standins.away import ZONE, comes_back, goes_on_leave, stands_in
from tests.world import World

WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while the answer waits: one look is enough."""
    for module in ("views", "views_series"):
        monkeypatch.setattr(f"app.api.{module}.watch", lambda look: look())


@pytest.fixture
def first(vera: ApiClient, now: datetime) -> datetime:
    """A free start of Sam's, with none of its next two weeks on a holiday or next to one."""
    holidays = holiday_names("SK", {now.year, now.year + 1})
    starts = (datetime.fromisoformat(item["start"]) for item in vera.slots())
    return next(
        at
        for at in starts
        if not {local(at + n * WEEK, ZONE).date() for n in range(3)} & set(holidays)
        and at > now + timedelta(days=2)
    )


def away(app: Flask, world: World, at: datetime) -> None:
    """Rita stands in for Sam on the day of a start."""
    with app.app_context():
        stands_in(db.session(), world.rita, world.sam)
        goes_on_leave(db.session(), world.sam, local(at, ZONE).date(), local(at, ZONE).date())


def text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def booked(app: Flask) -> list[int]:
    with app.app_context():
        return [call.specialist_id for call in db.session.query(Booking).order_by(Booking.starts_at)]


def test_a_slot_of_somebody_else_by_now_is_answered_with_their_name(
    vera: ApiClient, app: Flask, world: World, first: datetime
) -> None:
    shown = next(item for item in vera.slots() if item["start"] == text(first))["specialist"]
    away(app, world, first)
    wanted = {"call_type": "product-support", "start": text(first), "specialist": shown["id"]}
    answer = vera.post("/bookings", wanted, key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "other_serves")
    rita = {"id": world.rita.profile.public_id, "name": world.rita.profile.name}
    assert answer.get_json()["specialist"] == rita and booked(app) == []
    answer = vera.post("/bookings", wanted | {"specialist": rita["id"]}, key="one")
    assert answer.status_code == 201 and answer.get_json()["specialist"] == rita


def test_a_series_of_others_by_now_is_answered_with_each_date_and_their_name(
    vera: ApiClient, app: Flask, world: World, first: datetime
) -> None:
    away(app, world, first + WEEK)
    asked = {"call_type": "product-support", "start": text(first), "weeks": 1, "count": 3}
    plan = vera.post("/series/plan", asked).get_json()
    shown = {call["start"]: call["specialist"]["id"] for call in plan["calls"]}
    sam, rita = world.sam.profile.public_id, world.rita.profile.public_id
    assert list(shown.values()) == [sam, rita, sam]
    with app.app_context():
        comes_back(db.session(), world.sam)
    answer = vera.post("/series", asked | {"specialists": shown}, key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "other_serves")
    (told,) = answer.get_json()["conflicts"]
    assert (told["start"], told["reason"]) == (text(first + WEEK), "")
    assert told["specialist"]["id"] == sam and booked(app) == []
    # The rest of the calls are with whom ``specialist`` names.
    assert vera.post("/series", asked | {"specialist": rita}, key="one").status_code == 409
    assert vera.post("/series", asked | {"specialist": sam}, key="one").status_code == 201
    assert booked(app) == [world.sam.id] * 3


def test_times_near_a_planned_call_name_whom_they_are_with(
    vera: ApiClient, app: Flask, world: World, first: datetime
) -> None:
    away(app, world, first + WEEK)
    taken = Interval(first + WEEK, first + WEEK + timedelta(minutes=30))
    put_busy(app, world.rita.id, [taken])
    asked = {"call_type": "product-support", "start": text(first), "weeks": 1, "count": 2}
    near = vera.post("/series/plan", asked).get_json()["calls"][1]["alternatives"]
    refused = vera.post("/series", asked, key="one").get_json()["conflicts"][0]["alternatives"]
    assert near == refused and {item["specialist"]["name"] for item in near} == {world.rita.profile.name}


def test_what_the_waiting_list_offers_names_whom_it_is_with(
    vera: ApiClient, app: Flask, world: World, first: datetime, now: datetime
) -> None:
    away(app, world, first)
    day = local(first, ZONE).date().isoformat()
    wanted = {"call_type": "product-support", "first_day": day, "last_day": day}
    free = vera.post("/waiting-list", wanted).get_json()["alternatives"]
    rita = {"id": world.rita.profile.public_id, "name": world.rita.profile.name}
    assert [item["specialist"] for item in free] == [rita] * 3
    put_busy(app, world.rita.id, [Interval(now, now + timedelta(days=70))])
    assert vera.post("/waiting-list", wanted).status_code == 201
    put_busy(app, world.rita.id, [])
    with app.app_context():
        for _ in range(2):
            waiting_pass(db.session(), app.extensions["attache"], now)
    (place,) = vera.get("/waiting-list").get_json()["places"]
    assert place["offer"]["specialist"] == rita
    with app.app_context():
        comes_back(db.session(), world.sam)
    taken = {"call_type": "product-support", "start": place["offer"]["start"], "specialist": rita["id"]}
    answer = vera.post("/bookings", taken, key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "other_serves")
    # With Rita it is no offer any more.
    (place,) = vera.get("/waiting-list").get_json()["places"]
    assert (place["state"], place["offer"], place["offer_until"]) == ("waiting", None, None)
    assert place["specialist"] == world.sam.profile.name


def test_a_call_that_somebody_else_took_over_does_not_move_into_an_offer_unasked(
    vera: ApiClient, app: Flask, world: World, first: datetime, now: datetime
) -> None:
    later = next(item["start"] for item in vera.slots() if item["start"] > text(first + WEEK))
    call = vera.post("/bookings", {"call_type": "product-support", "start": later}, key="one").get_json()
    put_busy(app, world.sam.id, [Interval(now, now + timedelta(days=70))])
    day = local(first, ZONE).date().isoformat()
    wanted = {"booking": call["id"], "first_day": day, "last_day": day}
    assert vera.post("/waiting-list", wanted).status_code == 201
    put_busy(app, world.sam.id, [])
    with app.app_context():
        waiting_pass(db.session(), app.extensions["attache"], now)
    (place,) = vera.get("/waiting-list").get_json()["places"]
    offer = {"start": place["offer"]["start"], "specialist": place["offer"]["specialist"]["id"]}
    assert offer["specialist"] == world.sam.profile.public_id
    with app.app_context():
        db.session.query(Booking).update({"specialist_id": world.rita.id})
        db.session.commit()
    answer = vera.post(f"/bookings/{call['id']}/reschedule", offer)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "other_serves")
    rita = {"id": world.rita.profile.public_id, "name": world.rita.profile.name}
    assert answer.get_json()["specialist"] == rita
    again = vera.post(f"/bookings/{call['id']}/reschedule", offer | {"specialist": rita["id"]})
    assert again.status_code == 200 and again.get_json()["move"]["start"] == offer["start"]
