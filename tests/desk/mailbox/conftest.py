"""The dedicated mailbox: the cast, mails that arrive, and what the service makes of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.answers.jobs import answers_pass
from app.config import Settings
from app.desk import queries
from app.desk.letters.jobs import unread_pass
from app.desk.mailbox.service import take_mail
from app.desk.models import Conversation
from app.desk.requests.queries import requests
from app.desk.requests.values import RequestValue
from app.desk.values import ConversationValue, MessageValue
from app.mail.models import IncomingMail, OutgoingMail
from tests.fakes.mail_box import FakeMailbox
from tests.support.dovecot import Dovecot
from tests.world import World, build_world

BORDER = "mx.attache.example"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Bratislava
SUNDAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Mailroom:
    """The worker's side; ``now`` moves as a test says."""

    session: Session
    settings: Settings
    world: World
    box: FakeMailbox | Dovecot
    now: datetime = MONDAY
    count: int = field(default=0)

    def arrives(self, content: bytes) -> str:
        """A mail comes and is taken; its outcome."""
        self.box.append(content)
        self.run()
        self.session.rollback()
        wanted = select(IncomingMail.outcome).order_by(IncomingMail.id.desc())
        return self.session.scalars(wanted.limit(1)).one()

    def run(self) -> None:
        """The worker's passes, once each."""
        answers_pass(self.session, self.settings, self.now, taker=take_mail)
        unread_pass(self.session, self.settings, self.now)

    def mail(
        self,
        sender: str,
        text: str = "The export stops.",
        *,
        to: str = "calls@attache.example",
        subject: str = "Export stops",
        is_proven: bool = True,
        **headers: str,
    ) -> bytes:
        """A mail as a person's program writes it; headers with ``_`` for ``-``."""
        self.count += 1
        message = EmailMessage(policy=policy.SMTP)
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = f"<mail-{self.count}@elsewhere.example>"
        if is_proven:
            domain = sender.rpartition("@")[2].strip(">")
            message["Authentication-Results"] = f"{BORDER}; dmarc=pass header.from={domain}"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        return message.as_bytes()

    def letters(self, address: str) -> list[EmailMessage]:
        """What somebody was mailed, in order."""
        self.session.rollback()
        wanted = select(OutgoingMail.content).where(OutgoingMail.recipient == address)
        rows = self.session.scalars(wanted.order_by(OutgoingMail.id))
        found = [message_from_bytes(content, policy=policy.default) for content in rows]
        return [message for message in found if isinstance(message, EmailMessage)]

    def answer(self, letter: EmailMessage, sender: str, text: str, **more: Any) -> bytes:
        """What somebody's program sends when they answer a letter; nothing but its address proves them."""
        more = {"In_Reply_To": letter["Message-ID"], "is_proven": False} | more
        return self.mail(sender, text, to=letter["Reply-To"], subject=f"Re: {letter['Subject']}", **more)

    def conversations(self) -> list[ConversationValue]:
        self.session.rollback()
        return queries.conversations(self.session)

    def messages(self, conversation_id: int) -> list[MessageValue]:
        self.session.rollback()
        return queries.messages(self.session, conversation_id, for_staff=True)

    def requests(self) -> list[RequestValue]:
        self.session.rollback()
        return requests(self.session, Conversation.id > 0)


@pytest.fixture
def mailroom(session: Session, make_settings: Any, fake_mailbox: FakeMailbox) -> Mailroom:
    settings = make_settings(IMAP_URL=fake_mailbox.url, MAIL_AUTHSERV_ID=BORDER)
    return Mailroom(session, settings, build_world(session, MONDAY), fake_mailbox)


def body_of(letter: EmailMessage) -> str:
    """The plain text of a letter, its lines joined."""
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())
