"""What of the desk is handed out about a contact, what is left when they are erased, and what ends."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.retention.jobs import retention_pass
from app.accounts.service import record
from app.booking.exporting.errors import MailOnItsWay
from app.config import Settings
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.desk.escalations.models import Escalation
from app.desk.escalations.service import escalate
from app.desk.escalations.values import Cause
from app.desk.exporting import service as exporting
from app.desk.exporting.service_erasing import erase_contact
from app.desk.exporting.service_retention import retention_rules
from app.desk.mailbox.models import QuarantinedMail
from app.desk.models import FileContent, Message, MessageFile
from app.desk.phone.models import PhoneCall
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.service import change_severity, open_request
from app.desk.service import mark_read, standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from app.lib.db import write
from app.mail.draft import Draft, Party
from app.mail.models import OutgoingMail
from app.mail.service import post
from tests.booking.core.test_erasing import everything
from tests.desk.test_conversations import HOUR, MONDAY, asked
from tests.world import World, build_world

pytestmark = pytest.mark.postgres

CANARIES = ("vera@nordwind.example", "Vera Lindqvist", "canary", "+4930777")
NUMBER = "+4930777"


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    """The cast, with something of Vera's in every table of the desk that can hold it."""
    world = build_world(session, MONDAY)
    vera, pavel = world.vera, world.pavel
    file = NewFile("canary.txt", "text/plain", b"canary content")
    wanted = replace(asked(world, 3), subject="canary subject", text="canary text", files=(file,))

    def work(s: Session) -> None:
        s.connection()
        request = open_request(s, MONDAY, settings, wanted)
        number = request.conversation.id
        change_severity(s, MONDAY + HOUR, settings, vera.user, number, 2, "canary reason")
        ours = Written(Side.STAFF, Channel.MAIL, "Hello Vera Lindqvist, canary", "a", world.sam.id, "Sam")
        more = {"quoted": "canary quoted", "html": "<p>canary</p>", "mail_id": "<canary@nordwind>"}
        write_message(s, MONDAY + HOUR, settings, number, replace(ours, **more))
        note = Written(Side.STAFF, Channel.PAGE, "canary internal", "b", is_internal=True)
        write_message(s, MONDAY + HOUR, settings, number, note)
        mark_read(s, number, vera.id, 2)
        other = standing_conversation(s, MONDAY, pavel.profile, Channel.CHAT)
        theirs = Written(Side.CUSTOMER, Channel.CHAT, "Hello, it is Pavel", "c", pavel.id, "Pavel")
        write_message(s, MONDAY, settings, other.id, theirs)
        said = Written(Side.CUSTOMER, Channel.CHAT, "canary guest", "d", vera.id, vera.user.name)
        write_message(s, MONDAY, settings, other.id, said)
        by_mail = Written(Side.CUSTOMER, Channel.MAIL, "canary guest mail", "e", vera.id, vera.user.name)
        write_message(s, MONDAY, settings, other.id, by_mail)
        for who, note in ((pavel.user, "Pavel asks"), (vera.user, "canary senior")):
            escalate(s, MONDAY, settings, other.id, Cause.CUSTOMER, who, note)
        s.execute(update(RequestClock).values(reason="canary late"))
        record(s, MONDAY, world.sam.user, "rang", "callback", "cb", note="canary note")
        _besides(s, number, vera.id)
        s.execute(update(OutgoingMail).values(state="sent", sent_at=MONDAY))

    write(session, [], work)
    return world


def _besides(session: Session, conversation: int, vera: int) -> None:
    of_her: dict[str, Any] = {"contact_id": vera, "number": NUMBER}
    rung = {"asked_at": MONDAY, "due_at": MONDAY + HOUR, "source": "page", "key": "k", "public_id": "cb"}
    callback = Callback(topic="canary topic", **of_her, **rung)
    came = {"provider_id": "p", "came_at": MONDAY, "state": "recorded"}
    mail = {"reason": "unknown", "content": b"canary raw", "received_at": MONDAY, "excerpt": "canary words"}
    session.add_all(
        [
            callback,
            PhoneCall(recording_url="https://canary", detail="canary", **came, **of_her),
            QuarantinedMail(identity="i", sender="Vera@Nordwind.example", subject="canary", **mail),
            QuarantinedMail(identity="j", sender="x@y.example", subject="From Vera Lindqvist", **mail),
        ]
    )
    session.flush()
    session.execute(
        update(Escalation).where(Escalation.conversation_id == conversation).values(note="canary note")
    )
    attempt = CallbackAttempt(callback_id=callback.id, made_at=MONDAY, outcome="no_answer", note="canary")
    session.add(attempt)
    service, sam = Party("Support", "support@attache.example"), Party("Sam", "sam@attache.example")
    draft = Draft(service, sam, "canary", "canary", "<p>canary</p>", "en")
    request = session.scalars(select(Request.id).where(Request.conversation_id == conversation)).one()
    escalation = session.scalars(select(Escalation.id)).first()
    for thread in (f"clocks:{request}", f"escalation:{escalation}", f"callback:{callback.public_id}"):
        post(session, MONDAY, thread, f"{thread}:1", draft)
    post(session, MONDAY, "desk:1", f"conversation:{conversation}:1", draft)


