"""A mail as a value, and its bytes; composing is not sending."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Party:
    """A mail address and the name beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP message (RFC 5546); ``method`` is the METHOD inside ``body``."""

    method: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to one recipient, in the recipient's language.

    ``reply_to`` is where answers go, if not to the sender. ``answers`` is the Message-ID of a mail of the
    recipient's that it answers; one that ``is_automatic_answer`` is written by nobody (RFC 3834).
    """

    sender: Party
    recipient: Party
    subject: str
    text: str
    html: str
    language: str
    calendar: CalendarPart | None = None
    reply_to: str = ""
    answers: str = ""
    is_automatic_answer: bool = False


class _MessageIds(UnstructuredHeader, BaseHeader):
    """One Message-ID a line: Python would write a long one, as Outlook makes them, as encoded words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("in-reply-to", _MessageIds)
_HEADERS.map_to_type("references", _MessageIds)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def new_message_id(unique: str, sender: str) -> str:
    """A Message-ID in the sender's domain; ``unique`` is random and safe in an address."""
    return f"<{unique}@{sender.rpartition('@')[2] or 'localhost'}>"


def to_bytes(draft: Draft, message_id: str, first_id: str, at: datetime) -> bytes:
    """The message with CRLF and in seven bits, the same for the same arguments.

    ``first_id`` is the Message-ID of the first mail of the thread, empty for the first one itself, so that
    clients fold updates together. The calendar part stands inside multipart/alternative, and once more as a
    plain file for clients that show only attachments (RFC 6047, 2.4). Raises
    ValueError for an address or header that cannot be written.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(draft.sender)
    message["To"] = _address(draft.recipient)
    message["Subject"] = _plain(draft.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if draft.reply_to:
        message["Reply-To"] = Address(addr_spec=draft.reply_to)
    if ids := list(dict.fromkeys(filter(None, (first_id, draft.answers)))):
        message["In-Reply-To"] = ids[-1]
        message["References"] = " ".join(ids)
    message["Auto-Submitted"] = "auto-replied" if draft.is_automatic_answer else "auto-generated"
    message.set_content(draft.text, cte="base64" if not draft.text.isascii() else "quoted-printable")
    message.add_alternative(draft.html, subtype="html", cte="base64")
    if draft.calendar is not None:
        _add_calendar(message, draft.calendar)
    # Set last: what begins with Content- goes down into the first part whenever another is added.
    message["Content-Language"] = draft.language
    # Python draws the boundaries at random, but a mail that is sent again must be the same bytes.
    _fix_boundaries(message, message_id)
    return message.as_bytes()


def _address(party: Party) -> Address:
    return Address(display_name=_plain(party.name), addr_spec=party.address)


def _plain(text: str) -> str:
    """One line that stays text: Python decodes an encoded word (RFC 2047) in it, line ends and all."""
    return " ".join(text.split()).replace("=?", "= ?")


def _add_calendar(message: EmailMessage, calendar: CalendarPart) -> None:
    message.add_alternative(
        calendar.body, maintype="text", subtype="calendar", cte="base64", params={"charset": "UTF-8"}
    )
    inline = list(message.iter_parts())[-1]
    inline.set_param("method", calendar.method)
    message.make_mixed()
    message.add_attachment(calendar.body, maintype="application", subtype="ics", filename="invite.ics")
    attachment = list(message.iter_parts())[-1]
    attachment.set_param("name", "invite.ics")


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    seed = "".join(letter for letter in message_id if letter.isalnum())[:40]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{seed}")
