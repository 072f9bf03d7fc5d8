"""Lengths, questions and ways by the API."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.booking.models import CallType
from app.lib.db import db
from tests.api.conftest import ApiClient
from tests.world import World

QUESTIONS = [
    {
        "key": "module",
        "kind": "choice",
        "labels": {"en": "Which module?", "ru": "Какой модуль?"},
        "choices": {"en": ["Billing", "Other"], "ru": ["Счета", "Другой"]},
        "required": True,
    }
]


@pytest.fixture(autouse=True)
def _rules(app: Flask, world: World) -> None:
    values: dict[str, Any] = {"more_lengths": [60], "questions": QUESTIONS, "ways": ["video"]}
    with app.app_context():
        db.session.execute(update(CallType).where(CallType.slug == "product-support").values(**values))
        db.session.commit()


def body(start: str, **more: Any) -> dict[str, Any]:
    answers = {"module": "Billing"}
    return {"call_type": "product-support", "start": start, "answers": answers, **more}


def test_call_types_say_what_can_be_chosen_and_what_is_asked(vera: ApiClient) -> None:
    found = {item["slug"]: item for item in vera.get("/call-types").get_json()["call_types"]}
    support = found["product-support"]
    assert (support["length"], support["lengths"], support["ways"]) == (30, [30, 60], ["video"])
    assert support["questions"] == [
        {
            "key": "module",
            "kind": "choice",
            "label": "Which module?",
            "choices": ["Billing", "Other"],
            "required": True,
        }
    ]


def test_a_length_is_listed_and_booked(vera: ApiClient) -> None:
    span = {"from": "2020-01-01", "to": "2020-01-02"}
    assert vera.get("/slots", call_type="product-support", **span).get_json()["length"] == 30
    assert vera.get("/slots", call_type="product-support", length=60, **span).get_json()["length"] == 60
    start = vera.slots()[0]["start"]
    answer = vera.post("/bookings", body(start, length=60), key="one")
    assert answer.status_code == 201, answer.text
    made = answer.get_json()
    assert made["answers"] == [{"question": "Which module?", "answer": "Billing"}]
    assert (made["move_until"], made["cancel_until"]) == (made["change_until"], made["change_until"])
    assert vera.post("/bookings", body(start, length=60), key="one").get_json()["id"] == made["id"]
    assert vera.post("/bookings", body(start, length=30), key="one").status_code == 422


@pytest.mark.parametrize("length", [45, 0, -30, 10**9])
def test_a_length_that_is_not_offered_is_refused(vera: ApiClient, length: int) -> None:
    answer = vera.post("/bookings", body(vera.slots()[0]["start"], length=length), key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "length")
    span = {"from": "2020-01-01", "to": "2020-01-02"}
    listed = vera.get("/slots", call_type="product-support", length=length, **span)
    assert (listed.status_code, listed.get_json()["code"]) == (422, "length")


@pytest.mark.parametrize(
    ("answers", "key"), [({}, "module"), ({"module": "?"}, "module"), ({"module": "Other", "x": "y"}, "x")]
)
def test_what_is_wrong_with_answers_is_said_by_field(
    vera: ApiClient, answers: dict[str, str], key: str
) -> None:
    answer = vera.post("/bookings", body(vera.slots()[0]["start"], answers=answers), key="one")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "answers")
    assert list(problem["errors"]["json"]["answers"]) == [key]


@pytest.mark.parametrize("answers", ["text", ["module"], {"module": 3}, None])
def test_answers_of_another_shape_are_refused(vera: ApiClient, answers: object) -> None:
    start = vera.slots()[0]["start"]
    assert vera.post("/bookings", body(start, answers=answers), key="one").status_code == 422


def test_a_way_that_is_not_offered_is_refused(vera: ApiClient) -> None:
    start = vera.slots()[0]["start"]
    answer = vera.post("/bookings", body(start, way="phone", phone="+49 30 123456"), key="one")
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["reason"]) == (422, "way", "way")
