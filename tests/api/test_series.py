"""Series by the API: all or none, and what stands in the way."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.availability.holidays import holiday_names
from app.booking.models import Booking
from app.lib.db import db
from app.lib.zones import local, to_utc
from tests.api.conftest import ApiClient, api_client
from tests.support.replica import ZONE
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
        {"specialist": "rita"},
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
