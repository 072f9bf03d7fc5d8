"""Who looks at a chat that is not theirs, and what of it is written down."""

from email import message_from_bytes, policy

from flask import Flask
from lxml import html
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.desk.models import Conversation, Message
from app.lib.db import db
from app.mail.models import OutgoingMail
from tests.desk.chat.talk import address_of_chat, kept, polled, sent
from tests.pages.client import PageClient
from tests.world import World


def test_who_signs_in_where_somebody_elses_chat_is_open_learns_nothing_of_it(
    app: Flask, world: World, vera: PageClient, sam: PageClient
) -> None:
    sent(vera, "/chat", "Hello", "k")
    chat_id = address_of_chat(sam).removeprefix("/chats/")
    pavel = PageClient(app, world.pavel)
    assert pavel.client.get(f"/chat/messages?after=1&of={chat_id}").status_code == 404


def test_an_administrators_look_is_written_down_however_they_look(
    app: Flask, world: World, vera: PageClient
) -> None:
    sent(vera, "/chat", "See https://evil.example", "k")
    sent(PageClient(app, world.pavel), "/chat", "Hello", "k")
    ada = PageClient(app, world.ada)
    hers, his = sorted(
        (link for link in ada.get("/chats").links() if link.startswith("/chats/")),
        key=lambda link: "evil" not in words_of(app, link),
    )
    assert ada.send(f"{hers}/transcript", span="all").status_code == 303
    assert polled(ada, his).status_code == 200
    with app.app_context():
        wanted = select(AuditEntry.object_id).where(AuditEntry.verb == "viewed a chat")
        assert {f"/chats/{number}" for number in db.session.scalars(wanted)} == {hers, his}
        is_transcript = OutgoingMail.subject_key.startswith("transcript:")
        (mail,) = db.session.scalars(select(OutgoingMail.content).where(is_transcript))
    read = message_from_bytes(mail, policy=policy.default).get_body(("plain",))
    # Nothing that a customer writes is a link in our mail programs.
    assert read is not None and "https[:]//evil.example" in read.get_content()


def words_of(app: Flask, link: str) -> str:
    with app.app_context():
        wanted = select(Message.text).join(Conversation, Conversation.id == Message.conversation_id)
        return str(db.session.scalar(wanted.where(Conversation.public_id == link.rpartition("/")[2])))


def test_a_browsers_name_for_a_message_is_one_word_or_none(vera: PageClient, app: Flask) -> None:
    answer = sent(vera, "/chat", "Hello", "a b\x00")
    assert answer.status_code == 200 and kept(app) == ["Hello"]
    (name,) = html.fromstring(answer.text).get("data-kept").split()
    assert name.isprintable()