def test_what_is_handed_out_holds_all_of_theirs_and_nothing_internal(
    session: Session, settings: Settings, world: World
) -> None:
    vera = world.vera.user
    files = write(session, [], lambda s: exporting.export_contact(s, MONDAY, settings, vera, vera.public_id))
    assert {"data.json", "calls.ics", "conversations.json"} < set(files)
    (name,) = [name for name in files if name.startswith("files/")]
    assert name.endswith("-canary.txt") and files[name] == b"canary content"
    text = files["conversations.json"].decode()
    words = ("subject", "text", "reason", "quoted", "guest", "senior", "topic")
    for said in (*(f"canary {word}" for word in words), NUMBER):
        assert said in text, said
    assert "canary internal" not in text and "it is Pavel" not in text and "canary late" not in text
    own = json.loads(text)["conversations"][0]
    assert own["reference"] == "R-1001" and own["messages"][0]["files"] == [name]
    assert json.loads(text)["callbacks"][0]["attempts"][0]["outcome"] == "no_answer"


def test_files_beyond_what_fits_are_named_but_not_packed(
    session: Session, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_MOST_BYTES", 5)
    vera = world.vera.user
    files = write(session, [], lambda s: exporting.export_contact(s, MONDAY, settings, vera, vera.public_id))
    assert [name for name in files if name.startswith("files/")] == []
    assert b"-canary.txt" in files["conversations.json"]


def test_nothing_is_left_when_they_are_erased_and_others_keep_theirs(
    session: Session, settings: Settings, world: World
) -> None:
    before = session.scalar(select(func.count()).select_from(Message))
    vera = world.vera.user.public_id
    write(session, [], lambda s: erase_contact(s, MONDAY + HOUR, settings, world.ada.user, vera))
    for table, text in everything(session).items():
        for canary in CANARIES:
            assert canary.casefold() not in text.casefold(), f"{canary} in {table}"
    assert session.scalar(select(func.count()).select_from(Message)) == before
    assert "Hello, it is Pavel" in session.scalars(select(Message.text)).all()
    assert session.scalars(select(FileContent)).all() == []
    changed = session.scalars(select(Message.facts).where(Message.happening == "severity_changed")).one()
    assert changed == {"before": 3, "after": 2}
    assert session.scalars(select(AuditEntry.verb).where(AuditEntry.object_type == "callback")).all() == [
        "rang"
    ]


def test_nobody_is_erased_while_mail_about_their_conversations_waits(
    session: Session, settings: Settings, world: World
) -> None:
    session.execute(update(OutgoingMail).values(state="waiting"))
    session.commit()
    vera = world.vera.user.public_id
    with pytest.raises(MailOnItsWay):
        write(session, [], lambda s: erase_contact(s, MONDAY, settings, world.ada.user, vera))
    session.rollback()
    assert session.scalars(select(User.name).where(User.id == world.vera.id)).one() == "Vera Lindqvist"


def test_strangers_mail_calls_and_recordings_end_with_their_time(
    session: Session, settings: Settings, world: World
) -> None:
    voicemail = Written(
        Side.CUSTOMER, Channel.VOICEMAIL, "", "v", files=(NewFile("v.mp3", "audio/mpeg", b"v"),)
    )

    def work(s: Session) -> None:
        own = standing_conversation(s, MONDAY, world.vera.profile, Channel.CHAT)
        write_message(s, MONDAY, settings, own.id, voicemail)
        times = {"asked_at": MONDAY, "due_at": MONDAY, "source": "missed", "closed_at": MONDAY}
        s.add(Callback(number="+4211", key="s", **times))

    write(session, [], work)
    kept = timedelta(days=settings.mail_retention_days)
    tables = (QuarantinedMail, PhoneCall, MessageFile, Callback)

    def left(at: timedelta) -> list[int | None]:
        retention_pass(session, settings, MONDAY + at, others=(retention_rules,))
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    assert left(kept - HOUR) == [2, 1, 2, 2]
    assert left(kept) == [0, 0, 1, 1]
    assert session.scalars(select(FileContent.content)).all() == [b"canary content"]
