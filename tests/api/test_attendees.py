"""The colleagues on a booking over the API."""

from typing import Any

import pytest

from tests.api.conftest import ApiClient

OLGA = {"email": "olga@nordwind.example", "name": "Olga"}
VERA = {"email": "vera@nordwind.example", "name": "Vera Lindqvist", "partstat": "NEEDS-ACTION"}


@pytest.fixture
def booking(vera: ApiClient) -> str:
    body = {"call_type": "product-support", "start": vera.slots()[3]["start"]}
    return str(vera.post("/bookings", body, key="one").get_json()["id"])


def people(answer: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = answer.get_json()["attendees"]
    return found


def test_a_booking_names_who_is_invited(vera: ApiClient, booking: str) -> None:
    added = vera.post(f"/bookings/{booking}/attendees", OLGA)
    assert added.status_code == 201
    assert people(added) == [VERA, {**OLGA, "partstat": "NEEDS-ACTION"}]
    assert people(vera.get(f"/bookings/{booking}")) == people(added)
    (listed,) = vera.get("/bookings").get_json()["bookings"]
    assert listed["attendees"] == people(added)
    removed = vera.delete(f"/bookings/{booking}/attendees/olga@nordwind.example")
    assert removed.status_code == 200 and people(removed) == [VERA]
    assert vera.delete(f"/bookings/{booking}/attendees/olga@nordwind.example").status_code == 404


@pytest.mark.parametrize(
    ("email", "reason"), [("olga@localhost", "address"), ("vera@nordwind.example", "contact")]
)
def test_who_cannot_be_added_is_answered_with_the_reason(
    vera: ApiClient, booking: str, email: str, reason: str
) -> None:
    answer = vera.post(f"/bookings/{booking}/attendees", {"email": email})
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["reason"]) == (422, "guest_refused", reason)


def test_another_contacts_booking_does_not_exist(pavel: ApiClient, booking: str) -> None:
    assert pavel.post(f"/bookings/{booking}/attendees", OLGA).status_code == 404
    assert pavel.delete(f"/bookings/{booking}/attendees/vera@nordwind.example").status_code == 404
