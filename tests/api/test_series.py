"""Series by the API: all or none, and what stands in the way."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.availability.holidays import holiday_names
from app.booking.models import Booking
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.zones import local, to_utc
from tests.api.conftest import ApiClient, api_client
from tests.support.replica import ZONE, open_calendar
from tests.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while the answer waits: one look is enough."""
    monkeypatch.setattr("app.api.views_series.watch", lambda look: look())


@pytest.fixture
def starts(now: datetime) -> list[str]:
    """Ten o'clock of the service zone, weekly, on days that are no holidays."""
    day = local(now, ZONE).date() + timedelta(days=3)
    while True:
        days = [day + timedelta(weeks=number) for number in range(3)]
        if day.weekday() < 5 and not set(days) & set(holiday_names("SK", {day.year, day.year + 1})):
            return [f"{to_utc(item, time(10), ZONE):%Y-%m-%dT%H:%M:%SZ}" for item in days]
        day += timedelta(days=1)


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Booking)) or 0


def body(starts: list[str], **more: Any) -> dict[str, Any]:
    plain = {"call_type": "product-support", "start": starts[0], "weeks": 1, "count": 3, "topic": "Import"}
    return {name: value for name, value in (plain | more).items() if value is not None}


def test_a_series_becomes_its_bookings(vera: ApiClient, app: Flask, world: World, starts: list[str]) -> None:
    answer = vera.post("/series", body(starts), key="one")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    series = answer.get_json()
    assert [item["start"] for item in series["bookings"]] == starts
    assert {(item["status"], item["topic"], item["series"]) for item in series["bookings"]} == {
        ("pending", "Import", series["id"])
    }
    assert vera.post("/series", body(starts), key="one").get_json() == series
    assert vera.get(f"/series/{series['id']}").get_json() == series
    assert api_client(app, world.sam.email).get(f"/series/{series['id']}").status_code == 200
    assert vera.post("/series", body(starts, count=2), key="one").status_code == 422
    assert stored(app) == 3


def test_a_conflict_is_answered_with_its_alternatives_and_nothing_is_booked(
    vera: ApiClient, pavel: ApiClient, app: Flask, starts: list[str]
) -> None:
    taken = {"call_type": "product-support", "start": starts[1]}
    assert pavel.post("/bookings", taken, key="two").status_code == 201
    answer = vera.post("/series", body(starts), key="one")
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    (conflict,) = answer.get_json()["conflicts"]
    assert (conflict["start"], conflict["reason"], len(conflict["alternatives"])) == (starts[1], "taken", 3)
    assert stored(app) == 1
    instead = {starts[1]: conflict["alternatives"][0]["start"]}
    until = starts[2][:10]
    changed = body(starts, instead=instead, skip=[starts[2]], count=None, until=until)
    answer = vera.post("/series", changed, key="one")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert {item["start"] for item in answer.get_json()["bookings"]} == {starts[0], *instead.values()}


@pytest.mark.parametrize(
    "changes",
    [
        {"weeks": 3},
        {"count": 1},
        {"count": None},
        {"until": "2027-01-01"},
        {"count": None, "until": "9999-12-31"},
        {"count": None, "until": "2020-01-01"},
        {"skip": ["2027-01-04T10:07:00Z"]},
        {"instead": {"soon": "2027-01-04T10:00:00Z"}},
        {"specialist_id": "rita"},
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(
    vera: ApiClient, app: Flask, starts: list[str], changes: dict[str, Any]
) -> None:
    answer = vera.post("/series", body(starts, **changes), key="one")
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert stored(app) == 0


def test_a_key_is_needed_that_leaves_room_for_the_calls(vera: ApiClient, starts: list[str]) -> None:
    assert vera.post("/series", body(starts)).status_code == 400
    assert vera.post("/series", body(starts), key="k" * 191).status_code == 400
    assert vera.post("/series", body(starts), key="k" * 190).status_code == 201


def test_another_companys_series_is_not_there(vera: ApiClient, mallory: ApiClient, starts: list[str]) -> None:
    series = vera.post("/series", body(starts), key="one").get_json()
    assert mallory.get(f"/series/{series['id']}").status_code == 404
    assert mallory.get("/series/nothing").status_code == 404


def test_a_series_is_looked_at_without_being_booked(
    vera: ApiClient, pavel: ApiClient, app: Flask, starts: list[str]
) -> None:
    pavel.post("/bookings", {"call_type": "product-support", "start": starts[1]}, key="two")
    asked = {"call_type": "product-support", "start": starts[0], "weeks": 1, "count": 3}
    answer = vera.post("/series/plan", asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    plan = answer.get_json()
    assert [(call["start"], call["reason"]) for call in plan["calls"]] == [
        (starts[0], ""),
        (starts[1], "taken"),
        (starts[2], ""),
    ]
    assert (plan["specialist"]["name"], plan["senior"], plan["is_cut"]) == ("Sam Horvath", None, False)
    assert stored(app) == 1
    instead = {starts[1]: plan["calls"][1]["alternatives"][0]["start"]}
    assert vera.post("/series", body(starts, instead=instead), key="one").status_code == 201
    assert vera.post("/series/plan", asked | {"weeks": 3}).status_code == 422
    assert vera.post("/series/plan", asked | {"senior": True}).get_json()["code"] == "no_senior"


def test_a_series_with_a_senior_has_both_in_each_booking(
    vera: ApiClient, app: Flask, world: World, now: datetime, starts: list[str]
) -> None:
    busy = Interval(*(datetime.fromisoformat(starts[1]) + timedelta(minutes=at) for at in (0, 30)))
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id, busy=[busy])
    refused = vera.post("/series", body(starts, senior=True), key="one")
    assert [item["start"] for item in refused.get_json()["conflicts"]] == [starts[1]] and stored(app) == 0
    series = vera.post("/series", body(starts, senior=True, skip=[starts[1]]), key="one").get_json()
    assert [item["senior"]["name"] for item in series["bookings"]] == ["Lev Orlov"] * 2
