"""What the API tells: slots, call types, oneself, and its own document."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.calendars.models import CalendarAccount
from app.lib import clock
from app.lib.db import db
from tests.api.conftest import ApiClient
from tests.support.queries import QueryRecorder
from tests.world import World


def test_slots_lie_in_the_asked_span_in_utc(vera: ApiClient) -> None:
    first = vera.slots()[0]
    start = datetime.fromisoformat(first["start"])
    assert first["start"].endswith("Z")
    until = (start + timedelta(minutes=30)).isoformat()
    answer = vera.get(
        "/slots", call_type="product-support", **{"from": start.isoformat(), "to": until}
    ).get_json()
    assert [slot["start"] for slot in answer["slots"]] == [first["start"]]
    assert answer["time_zone"] == "Europe/Bratislava"
    assert answer["specialist"]["name"].startswith("Sam")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"call_type": "product-support", "from": "now", "to": "later"},
        {"call_type": "product-support", "from": "2027-01-04T10:00:00Z", "to": "2027-01-04T10:00:00Z"},
        {"call_type": "product-support", "from": "2027-01-04T10:00:00Z", "to": "2027-04-04T10:00:00Z"},
    ],
    ids=["nothing", "words", "empty span", "over 62 days"],
)
def test_a_span_that_cannot_be_meant_is_refused(vera: ApiClient, query: dict[str, Any]) -> None:
    answer = vera.get("/slots", **query)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_a_calendar_that_is_too_old_closes_with_the_reason(app: Flask, vera: ApiClient) -> None:
    old = clock.now() - timedelta(hours=1)
    start = vera.slots()[0]["start"]
    with app.app_context():
        db.session.execute(update(CalendarAccount).values(in_step_at=old))
        db.session.commit()
    now = clock.now()
    span = {"from": now.isoformat(), "to": (now + timedelta(days=7)).isoformat()}
    answer = vera.get("/slots", call_type="product-support", **span)
    assert answer.status_code == 200
    assert answer.get_json()["slots"] == []
    assert answer.get_json()["closed"]["reason"] == "calendar_away"
    past = {"from": "2020-01-01", "to": "2020-01-02"}
    answer = vera.get("/slots", call_type="product-support", **past)
    assert answer.get_json()["closed"]["reason"] == "calendar_away"
    booked = vera.post("/bookings", {"call_type": "product-support", "start": start}, key="one")
    assert booked.status_code == 503
    assert booked.headers["Retry-After"]


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer nonsense", "Basic dmVyYTp4"])
def test_without_a_known_token_nothing_is_told(app: Flask, world: World, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    for path in ("me", "call-types", "slots", "bookings", "bookings/x"):
        answer = app.test_client().get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_me_names_company_and_specialist(vera: ApiClient) -> None:
    me = vera.get("/me").get_json()
    assert (me["email"], me["company"]["name"], me["is_entitled"]) == (
        "vera@nordwind.example",
        "Nordwind",
        True,
    )
    assert me["specialist"]["name"].startswith("Sam")


def test_there_are_three_call_types(vera: ApiClient) -> None:
    found = {item["slug"]: item["length"] for item in vera.get("/call-types").get_json()["call_types"]}
    assert found == {"product-support": 30, "feature-training": 60, "feature-request": 30}


def test_the_document_is_openapi_with_problems_as_errors(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    paths = document["paths"]
    assert set(paths) == {
        "/api/v1/audit",
        "/api/v1/me",
        "/api/v1/call-types",
        "/api/v1/slots",
        "/api/v1/bookings",
        "/api/v1/bookings/{public_id}",
        "/api/v1/bookings/{public_id}/attendees",
        "/api/v1/bookings/{public_id}/attendees/{email}",
        "/api/v1/bookings/{public_id}/reschedule",
        "/api/v1/bookings/{public_id}/cancel",
        "/api/v1/bookings/{public_id}/senior",
        "/api/v1/bookings/{public_id}.ics",
        "/api/v1/series",
        "/api/v1/series/plan",
        "/api/v1/series/{public_id}",
        "/api/v1/waiting-list",
        "/api/v1/waiting-list/{public_id}",
        "/api/v1/requests",
        "/api/v1/requests/{public_id}",
        "/api/v1/requests/{public_id}/messages",
        "/api/v1/files/{file_id}",
    }
    responses = paths["/api/v1/bookings"]["post"]["responses"]
    assert "application/json" in responses["201"]["content"]
    name = responses["422"]["$ref"].rpartition("/")[2]
    assert list(document["components"]["responses"][name]["content"]) == ["application/problem+json"]


def test_unknown_addresses_and_methods_are_problems_too(app: Flask) -> None:
    client = app.test_client()
    for answer in (client.get("/api/v1/nothing"), client.delete("/api/v1/me")):
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["status"] == answer.status_code


def test_a_listing_costs_few_queries(
    vera: ApiClient, count_queries: Callable[[], AbstractContextManager[QueryRecorder]]
) -> None:
    vera.slots()
    with count_queries() as recorder:
        vera.slots()
    assert len(recorder.statements) <= 9
