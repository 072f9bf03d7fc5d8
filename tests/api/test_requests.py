"""Requests by the API."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.customers.models import Entitlement
from app.desk.models import Conversation
from app.desk.requests.queries import request_of
from app.desk.requests.service import change_severity
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from app.lib import clock
from app.lib.db import db, write
from tests.api.conftest import ApiClient, api_client
from tests.support.queries import recorded_queries
from tests.world import World

pytestmark = pytest.mark.postgres

ASKED = {"severity": 1, "subject": "Nothing works", "body": "Since ten o'clock.\r\nAll of it."}


@pytest.fixture
def sam(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.sam.email)


@pytest.fixture
def ada(app: Flask, world: World) -> ApiClient:
    return api_client(app, world.ada.email, "admin")


def opened(client: ApiClient, *, key: str | None = None, **changes: Any) -> dict[str, Any]:
    answer = client.post("/requests", ASKED | changes, key=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    item: dict[str, Any] = answer.get_json()
    return item


def test_a_contact_opens_a_request_and_its_clocks_run(vera: ApiClient, app: Flask) -> None:
    request = opened(vera)
    assert (request["reference"], request["state"], request["severity"]) == ("R-1001", "new", 1)
    assert request["company"]["name"] == "Nordwind" and request["subject"] == "Nothing works"
    with app.app_context():
        row = db.session().scalars(select(Conversation)).one()
        kept = request_of(db.session(), row.id)
    due = {name: clock.due_at.strftime("%Y-%m-%dT%H:%M:%S") for name, clock in kept.clocks.items()}
    assert request["first_response_due"].startswith(due["first_response"])
    assert request["next_step_due"].startswith(due["next_step"])
    assert request["first_response_at"] is request["next_step_at"] is request["solved_at"] is None
    assert request["url"].endswith(f"/requests/{request['id']}")


def test_tracked_severities_have_no_next_step(vera: ApiClient) -> None:
    request = opened(vera, severity=5)
    assert request["next_step_due"] is None and request["first_response_due"]


def test_messages_of_both_sides_and_events_are_read_back(
    vera: ApiClient, sam: ApiClient, app: Flask, world: World
) -> None:
    request = opened(vera, severity=3)
    path = f"/requests/{request['id']}"
    said = sam.post(f"{path}/messages", {"body": "I look into it."})
    assert said.status_code == 201, said.get_data(as_text=True)
    assert (said.get_json()["side"], said.get_json()["channel"]) == ("staff", "api")
    note, worse = Written(Side.STAFF, Channel.PAGE, "Odd customer", "n", is_internal=True), world.vera.user
    settings, now = app.extensions["attache"], clock.now()
    with app.app_context():
        number = db.session().scalars(select(Conversation.id)).one()
        write(db.session(), [], lambda s: write_message(s, now, settings, number, note))
        write(db.session(), [], lambda s: change_severity(s, now, settings, worse, number, 2, "All of it"))
    whole = vera.get(path).get_json()
    assert [item["body"] for item in whole["messages"]] == [
        "Since ten o'clock.\nAll of it.",
        "I look into it.",
    ]
    assert whole["state"] == "in_work" and whole["first_response_at"]
    event, asked = whole["events"]
    assert (event["what"], asked["what"]) == ("severity_changed", "senior_asked")
    assert (event["by"], event["before"], event["after"], event["reason"]) == (worse.name, 3, 2, "All of it")
    assert "Odd customer" not in vera.get(path).get_data(as_text=True)
    assert "Odd customer" in sam.get(path).get_data(as_text=True)
    later = vera.get(path, after=said.get_json()["number"]).get_json()
    assert later["messages"] == [] and later["events"] == [event, asked]


def test_the_same_key_opens_and_writes_once_and_means_one_thing(vera: ApiClient, sam: ApiClient) -> None:
    first = opened(vera, key="k")
    assert opened(vera, key="k")["id"] == first["id"] and opened(vera)["id"] != first["id"]
    other = vera.post("/requests", ASKED | {"body": "Another"}, key="k")
    assert (other.status_code, other.get_json()["code"]) == (422, "key_reused")
    path = f"/requests/{first['id']}/messages"
    told = [client.post(path, {"body": "Yes"}, key="k").get_json() for client in (vera, vera, sam)]
    assert told[0]["id"] == told[1]["id"] != told[2]["id"]
    assert vera.post(path, {"body": "No"}, key="k").get_json()["code"] == "key_reused"
    assert vera.post("/requests", ASKED, key="k" * 201).status_code == 400


def test_requests_are_listed_page_by_page_and_by_state(vera: ApiClient, sam: ApiClient) -> None:
    items = [opened(vera) for _ in range(3)]
    sam.post(f"/requests/{items[0]['id']}/messages", {"body": "Seen"})
    page = vera.get("/requests", limit=2).get_json()
    assert [item["reference"] for item in page["requests"]] == ["R-1003", "R-1002"]
    rest = vera.get("/requests", limit=2, after=page["after"]).get_json()
    assert [item["reference"] for item in rest["requests"]] == ["R-1001"] and rest["after"] is None

    def those(state: str) -> list[str]:
        return [item["reference"] for item in vera.get("/requests", state=state).get_json()["requests"]]

    assert those("in_work") == ["R-1001"] and those("new") == ["R-1003", "R-1002"]
    assert len(those("open")) == 3 and those("solved") == those("waiting") == []
    assert vera.get("/requests", after="nonsense").status_code == 400
    assert vera.get("/requests", state="odd").status_code == 422


def test_messages_are_read_page_by_page(vera: ApiClient) -> None:
    path = f"/requests/{opened(vera, severity=3, body='0')['id']}"
    for number in range(4):
        vera.post(f"{path}/messages", {"body": str(number + 1)})
    said, after = [], 0
    while after is not None:
        page = vera.get(path, after=after, limit=2).get_json()
        assert len(page["messages"]) <= 2
        said, after = said + [item["body"] for item in page["messages"]], page["after"]
    assert said == ["0", "1", "2", "3", "4"]
    for wrong in ({"limit": 201}, {"limit": 0}, {"after": 10**30}):
        assert vera.get(path, **wrong).status_code == 422


def test_what_is_foreign_does_not_exist(
    vera: ApiClient, mallory: ApiClient, pavel: ApiClient, sam: ApiClient, ada: ApiClient
) -> None:
    path = f"/requests/{opened(vera)['id']}"
    for stranger in (mallory, pavel):
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}/messages", {"body": "Hello"}).status_code == 404
        assert stranger.get("/requests").get_json()["requests"] == []
    assert len(sam.get("/requests").get_json()["requests"]) == 1
    assert ada.get(path).status_code == 200 and ada.post("/requests", ASKED).status_code == 403


def test_a_conversation_without_a_severity_is_no_request(vera: ApiClient, app: Flask, world: World) -> None:
    now, profile = clock.now(), world.vera.profile
    with app.app_context():
        own = write(db.session(), [], lambda s: standing_conversation(s, now, profile, Channel.CHAT))
    assert vera.get(f"/requests/{own.public_id}").status_code == 404


def test_engineers_say_for_whom_and_only_for_those_they_serve(
    vera: ApiClient, sam: ApiClient, world: World
) -> None:
    contact, company = world.vera.user.public_id, world.vera.profile.company_public_id
    request = opened(sam, contact=contact)
    assert request["contact"] == world.vera.user.name and request["first_response_at"]
    assert vera.get(f"/requests/{request['id']}").status_code == 200
    assert opened(sam, company=company)["contact"] is None
    foreign = {"contact": world.mallory.user.public_id}, {"company": world.mallory.profile.company_public_id}
    mixed = {"company": company, "contact": world.pavel.user.public_id}
    for wrong in (*foreign, mixed, {}, {"company": "\u2028"}):
        assert sam.post("/requests", ASKED | wrong).status_code == 404
    assert vera.post("/requests", ASKED | {"contact": contact}).status_code == 400


def test_without_the_option_nothing_is_opened_but_what_is_open_goes_on(
    vera: ApiClient, otto: ApiClient, app: Flask, world: World
) -> None:
    request = opened(vera)
    refused = otto.post("/requests", ASKED)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_entitled")
    with app.app_context():
        yesterday = clock.now().date() - timedelta(days=2)
        spans = db.session.query(Entitlement).filter_by(company_id=world.vera.profile.company_id)
        spans.update({"ends_on": yesterday})
        db.session.commit()
    assert vera.post("/requests", ASKED).status_code == 403
    assert vera.post(f"/requests/{request['id']}/messages", {"body": "And now?"}).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": 6},
        {"severity": "1"},
        {"subject": ""},
        {"subject": "a" * 201},
        {"subject": "a\nb"},
        {"body": " \n"},
        {"body": "a\u202eb"},
        {"body": "a" * 20_001},
        {"state": "solved"},
        {"opened_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(vera: ApiClient, wrong: dict[str, Any]) -> None:
    answer = vera.post("/requests", ASKED | wrong)
    assert answer.status_code == 422 and answer.content_type == "application/problem+json"
    assert vera.get("/requests").get_json()["requests"] == []


def test_files_come_with_the_token_to_those_who_see_the_request(
    vera: ApiClient, mallory: ApiClient, ada: ApiClient, app: Flask
) -> None:
    request = opened(vera)
    sent = Written(Side.STAFF, Channel.MAIL, "", "f", files=(NewFile("a.txt", "text/plain", b"all"),))
    with app.app_context():
        number = db.session().scalars(select(Conversation.id)).one()
        write(
            db.session(),
            [],
            lambda s: write_message(s, clock.now(), app.extensions["attache"], number, sent),
        )
    message = vera.get(f"/requests/{request['id']}").get_json()["messages"][-1]
    path = message["files"][0]["path"].removeprefix("/api/v1")
    answer = vera.get(path)
    assert answer.data == b"all" and answer.headers["Content-Disposition"] == "attachment; filename=a.txt"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert mallory.get(path).status_code == 404 and ada.get(path).status_code == 200
    with app.app_context():
        assert "viewed a file" in db.session().scalars(select(AuditEntry.verb)).all()


def test_a_list_costs_the_same_however_long_it_is(vera: ApiClient) -> None:
    counts = []
    for _ in range(2):
        opened(vera)
        with recorded_queries() as queries:
            assert vera.get("/requests").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
