"""Booking by the API: what is answered, what is written, what is refused."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.booking.models import Booking
from app.lib.db import db
from tests.api.conftest import ApiClient, api_client
from tests.world import World

pytestmark = pytest.mark.postgres


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Booking)) or 0


def body(start: str, **more: str) -> dict[str, str]:
    return {"call_type": "product-support", "start": start, **more}


def test_a_slot_becomes_a_reserved_booking(vera: ApiClient) -> None:
    slot = vera.slots()[3]
    answer = vera.post("/bookings", body(slot["start"], topic="Mail import"), key="one")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    booking = answer.get_json()
    assert (booking["status"], booking["start"], booking["end"]) == ("pending", slot["start"], slot["end"])
    assert (booking["call_type"], booking["sequence"], booking["topic"]) == (
        "product-support",
        0,
        "Mail import",
    )
    assert slot not in vera.slots()
    assert vera.get(f"/bookings/{booking['id']}").get_json() == booking
    assert [item["id"] for item in vera.get("/bookings").get_json()["bookings"]] == [booking["id"]]


def test_the_audit_log_says_from_where_it_was_booked(vera: ApiClient, app: Flask) -> None:
    vera.post("/bookings", body(vera.slots()[0]["start"]), key="one")
    with app.app_context():
        addresses = db.session.scalars(select(AuditEntry.client_address).where(AuditEntry.verb == "booked"))
        assert list(addresses) == ["127.0.0.1"]


def test_the_same_key_and_body_give_the_same_booking(vera: ApiClient, app: Flask) -> None:
    start = vera.slots()[0]["start"]
    first = vera.post("/bookings", body(start), key="one")
    again = vera.post("/bookings", body(start), key="one")
    assert (again.status_code, again.get_json()["id"]) == (201, first.get_json()["id"])
    assert stored(app) == 1


def test_the_same_key_with_another_body_is_refused(vera: ApiClient, app: Flask) -> None:
    first, second = vera.slots()[:2]
    vera.post("/bookings", body(first["start"]), key="one")
    assert vera.post("/bookings", body(second["start"]), key="one").status_code == 422
    assert stored(app) == 1


def test_a_taken_slot_is_answered_with_three_alternatives(
    vera: ApiClient, pavel: ApiClient, app: Flask
) -> None:
    start = vera.slots()[0]["start"]
    vera.post("/bookings", body(start), key="one")
    answer = pavel.post("/bookings", body(start), key="two")
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    alternatives = answer.get_json()["alternatives"]
    assert len(alternatives) == 3
    # Each as it stands among the slots, and with whom.
    assert all(slot in pavel.slots() for slot in alternatives)
    assert stored(app) == 1


def test_the_same_person_with_another_key_has_the_call_already(vera: ApiClient, app: Flask) -> None:
    start = vera.slots()[0]["start"]
    vera.post("/bookings", body(start), key="one")
    answer = vera.post("/bookings", body(start), key="two")
    assert answer.status_code == 409
    assert len(answer.get_json()["alternatives"]) == 3
    assert stored(app) == 1


@pytest.mark.parametrize("minutes", [-60 * 24, 7], ids=["in the past", "off the grid"])
def test_a_start_that_is_not_offered_is_refused(
    vera: ApiClient, app: Flask, now: datetime, minutes: int
) -> None:
    anchor = datetime.fromisoformat(vera.slots()[0]["start"])
    start = (anchor if minutes == 7 else now.replace(minute=0, second=0, microsecond=0)) + timedelta(
        minutes=minutes
    )
    answer = vera.post("/bookings", body(start.isoformat()), key="one")
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.get_json()["reason"] in {"off_grid", "past"}
    assert stored(app) == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"call_type": "product-support"}, 422),
        ({"call_type": "product-support", "start": "tomorrow"}, 422),
        ({"call_type": "product-support", "start": "2027-01-04T10:00:00"}, 422),
        ({"call_type": "product-support", "start": "9999-12-31T23:59:59-12:00"}, 422),
        ({"call_type": "product-support", "start": "2027-01-04T10:00:00Z", "specialist_id": "rita"}, 422),
        ({"call_type": "product-support", "start": "2027-01-04T10:00:00Z", "topic": "a\u202eb"}, 422),
        ({"call_type": "nothing", "start": "2027-01-04T10:00:00Z"}, 404),
        (["start"], 422),
        (7, 422),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(
    vera: ApiClient, app: Flask, sent: object, status: int
) -> None:
    answer = vera.post("/bookings", sent, key="one")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert stored(app) == 0


def test_unparsable_json_and_a_missing_key_are_bad_requests(vera: ApiClient) -> None:
    headers = {"Authorization": f"Bearer {vera.token}", "Content-Type": "application/json"}
    answer = vera.client.post("/api/v1/bookings", data="{", headers=headers | {"Idempotency-Key": "one"})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert vera.post("/bookings", body(vera.slots()[0]["start"])).status_code == 400


def test_another_companys_booking_is_not_there(vera: ApiClient, mallory: ApiClient, world: World) -> None:
    booking = vera.post("/bookings", body(vera.slots()[0]["start"]), key="one").get_json()
    for path in (f"/bookings/{booking['id']}", "/bookings/nothing"):
        assert mallory.get(path).status_code == 404
        assert mallory.post(f"{path}/cancel", {}).status_code == 404
        assert mallory.post(f"{path}/reschedule", {"start": booking["start"]}).status_code == 404
    assert vera.get(f"/bookings/{booking['id']}").get_json()["status"] == "pending"


def test_cancelling_frees_the_slot_and_repeats_the_same(vera: ApiClient) -> None:
    slot = vera.slots()[0]
    booking = vera.post("/bookings", body(slot["start"]), key="one").get_json()
    first = vera.post(f"/bookings/{booking['id']}/cancel", {"reason": "Solved"})
    assert (first.status_code, first.get_json()["status"]) == (200, "cancelled")
    assert slot in vera.slots()
    again = vera.post(f"/bookings/{booking['id']}/cancel")
    assert (again.status_code, again.get_json()) == (200, first.get_json())


def test_without_the_option_the_problem_explains_it(otto: ApiClient, app: Flask) -> None:
    answer = otto.post("/bookings", body("2027-01-04T10:00:00Z"), key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_entitled")
    assert otto.get("/me").get_json()["is_entitled"] is False
    assert stored(app) == 0


def test_specialists_see_their_calls_but_do_not_book(app: Flask, vera: ApiClient, world: World) -> None:
    vera.post("/bookings", body(vera.slots()[0]["start"]), key="one")
    sam, rita = api_client(app, world.sam.email), api_client(app, world.rita.email)
    assert len(sam.get("/bookings").get_json()["bookings"]) == 1
    assert rita.get("/bookings").get_json()["bookings"] == []
    assert sam.post("/bookings", body("2027-01-04T10:00:00Z"), key="one").status_code == 403
