"""Stored mails opened for the demo's pages."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default

from app.mail.pages import MailText

_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """What a mail says; ``at`` is None when it has no readable date."""

    subject: str
    sender: str
    recipient: str
    at: datetime | None
    text: str
    calendar: str
    calendar_method: str


def read_mail(content: bytes) -> StoredMail:
    """A mail from its file; parts that it does not have are empty."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    date = message["Date"]
    calendar = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    return StoredMail(
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        at=date.datetime if date is not None and date.datetime is not None else None,
        text=_content(message.get_body(("plain",))),
        calendar=_content(calendar),
        calendar_method="" if calendar is None else str(calendar.get_param("method", "")).upper(),
    )


def pieces(text: str) -> tuple[MailText, ...]:
    """The text cut into plain pieces and links."""
    found, position = [], 0
    for match in _ADDRESS.finditer(text):
        found += [MailText(text[position : match.start()]), MailText(match[0], match[0])]
        position = match.end()
    return tuple(piece for piece in (*found, MailText(text[position:])) if piece.text)


def _content(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    content = part.get_content()
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
