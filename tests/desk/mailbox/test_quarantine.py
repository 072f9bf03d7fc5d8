"""The page of mails that wait: who decides about which, and what becomes of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.desk import queries
from app.desk.mailbox.letter import read_letter
from app.desk.mailbox.models import QuarantinedMail
from app.desk.mailbox.service_quarantine import hold
from app.desk.mailbox.values import Reason
from app.lib import clock
from app.lib.db import db, write
from app.mail.incoming import read_mail
from app.mail.models import OutgoingMail
from app.mail.values import Received
from tests.pages.client import PageClient
from tests.world import World, build_world

Counting = Callable[[], AbstractContextManager[list[str]]]
VERA, STRANGER = "vera@nordwind.example", "someone@elsewhere.example"


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now() - timedelta(days=1))


def arrive(app: Flask, sender: str, reason: Reason, text: str = "It stops.") -> str:
    """A mail waits; its public id."""
    head = f"From: {sender}\r\nSubject: Export stops\r\nMessage-ID: <q@x.example>"
    content = f"{head}\r\n\r\n{text}\r\n".encode()
    identity = sha256(content).hexdigest()
    with app.app_context():
        received = Received(identity, len(content), read_mail(content), content)
        letter = read_letter(content)
        write(db.session(), [], lambda s: hold(s, clock.now(), received, letter, reason))
        wanted = select(QuarantinedMail.public_id).where(QuarantinedMail.identity == identity)
        return db.session().scalars(wanted).one()


def said(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        session = db.session()
        found = queries.conversations(session)
        return [
            (item.author_name, item.text)
            for conversation in found
            for item in queries.messages(session, conversation.id, for_staff=True)
        ]


def test_a_mail_in_a_customers_name_is_taken_in_by_whoever_serves_them(app: Flask, world: World) -> None:
    mail_id = arrive(app, VERA, Reason.UNPROVEN)
    sam = PageClient(app, world.sam)
    page = sam.get("/quarantine")
    assert "Nothing proves that it is from them" in page.words and "the address of Vera" in page.words
    answer = sam.send(f"/quarantine/{mail_id}", decision="take", contact=VERA)
    assert answer.status_code == 303
    assert said(app) == [("Vera Lindqvist", "It stops.")]
    page = sam.get("/quarantine", done="take")
    assert "No mail waits." in page.words and "in the contact's conversation" in page.words
    with app.app_context():
        assert VERA in db.session().scalars(select(OutgoingMail.recipient)).all()
        (row,) = db.session().scalars(select(QuarantinedMail))
        assert row.content == b"" and row.decision == "taken" and row.decided_by_id == world.sam.id
        verbs = db.session().scalars(select(AuditEntry.verb).where(AuditEntry.object_type == "quarantine"))
        assert "taken a mail" in list(verbs)


def test_what_a_stranger_wrote_is_taken_in_under_their_own_address(app: Flask, world: World) -> None:
    mail_id = arrive(app, STRANGER, Reason.UNKNOWN)
    ada = PageClient(app, world.ada)
    page = ada.post(f"/quarantine/{mail_id}", 422, decision="take", contact="nobody@nordwind.example")
    assert "Enter the address of a contact" in page.words and page.title.startswith("Error:")
    assert ada.send(f"/quarantine/{mail_id}", decision="take", contact=VERA.upper()).status_code == 303
    assert said(app) == [(STRANGER, "It stops.")]
    with app.app_context():
        assert STRANGER not in db.session().scalars(select(OutgoingMail.recipient)).all()


def test_a_dropped_mail_is_gone_and_told_to_nobody(app: Flask, world: World) -> None:
    mail_id = arrive(app, STRANGER, Reason.UNKNOWN)
    ada = PageClient(app, world.ada)
    assert ada.send(f"/quarantine/{mail_id}", decision="drop").status_code == 303
    assert said(app) == [] and "No mail waits." in ada.get("/quarantine").words
    assert ada.send(f"/quarantine/{mail_id}", decision="take", contact=VERA).status_code == 404


def test_what_one_of_us_wrote_is_never_taken_for_a_customers_words(app: Flask, world: World) -> None:
    mail_id = arrive(app, world.sam.email, Reason.ASTRAY)
    ada = PageClient(app, world.ada)
    assert not ada.get("/quarantine").tree.xpath("//button[@value='take']")
    assert ada.send(f"/quarantine/{mail_id}", decision="take", contact=VERA).status_code == 404
    assert said(app) == []


def test_others_see_and_decide_nothing(app: Flask, world: World) -> None:
    hers, strange = arrive(app, VERA, Reason.UNPROVEN), arrive(app, STRANGER, Reason.UNKNOWN)
    rita = PageClient(app, world.rita)
    assert "No mail waits." in rita.get("/quarantine").words
    assert STRANGER not in PageClient(app, world.sam).get("/quarantine").words
    for mail_id in (hers, strange):
        assert rita.send(f"/quarantine/{mail_id}", decision="drop").status_code == 404
    sam = PageClient(app, world.sam)
    refused = sam.send(f"/quarantine/{hers}", decision="take", contact="mallory@lynx.example")
    assert refused.status_code == 422 and said(app) == []
    assert sam.send(f"/quarantine/{hers}", decision="else").status_code == 404


def test_hostile_words_stay_words(app: Flask, world: World) -> None:
    arrive(app, STRANGER, Reason.UNKNOWN, "<script>alert(1)</script> {{7*7}} https://evil.example")
    page = PageClient(app, world.ada).get("/quarantine")
    assert "<script>alert(1)</script> {{7*7}}" in page.words
    assert not [href for href in page.links() if "evil" in href]


def test_a_long_list_is_paged_in_few_queries(app: Flask, world: World, count_queries: Counting) -> None:
    for count in range(27):
        arrive(app, STRANGER, Reason.UNKNOWN, f"Number {count}.")
    ada = PageClient(app, world.ada)
    with count_queries() as asked:
        page = ada.get("/quarantine")
    assert len(asked) <= 12 and "Number 26." in page.words and "Number 1." not in page.words
    (older,) = [href for href in page.links() if "before=" in href]
    assert "Number 1." in ada.get(older).words
    assert "Number 26." in ada.get("/quarantine", before="x").words


def test_only_so_much_waits_here(app: Flask, world: World) -> None:
    with app.app_context():
        large = Received("1" * 64, 6 << 20, read_mail(b"From: a@b.example\r\n\r\nx"), b"x" * (6 << 20))
        assert write(db.session(), [], lambda s: hold(s, clock.now(), large, None, Reason.UNKNOWN)) is None
