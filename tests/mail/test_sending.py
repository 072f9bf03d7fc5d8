"""Posting and sending, with a real SMTP server."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.lib import clock
from app.mail import client
from app.mail.draft import Draft, Party
from app.mail.errors import NotSent, Refused
from app.mail.jobs import mail_pass
from app.mail.models import OutgoingMail
from app.mail.service import due, post
from tests.support.mail import SmtpSink
from tests.support.ports import free_port

NOW = clock.now()


def draft(subject: str, to: str = "vera@nordwind.example") -> Draft:
    return Draft(
        Party("calls@attache.example", "Sam"), Party(to, "Vera"), subject, "Hello\n", "<p>Hello</p>", "en"
    )


def state(session: Session, key: str) -> tuple[str, int, datetime]:
    session.rollback()
    row = session.scalars(select(OutgoingMail).where(OutgoingMail.subject_key == key)).one()
    return row.state, row.attempts, row.next_attempt_at


@pytest.mark.postgres
def test_a_posted_mail_is_sent_once(session: Session, settings: Settings, smtp_sink: SmtpSink) -> None:
    post(session, NOW, "one", "call", draft("Invitation"))
    post(session, NOW, "one", "call", draft("Something else"))
    session.commit()
    mail_pass(session, settings, clock.now())
    mail_pass(session, settings, clock.now())
    assert [mail["Subject"] for mail in smtp_sink.to("vera@nordwind.example")] == ["Invitation"]
    assert state(session, "one")[0] == "sent"


@pytest.mark.postgres
def test_a_thread_goes_out_in_order_and_others_do_not_wait(session: Session) -> None:
    for key, thread in (("one", "call"), ("two", "call"), ("three", "other")):
        post(session, NOW, key, thread, draft(key))
    session.commit()
    ids = list(session.scalars(select(OutgoingMail.id).order_by(OutgoingMail.id)))
    assert due(session, NOW, 10) == [ids[0], ids[2]]
    session.execute(update(OutgoingMail).where(OutgoingMail.id == ids[0]).values(state="sent"))
    assert due(session, NOW, 10) == [ids[1], ids[2]]


def test_later_mails_of_a_thread_answer_the_first(session: Session) -> None:
    for key in ("one", "two", "three"):
        post(session, NOW, key, "call", draft(key))
    first, *others = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    assert all(f"In-Reply-To: {first.message_id}".encode() in other.content for other in others)


def test_a_dead_server_is_tried_again_ever_later_and_then_given_up(
    session: Session, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    post(session, NOW, "one", "call", draft("Invitation"))
    session.commit()
    pauses = []
    for _ in range(8):
        session.execute(update(OutgoingMail).values(next_attempt_at=NOW))
        session.commit()
        mail_pass(session, settings, clock.now())
        pauses.append(state(session, "one")[2] - NOW)
    assert state(session, "one")[:2] == ("given_up", 8)
    gone = pauses[0] - timedelta(minutes=1)
    assert [round((pause - gone) / timedelta(minutes=1)) for pause in pauses[:7]] == [
        1,
        5,
        15,
        30,
        60,
        120,
        240,
    ]


class Choosy(SmtpSink):
    """Refuses one recipient for ever and one for now."""

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: object, envelope: object, address: str, _options: object
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 greylisted"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"


def test_a_refused_recipient_is_given_up_and_the_others_get_theirs(
    session: Session, make_settings: Callable[..., Settings]
) -> None:
    from aiosmtpd.controller import Controller

    sink = Choosy(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        settings = make_settings(SMTP_URL=sink.url)
        for number, name in enumerate(("nobody", "vera", "later")):
            post(session, NOW, name, f"thread {number}", draft("Hello", f"{name}@nordwind.example"))
        session.commit()
        mail_pass(session, settings, clock.now())
        with pytest.raises(Refused):
            client.send(settings, b"Subject: x\r\n\r\nx\r\n", settings.mail_from, "nobody@nordwind.example")
        with pytest.raises(NotSent):
            client.send(settings, b"Subject: x\r\n\r\nx\r\n", settings.mail_from, "later@nordwind.example")
    finally:
        controller.stop()
    states = [state(session, name)[0] for name in ("nobody", "vera", "later")]
    assert states == ["given_up", "sent", "waiting"]


def test_a_mail_that_cannot_be_written_stops_nothing_else(session: Session) -> None:
    post(session, NOW, "bad", "call", draft("Hello", "two words@nordwind.example, x"))
    post(session, NOW, "good", "call", draft("Hello"))
    session.commit()
    assert state(session, "bad")[0] == "given_up" and state(session, "good")[0] == "waiting"
    assert len(due(session, NOW, 10)) == 1


def test_without_a_server_a_mail_becomes_one_file(settings: Settings) -> None:
    for content in (b"Subject: one\r\n\r\nx\r\n", b"Subject: one\r\n\r\nx\r\n", b"Subject: two\r\n\r\nx\r\n"):
        client.send(settings, content, settings.mail_from, "vera@nordwind.example")
    files = sorted(settings.mail_dir.iterdir())
    assert [file.read_bytes()[:12] for file in files] == [b"Subject: one", b"Subject: two"]
    assert all(file.suffix == ".eml" for file in files)
