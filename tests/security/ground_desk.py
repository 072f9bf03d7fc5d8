"""What the ground has of the desk: a request of Vera's, what she says beside it, a mail in her name."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.mailbox.letter import read_letter
from app.desk.mailbox.models import QuarantinedMail
from app.desk.mailbox.service_quarantine import hold
from app.desk.mailbox.values import Reason
from app.desk.queries import messages
from app.desk.requests import service as requests
from app.desk.requests.values import NewRequest
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from app.mail.incoming import read_mail
from app.mail.values import Received
from tests.world import World


def desk_of_vera(session: Session, now: datetime, settings: Settings, world: World) -> dict[str, Any]:
    """Public ids: of a request and its file, of the conversation that is none, of a mail that waits."""
    vera = world.vera
    asked = NewRequest(
        company_id=vera.profile.company_id,
        contact_id=vera.id,
        severity=3,
        subject="Export stops",
        text="It stops at 10,000 rows.",
        key="first",
        side=Side.CUSTOMER,
        channel=Channel.PAGE,
        author_id=vera.id,
        author_name=vera.user.name,
        files=(NewFile("log.txt", "text/plain", b"all is well"),),
    )
    request = requests.open_request(session, now, settings, asked)
    chat = standing_conversation(session, now, vera.profile, Channel.CHAT)
    said = Written(Side.CUSTOMER, Channel.CHAT, "Hello", "hello", vera.id, vera.user.name)
    write_message(session, now, settings, chat.id, said)
    (first,) = messages(session, request.conversation.id, for_staff=False)
    return {
        "request": request.conversation.public_id,
        "message_file": first.files[0].public_id,
        "chat": chat.public_id,
        "quarantined": _unproven_mail(session, now, vera.email),
    }


def _unproven_mail(session: Session, now: datetime, sender: str) -> str:
    """A mail in somebody's name that nothing proves to be theirs."""
    content = f"From: {sender}\r\nSubject: Hello\r\nMessage-ID: <q@x.example>\r\n\r\nIt stops.\r\n".encode()
    received = Received("0" * 64, len(content), read_mail(content), content)
    hold(session, now, received, read_letter(content), Reason.UNPROVEN)
    return session.scalars(select(QuarantinedMail.public_id)).one()
