"""What hostile or broken programs send is refused by name; none of it is an error of ours."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import ApiClient

pytestmark = pytest.mark.postgres


def sent(vera: ApiClient, text: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {vera.token}", "Idempotency-Key": "one"}
    return vera.client.post("/api/v1/bookings", data=text, headers=headers, content_type="application/json")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"start": ' + "9" * 5000 + "}", "{"])
def test_json_that_cannot_be_read_is_a_bad_request(vera: ApiClient, text: str) -> None:
    assert sent(vera, text).status_code == 400


@pytest.mark.parametrize("slug", ["\\ud800", "\\u0000", "a\\u2028b"])
def test_a_call_type_that_no_database_can_hold_is_not_found(vera: ApiClient, slug: str) -> None:
    answer = sent(vera, f'{{"call_type": "{slug}", "start": "2027-01-04T10:00:00Z"}}')
    assert answer.status_code == 404


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "9999-12-31T23:30:00Z", "9999-12-31"])
def test_a_year_at_the_end_of_time_is_refused(vera: ApiClient, start: str) -> None:
    booked = vera.post("/bookings", {"call_type": "product-support", "start": start}, key="one")
    assert booked.status_code == 422
    listed = vera.get("/slots", call_type="product-support", **{"from": start, "to": start})
    assert listed.status_code == 422


@pytest.mark.parametrize("start", ["1900-01-01", "2200-12-30"])
def test_a_far_year_has_no_slots(vera: ApiClient, start: str) -> None:
    answer = vera.get("/slots", call_type="product-support", **{"from": start, "to": f"{start}T01:00:00Z"})
    assert (answer.status_code, answer.get_json()["slots"]) == (200, [])


def test_an_address_with_nul_is_not_found(app: Flask, vera: ApiClient) -> None:
    assert vera.get("/bookings/a%00b").status_code == 404
    assert app.test_client().get("/feeds/a%00b.ics").status_code == 404
