"""The pages of requests: who sees and does what, what survives an error, what is written once."""

import io
from datetime import datetime, timedelta

from flask import Flask

from app.desk.requests.values import ClockName, RequestState
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, Side, Written
from app.lib.db import db, write
from tests.desk.asking import Desk, count_conversations, desk, now, path, sam, vera, world
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["desk", "now", "sam", "vera", "world"]
MINUTE = timedelta(minutes=1)
NEW = {"severity": "3", "subject": "Export stops", "text": "It stops at 10,000 rows.", "key": "once"}
HOSTILE = ("<script>alert(1)</script>", '"><svg onload=alert(1)>', "{{7*7}}", "see javascript:alert(1)")


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
    assert "Waited for the customer:" not in page.words
    _address, page = sam.follow(f"{path(found)}/messages", text="Fixed in 12.5", is_next_step="y", key="n")
    assert "Waited for the customer:" in page.words
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
    # That we make a request of it is our first answer; a senior is asked by it, and not before it.
    assert "Answered in" in page.words
    assert page.words.index("You made it a request") < page.words.index("Asked to help")
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
