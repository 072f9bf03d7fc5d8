"""The pages of requests: who sees and does what, what survives an error, what is written once."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.customers.models import Company
from app.desk.models import Conversation
from app.desk.requests.values import ClockName, RequestState
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, Side, Written
from app.lib import clock
from app.lib.db import db, write
from tests.desk.asking import Desk, path
from tests.pages.client import PageClient
from tests.world import World, build_world

Counting = Callable[[], AbstractContextManager[list[str]]]
MINUTE = timedelta(minutes=1)
NEW = {"severity": "3", "subject": "Export stops", "text": "It stops at 10,000 rows.", "key": "once"}
HOSTILE = ("<script>alert(1)</script>", '"><svg onload=alert(1)>', "{{7*7}}", "see javascript:alert(1)")


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def world(app: Flask, now: datetime) -> World:
    with app.app_context():
        return build_world(db.session(), now - timedelta(days=1))


@pytest.fixture
def desk(app: Flask, world: World) -> Desk:
    return Desk(app, world)


@pytest.fixture
def vera(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.vera)


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)


def count_conversations(app: Flask) -> int:
    with app.app_context():
        return len(db.session().scalars(select(Conversation.id)).all())


def test_a_customer_sees_what_is_promised_before_and_after_sending(vera: PageClient) -> None:
    page = vera.get("/requests/new")
    assert page.radios("severity") == ["1", "2", "3", "4", "5"]
    assert page.words.count("First answer by") == 5 and page.words.count("Next step by") == 3
    assert page.words.count("A senior engineer is called in by itself") == 2
    _address, page = vera.follow("/requests/new", **NEW)
    assert page.heading == "Export stops" and "R-1001" in page.title
    assert "First answer by" in page.words and "Next step by" in page.words and "New" in page.words
    assert "It stops at 10,000 rows." in page.words and "Sam Horvath answers" in page.words
    assert "Export stops" in vera.get("/requests").words


def test_the_same_form_sent_twice_opens_one_request(app: Flask, vera: PageClient) -> None:
    first, _page = vera.follow("/requests/new", **NEW)
    second, _page = vera.follow("/requests/new", **NEW)
    assert first == second and count_conversations(app) == 1


def test_what_was_typed_survives_an_error(app: Flask, vera: PageClient) -> None:
    page = vera.post("/requests/new", 422, **(NEW | {"severity": "", "subject": ""}))
    assert page.title.startswith("Error") and "It stops at 10,000 rows." in page.words
    assert "Choose a severity" in page.words and "Say in one line what it is about" in page.words
    assert page.tree.find(".//input[@name='key']").get("value") == "once"
    vera.post("/requests/new", 422, **(NEW | {"severity": "6"}))
    vera.post("/requests/new", 422, **(NEW | {"text": "x" * 20_001}))
    vera.post("/requests/new", 422, **(NEW | {"subject": "a\x07b"}))
    assert count_conversations(app) == 0


def test_hostile_words_stay_words(vera: PageClient, sam: PageClient) -> None:
    for text in HOSTILE:
        address, page = vera.follow("/requests/new", **(NEW | {"subject": text, "text": text, "key": text}))
        assert page.heading == text and page.words.count(text) >= 2
        assert text in sam.get(address).words and text in sam.get("/requests").words
    address, page = vera.follow(
        "/requests/new", **(NEW | {"text": "See http://a.example/x. Or ftp://b", "key": "y"})
    )
    links = [link for link in page.links() if "example" in link]
    assert links == ["http://a.example/x"]


def test_answering_meets_the_first_clock_and_waiting_stops_the_second(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    answer = {"text": "Which version?", "waits": "y", "key": "k"}
    address, page = sam.follow(f"{path(found)}/messages", **answer)
    assert address.endswith("#m-2") and "Waiting for customer" in page.words and "Answered in" in page.words
    sam.follow(f"{path(found)}/messages", **answer)
    assert vera.get(path(found)).words.count("Which version?") == 1
    assert "Waiting for you" in vera.get(path(found)).words
    _address, page = vera.follow(f"{path(found)}/messages", text="12.4", key="v")
    assert "In work" in page.words and "We are working on it again" in page.words
    sam.follow(f"{path(found)}/messages", text="Fixed in 12.5", is_next_step="y", key="n")
    assert desk.now(found).clocks[ClockName.NEXT_STEP].met_at is not None


def test_customers_cannot_meet_their_own_clocks_nor_write_inside(
    desk: Desk, vera: PageClient, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    vera.follow(f"{path(found)}/messages", text="Hello?", is_next_step="y", waits="y", key="k")
    assert desk.now(found).state is RequestState.NEW
    for what in ("notes", "waiting", "working"):
        vera.post(f"{path(found)}/{what}", 404, note="x")


def test_internal_notes_are_seen_by_our_side_alone(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    _address, page = sam.follow(f"{path(found)}/notes", note="They are on 11.", key="k")
    assert "They are on 11." in page.words and "Internal note" in page.words
    assert "They are on 11." not in vera.get(path(found)).words
    assert desk.now(found).state is RequestState.NEW
    assert "Write the note" in sam.post(f"{path(found)}/notes", 422, note="  ").words


def test_customers_can_only_say_that_it_is_worse_and_why(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    assert vera.get(path(found)).radios("severity") == ["1", "2"]
    assert sam.get(path(found)).radios("severity") == ["1", "2", "4", "5"]
    vera.post(f"{path(found)}/severity", 422, severity="4", reason="No")
    page = vera.post(f"{path(found)}/severity", 422, severity="1", reason="")
    assert page.tree.find(".//input[@name='severity'][@checked]").get("value") == "1"
    _address, page = vera.follow(f"{path(found)}/severity", severity="1", reason="Nobody can work")
    assert "You changed the severity: 3 Standard → 1 Critical: “Nobody can work”" in page.words
    assert desk.now(found).severity == 1
    assert "This is worse" not in page.words


def test_solved_by_either_side_and_open_again_by_writing(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    _address, page = vera.follow(f"{path(found)}/solved")
    assert "You said that it is solved" in page.words and "opens the request again" in page.words
    assert "Solved, says Vera" in sam.get(path(found)).words
    refused = sam.post(f"{path(found)}/severity", 409, severity="1", reason="Too late for that")
    assert "The request is solved" in refused.words
    assert "Too late for that" not in vera.get(path(found)).words
    assert "The request is solved" in sam.post(f"{path(found)}/waiting", 409).words
    vera.follow(f"{path(found)}/messages", text="Not quite", key="k")
    assert desk.now(found).state is RequestState.NEW
    sam.follow(f"{path(found)}/solved")
    sam.follow(f"{path(found)}/open")
    assert desk.now(found).state is RequestState.IN_WORK
    sam.follow(f"{path(found)}/waiting")
    assert desk.now(found).state is RequestState.WAITING
    sam.follow(f"{path(found)}/working")
    assert desk.now(found).state is RequestState.IN_WORK


def test_foreign_requests_do_not_exist(app: Flask, desk: Desk, world: World, now: datetime) -> None:
    found = desk.open(now - MINUTE)
    for member in (world.pavel, world.mallory, world.rita, world.lev):
        client = PageClient(app, member)
        assert client.get(path(found), 404).words == client.get("/requests/nothing", 404).words
        client.get(f"{path(found)}/clocks", 404)
        client.post(f"{path(found)}/messages", 404, text="x", key="k")
        client.post(f"{path(found)}/severity", 404, severity="1", reason="x")
        client.post(f"{path(found)}/solved", 404)
        assert "Export stops" not in client.get("/requests").words
    assert desk.now(found).conversation.last_number == 1


def test_colleagues_see_the_requests_of_their_company_and_administrators_all_on_record(
    app: Flask, desk: Desk, world: World, now: datetime
) -> None:
    found, other = desk.open(now - MINUTE), desk.open(now - MINUTE, who=world.mallory)
    ada = PageClient(app, world.ada)
    page = ada.get("/requests")
    assert "R-1001" in page.words and "R-1002" in page.words and "Rita Weiss" in page.words
    page = ada.get(path(found))
    assert page.forms(f"{path(found)}/notes") and not page.forms(f"{path(found)}/messages")
    ada.post(f"{path(other)}/messages", 404, text="x", key="k")
    with app.app_context():
        seen = db.session().scalars(select(AuditEntry.verb).where(AuditEntry.actor_id == world.ada.id)).all()
    assert "viewed the requests" in seen and "viewed a request" in seen


def test_the_queue_is_sorted_by_the_clock_that_runs_out_first_and_narrowed_by_links(
    desk: Desk, sam: PageClient, world: World, now: datetime
) -> None:
    tracked = desk.open(now - MINUTE, 5, subject="Tracked")
    desk.say(now, tracked, world.sam)
    waiting = desk.open(now - MINUTE, 3, subject="Waiting")
    desk.say(now, waiting, world.sam, waits=True)
    desk.open(now - 90 * MINUTE, 1, subject="Late", who=world.pavel)
    desk.open(now - 30 * MINUTE, 2, subject="Soon")
    desk.open(now - MINUTE, 3, subject="Fresh")
    page = sam.get("/requests")
    titles = [item.text_content() for item in page.tree.findall(".//tbody//th//b")]
    assert titles == ["Late", "Soon", "Fresh", "Tracked", "Waiting"]
    first = page.tree.find(".//tbody/tr")
    assert first.get("class") == "overdue" and "30 min overdue" in first.text_content()
    filters = [
        " ".join(item.text_content().split()) for item in page.tree.findall(".//nav[@class='filters']/a")
    ]
    assert filters == [
        "All open 5",
        "Overdue 1",
        "Due within the hour 1",
        "Waiting for customer 1",
        "New 3",
        "Solved",
    ]
    for show, title in (("overdue", "Late"), ("soon", "Soon"), ("waiting", "Waiting")):
        shown = sam.get("/requests", show=show)
        assert [item.text_content() for item in shown.tree.findall(".//tbody//th//b")] == [title]
    assert "No request is solved yet." in sam.get("/requests", show="solved").words


def test_lists_go_on_page_by_page_and_budgets_hold(
    app: Flask,
    desk: Desk,
    vera: PageClient,
    sam: PageClient,
    world: World,
    now: datetime,
    count_queries: Counting,
) -> None:
    for number in range(53):
        found = desk.open(now - MINUTE, 1 + number % 5, subject=f"Number {number}")
    desk.say(now, found, world.sam, waits=True)
    ada = PageClient(app, world.ada)
    for client in (vera, sam, ada):
        page = client.get("/requests")
        seen = [item.text_content() for item in page.tree.findall(".//tbody//th//b")]
        (after,) = [link for link in page.links() if "after=" in link]
        rest = client.get(after)
        seen += [item.text_content() for item in rest.tree.findall(".//tbody//th//b")]
        assert len(seen) == len(set(seen)) == 53
        (before,) = [link for link in rest.links() if "before=" in link]
        back = client.get(before)
        assert [item.text_content() for item in back.tree.findall(".//tbody//th//b")] == seen[:50]
        for address in ("/requests", "/requests/rows", path(found), f"{path(found)}/clocks"):
            with count_queries() as queries:
                client.client.get(address)
            assert len(queries) <= 12, (address, len(queries))
    for client in (vera, sam):
        with count_queries() as queries:
            client.get("/requests/new")
        assert len(queries) <= 12
    for nonsense in ("x", "1~", "9~nonsense", "99999999999999999~2026"):
        assert sam.get("/requests", after=nonsense).heading == "Requests"


def test_our_people_open_a_request_for_a_contact_of_theirs(
    app: Flask, desk: Desk, sam: PageClient, world: World
) -> None:
    page = sam.get("/requests/new")
    options = [item.text_content() for item in page.tree.findall(".//select[@name='contact']/option")]
    assert any("Vera" in item and "Nordwind" in item for item in options)
    assert not any("Lynx" in item for item in options)
    sam.post("/requests/new", 422, **NEW, contact=world.mallory.user.public_id)
    _address, page = sam.follow("/requests/new", **NEW, contact=world.vera.user.public_id)
    assert "Answered in" in page.words
    sam.get("/requests/new", company=world.vera.profile.company_public_id)
    sam.get("/requests/new", 404, company=world.mallory.profile.company_public_id)
    assert "You serve no company today" in PageClient(app, world.lev).get("/requests/new").words


def test_without_the_option_nothing_is_opened(app: Flask, world: World) -> None:
    otto = PageClient(app, world.otto)
    for address in ("/requests", "/requests/new"):
        assert "Dedicated support" in otto.get(address, 403).words
    otto.post("/requests/new", 403, **NEW)
    assert count_conversations(app) == 0


def test_who_lost_the_option_keeps_their_requests(
    app: Flask, desk: Desk, vera: PageClient, now: datetime, world: World
) -> None:
    found = desk.open(now - MINUTE)
    with app.app_context():
        session = db.session()
        session.get_one(Company, world.vera.profile.company_id).plan = "standard"
        session.commit()
    assert "Export stops" in vera.get("/requests").words
    vera.get(path(found))
    vera.get("/requests/new", 403)


def test_a_chat_becomes_a_request_with_all_that_was_said(
    app: Flask, desk: Desk, vera: PageClient, sam: PageClient, world: World, now: datetime
) -> None:
    with app.app_context():
        own = write(
            db.session(), [], lambda s: standing_conversation(s, now, world.vera.profile, Channel.CHAT)
        )
        said = Written(Side.CUSTOMER, Channel.CHAT, "All is red", "k", world.vera.id, "Vera")
        write(db.session(), [], lambda s: write_message(s, now, desk.settings, own.id, said))
    address = f"/conversations/{own.public_id}/request"
    PageClient(app, world.rita).get(address, 404)
    assert sam.get(address).radios("severity") == ["1", "2", "3", "4", "5"]
    assert "Choose a severity" in sam.post(address, 422, subject="Red").words
    _address, page = sam.follow(address, severity="2", subject="All is red")
    assert "All is red" in page.words and "You made it a request: 2 High" in page.words
    assert sam.send(address, severity="1", subject="Again").location == f"/requests/{own.public_id}"
    with app.app_context():
        anew = write(
            db.session(), [], lambda s: standing_conversation(s, now, world.vera.profile, Channel.CHAT)
        )
    assert anew.id != own.id
    assert "R-1001" in vera.get("/requests").words


def test_files_go_with_a_message_or_say_why_not(desk: Desk, vera: PageClient, now: datetime) -> None:
    found = desk.open(now - MINUTE)
    page = vera.post(f"{path(found)}/messages", 422, text="", key="k")
    assert "Write a message, or choose a file" in page.words
    page = vera.post(
        f"{path(found)}/messages", 422, text="See this", key="k", files=(io.BytesIO(b"<svg/>"), "a.svg")
    )
    assert "a.svg: Send pictures" in page.words and "See this" in page.words
    _address, page = vera.follow(
        f"{path(found)}/messages", text="", key="k", files=(io.BytesIO(b"all is well\n"), "log.txt")
    )
    (link,) = [link for link in page.links() if link.startswith("/attachments/")]
    assert vera.client.get(link).data == b"all is well\n"


def test_long_conversations_show_their_end_and_all_of_it_when_asked(
    desk: Desk, vera: PageClient, world: World, now: datetime
) -> None:
    found = desk.open(now - MINUTE)
    for number in range(101):
        desk.say(now, found, world.vera, f"Line {number}.")
    page = vera.get(path(found))
    assert "Line 100." in page.words and "Line 0." not in page.words
    assert "Line 0." in vera.get(path(found), all=1).words


def test_looking_writes_nothing(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime, count_queries: Counting
) -> None:
    found = desk.open(now - MINUTE)
    for client in (vera, sam):
        for address in ("/requests", path(found), "/requests/new"):
            client.get(address)
            with count_queries() as queries:
                client.client.get(address)
            assert not [text for text in queries.statements if not text.startswith("SELECT")]
