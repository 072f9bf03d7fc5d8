"""A chat over its pages: who sees it, what is said once, what is new, what that costs."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email import message_from_bytes, policy

from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.customers.models import Entitlement
from app.desk.chat import queries
from app.desk.chat.live import tag_of
from app.desk.models import Message, Reading
from app.desk.requests.service_turning import turn_into_request
from app.desk.service import note_happening
from app.desk.values import Happening
from app.lib import clock
from app.lib.db import db, write
from app.mail.models import OutgoingMail
from tests.desk.chat.talk import address_of_chat, kept, numbers, polled, sent
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.world import World

Count = Callable[[], AbstractContextManager[QueryRecorder]]


def test_what_a_contact_says_is_answered_without_any_script(
    vera: PageClient, sam: PageClient, app: Flask
) -> None:
    assert "Nothing has been written yet" in vera.get("/chat").words
    location, page = vera.follow("/chat", text="It stops\nat 10,000", key="k1")
    assert location == "/chat" and "It stops" in page.words
    assert "1 new" in sam.get("/schedule").text
    theirs = address_of_chat(sam)
    _, page = sam.follow(theirs, text="I am looking at it", key="k2")
    assert "It stops" in page.words and "Nordwind" in page.words
    assert kept(app) == ["It stops\nat 10,000", "I am looking at it"]
    assert "1 new" in vera.get("/profile").text
    vera.follow("/chat/seen", number="2")
    assert "1 new" not in vera.get("/profile").text and "1 new" not in sam.get("/schedule").text


def test_a_message_that_is_sent_again_is_there_once_and_its_sender_learns_of_it(
    vera: PageClient, app: Flask
) -> None:
    for _ in range(3):
        answer = sent(vera, "/chat", "Hello", "key-of-mine")
        assert answer.status_code == 200 and numbers(answer) == [1]
        assert html.fromstring(answer.text).get("data-kept") == "key-of-mine"
    # A page that Back brought up again has the key of what was sent: other words are another message.
    sent(vera, "/chat", "And another thing", "key-of-mine")
    assert kept(app) == ["Hello", "And another thing"]


def test_a_browser_that_knows_everything_costs_two_queries_and_writes_nothing(
    vera: PageClient, count_queries: Count
) -> None:
    sent(vera, "/chat", "Hello", "k")
    tag = polled(vera, "/chat").headers["ETag"]
    with count_queries() as seen:
        answer = polled(vera, "/chat", 1, tag)
    assert answer.status_code == 304 and not answer.data and answer.headers["ETag"] == tag
    assert len(seen) == 2, seen.statements
    # As a proxy that compresses passes it on.
    assert polled(vera, "/chat", 1, f"W/{tag}").status_code == 304


def test_a_tag_is_worth_nothing_without_the_messages_and_for_nobody_else(
    vera: PageClient, sam: PageClient
) -> None:
    sent(vera, "/chat", "Hello", "k")
    tag = polled(vera, "/chat").headers["ETag"]
    assert numbers(polled(vera, "/chat", 0, tag)) == [1]
    theirs = address_of_chat(sam)
    assert polled(sam, theirs, 1, tag).status_code == 200
    own = polled(sam, theirs, 1).headers["ETag"]
    sent(vera, "/chat", "Once more", "k2")
    assert numbers(polled(sam, theirs, 1, own)) == [2]


def test_nobody_reads_or_writes_in_a_chat_of_companies_they_do_not_serve(
    app: Flask, world: World, vera: PageClient, sam: PageClient
) -> None:
    sent(vera, "/chat", "Only for Sam", "k")
    theirs = address_of_chat(sam)
    for name, status in (("rita", 404), ("lev", 404), ("pavel", 404), ("vera", 404)):
        who = PageClient(app, getattr(world, name))
        assert polled(who, theirs).status_code == status
        assert sent(who, theirs, "Me too", "k").status_code == status, name
        assert who.send(f"{theirs}/transcript").status_code == status
    ada = PageClient(app, world.ada)
    assert "Only for Sam" in ada.get(theirs).words and not ada.get(theirs).tree.xpath("//textarea")
    assert sent(ada, theirs, "Me too", "k").status_code == 404
    assert "Only for Sam" not in PageClient(app, world.rita).get("/chats").words
    assert kept(app) == ["Only for Sam"]


def test_who_has_no_option_is_told_what_it_is(app: Flask, world: World) -> None:
    otto = PageClient(app, world.otto)
    assert otto.get("/chat", 403).heading
    assert polled(otto, "/chat").status_code == 403
    assert sent(otto, "/chat", "Hello?", "k").status_code == 403
    assert kept(app) == []


def test_the_option_that_ends_while_a_chat_is_open_ends_it_within_a_minute(
    app: Flask, world: World, vera: PageClient
) -> None:
    sent(vera, "/chat", "Hello", "k")
    with app.app_context():
        now, tip = clock.now(), queries.own_tip(db.session(), world.vera.id)
        for row in db.session.scalars(select(Entitlement)):
            row.ends_on = now.date() - timedelta(days=1)
        db.session.commit()
        old = tag_of(app.extensions["attache"].secret_key, now - timedelta(minutes=1), world.vera.id, tip)
    assert polled(vera, "/chat", 1, f'"{old}"').status_code == 403


def test_nonsense_is_refused_with_what_was_typed(vera: PageClient, app: Flask) -> None:
    assert vera.send("/chat", text="  ", key="k").status_code == 422
    page = vera.post("/chat", 422, text="broken\x07words", key="k")
    assert page.title.startswith("Error:")
    answer = sent(vera, "/chat", "See this", "k", files=(io.BytesIO(b"<svg/>"), "a.svg"))
    assert answer.status_code == 422 and "a.svg" in answer.text
    assert kept(app) == []


def test_a_file_may_be_all_that_is_said(vera: PageClient, sam: PageClient) -> None:
    answer = sent(vera, "/chat", "", "k", files=(io.BytesIO(b"line one\n"), "import.log"))
    assert answer.status_code == 200 and "import.log" in answer.text
    assert "import.log" in sam.get(address_of_chat(sam)).words
    # The same key, another file: another message.
    answer = sent(vera, "/chat", "", "k", files=(io.BytesIO(b"line two\n"), "import.log"))
    assert numbers(answer) == [1, 2]


def test_the_conversation_is_sent_to_who_asks_for_it(app: Flask, world: World, vera: PageClient) -> None:
    sent(vera, "/chat", "The third\nfile stops", "k")
    page = vera.follow("/chat/transcript", span="today")[1]
    assert world.vera.email in page.words
    with app.app_context():
        (mail,) = db.session.scalars(
            select(OutgoingMail).where(OutgoingMail.subject_key.startswith("transcript:"))
        )
        assert mail.recipient == world.vera.email
        read = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert read is not None
    assert f"{world.vera.user.name}\nThe third\nfile stops\n" in read.get_content().replace("\r\n", "\n")


def test_pages_of_a_long_chat_keep_to_the_budget_and_lead_to_its_beginning(
    app: Flask, vera: PageClient, sam: PageClient, count_queries: Count
) -> None:
    for number in range(55):
        sent(vera, "/chat", f"Message {number:02}.", f"k{number}")
    with count_queries() as seen:
        page = vera.get("/chat")
    assert len(seen) <= 12, seen.statements
    assert "Message 54." in page.words and "Message 04." not in page.words
    (earlier,) = [link for link in page.links() if "before=" in link]
    before = vera.get(earlier)
    assert "Message 04." in before.words and not before.tree.xpath("//textarea")
    for path in ("/chats", address_of_chat(sam)):
        with count_queries() as seen:
            sam.get(path)
        assert len(seen) <= 12, (path, seen.statements)


def test_a_colleagues_answer_leaves_nothing_unread_and_notes_of_the_service_are_no_news(
    app: Flask, world: World, vera: PageClient, sam: PageClient
) -> None:
    sent(vera, "/chat", "Hello", "k")
    theirs = address_of_chat(sam)
    assert "1 new message" in sam.get("/chats").words
    sent(sam, theirs, "Hello Vera", "k")
    with app.app_context():
        settings, chat = app.extensions["attache"], queries.own_chat(db.session(), world.vera.id)
        assert chat is not None
        write(
            db.session(),
            [],
            lambda s: note_happening(s, clock.now(), settings, chat.id, Happening.CALL_LINKED),
        )
        db.session.execute(Reading.__table__.delete().where(Reading.user_id == world.sam.id))
        db.session.commit()
        assert queries.unread_by_staff(db.session(), clock.now(), settings, world.sam.user) == 0
        assert queries.unread_by_contact(db.session(), world.vera.id) == 1
        count = db.session.scalar(select(func.count(Message.id)))
    assert count == 3 and "1 new" in vera.get("/profile").text


def test_a_chat_that_becomes_a_request_goes_on_there_and_another_begins_here(
    app: Flask, world: World, vera: PageClient, sam: PageClient
) -> None:
    for number in range(3):
        sent(vera, "/chat", f"Message {number}", f"k{number}")
    theirs = address_of_chat(sam)
    chat_id, tag = theirs.removeprefix("/chats/"), polled(vera, "/chat", 3).headers["ETag"]
    with app.app_context():
        settings, chat = app.extensions["attache"], queries.own_chat(db.session(), world.vera.id)
        assert chat is not None
        what = (world.sam.user, chat.id, 3, "Export stops")
        write(db.session(), [], lambda s: turn_into_request(s, clock.now(), settings, *what))
    headers = {"X-Fragment": "1", "If-None-Match": tag}
    answer = vera.client.get(f"/chat/messages?after=3&of={chat_id}", headers=headers)
    assert f'href="/requests/{chat_id}"' in answer.text and numbers(answer) == []
    assert vera.client.get(f"/chat/messages?after=0&of={chat_id}").status_code == 200
    # What is said now has a low number in another conversation: it is shown all the same.
    assert numbers(sent(vera, "/chat", "Something else", "k9", after=3, of=chat_id)) == [1]
    assert polled(sam, theirs, 4).status_code == 404
    assert sam.client.get(theirs).location == f"/requests/{chat_id}"
    assert PageClient(app, world.rita).client.get(theirs).status_code == 404
    assert sent(sam, theirs, "I am on it", "k", after=4).status_code == 200
    # What was sent before, and its answer lost, is not said again in the new chat.
    assert sent(vera, "/chat", "Message 2", "k2", after=2, of=chat_id).status_code == 200
    assert kept(app).count("Message 2") == 1
