"""A mail that came in, as the facts that answers are judged by; nothing of it is believed yet."""

import base64
import binascii
import codecs
import email
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from app.ical.lines import decode
from app.lib.text import scrubbed
from app.mail.border import passed_dmarc
from app.mail.bounces import returned_id

LARGEST = 1024 * 1024
# What is read of a message that is too large: enough for its headers.
HEAD = 64 * 1024
# The parser looks for every open boundary on each line: real mails have a handful of them.
_MOST_BOUNDARIES = 30
_MOST_CALENDARS = 5
_MOST_HEADERS = 20
_LONGEST_HEADER = 4000
_LONG_TYPE = re.compile(rb"^content-type:(?:[^\r\n]|\r?\n[ \t]){2000}", re.IGNORECASE | re.MULTILINE)
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
# Codecs that are no character sets of mails, or take the square of the text's length.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"}


@dataclass(frozen=True, slots=True)
class CalendarText:
    """A text/calendar part; ``method`` is its parameter in capitals, empty when it has none."""

    method: str
    text: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a message says of itself.

    ``sender`` is the addr-spec of From in small letters, empty unless it is exactly one; ``recipients``
    whomever it was addressed or delivered to. ``is_automatic``: a bounce, a vacation notice, a list.
    ``is_authenticated``: our border says that the sender's domain stands behind it. ``is_unreadable``: a
    calendar part, or the whole, cannot be taken apart. ``returned_id``: the Message-ID of what it says could
    not be delivered.
    """

    sender: str
    subject: str
    message_id: str
    recipients: frozenset[str]
    is_automatic: bool
    is_authenticated: bool
    calendars: tuple[CalendarText, ...]
    is_unreadable: bool = False
    returned_id: str = ""


def read_mail(content: bytes, authserv_id: str = "") -> Incoming:
    """The facts of a message of at most LARGEST bytes, or of the HEAD of a larger one; never raises.

    A calendar part inside a forwarded message (message/rfc822) is nobody's answer and not among them.
    """
    is_unreadable = is_tangled(content)
    try:
        message = email.message_from_bytes(_head(content) if is_unreadable else content, policy=compat32)
        calendars, returned = tuple(_calendars(message)), returned_id(message)
    except (MessageError, RecursionError, ValueError, LookupError):
        message = email.message_from_bytes(_head(content), policy=compat32)
        calendars, returned, is_unreadable = (), "", True
    sender = _sender(message)
    reports = _headers(message, "Authentication-Results")
    return Incoming(
        sender=sender,
        subject=scrubbed(decoded(_first(message, "Subject")), 200),
        message_id=_first(message, "Message-ID").strip(),
        recipients=frozenset(_addresses(value for name in _ADDRESSED for value in _headers(message, name))),
        is_automatic=_is_automatic(message),
        is_authenticated=bool(sender) and passed_dmarc(reports, authserv_id, sender),
        calendars=calendars,
        is_unreadable=is_unreadable,
        returned_id=returned,
    )


def is_tangled(content: bytes) -> bool:
    """Whether taking it apart would take long: so many parts, or so many parameters, are no mail."""
    return content.lower().count(b"boundary") > _MOST_BOUNDARIES or bool(_LONG_TYPE.search(content))


def _head(content: bytes) -> bytes:
    ends = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := content.find(mark)) >= 0]
    return content[: min([*ends, HEAD])]


def _headers(message: Message, name: str) -> list[str]:
    return [str(value)[:_LONGEST_HEADER] for value in message.get_all(name, [])[:_MOST_HEADERS]]


def _first(message: Message, name: str) -> str:
    return next(iter(_headers(message, name)), "")


def decoded(value: str) -> str:
    """A header's text without encoded words (RFC 2047); as it stands where they are damaged."""
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, ValueError, LookupError):
        return value


def _sender(message: Message) -> str:
    """The address in From; a message from several people, or with two From lines, is from nobody."""
    lines = _headers(message, "From")
    found = list(_addresses(lines))
    return found[0] if len(lines) == len(found) == 1 else ""


def _addresses(lines: Iterable[str]) -> Iterator[str]:
    try:
        found = getaddresses(list(lines))
    except (RecursionError, ValueError, IndexError):
        # Thousands of brackets in one line are no address.
        return
    for _name, address in found:
        plain = address.strip().lower()
        if plain.count("@") == 1 and len(plain) <= 254 and plain.isprintable() and " " not in plain:
            yield plain


def _is_automatic(message: Message) -> bool:
    """RFC 3834 and what was before it; ``auto-generated`` is what calendar programs say of real answers."""
    submitted = _first(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no", "auto-generated"}
        or message.get_content_type() == "multipart/report"
        or _first(message, "Return-Path").strip() == "<>"
        or _first(message, "Precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}
        or any(name in message for name in ("X-Autoreply", "X-Autorespond"))
        or any(name.lower().startswith("list-") for name in message)
    )


def _calendars(message: Message) -> list[CalendarText]:
    parts = list(_own_parts(message))
    named = [part for part in parts if part.get_content_type() == "text/calendar"]
    # Some send their answer only as the file that others add to it.
    chosen = named or [part for part in parts if part.get_content_type() == "application/ics"]
    texts = [_calendar_text(part) for part in chosen[:_MOST_CALENDARS]]
    return list(dict.fromkeys(texts))


def _own_parts(message: Message) -> Iterator[Message]:
    if message.get_content_maintype() == "message":
        return
    payload = message.get_payload()
    if not isinstance(payload, list):
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _own_parts(part)


def _calendar_text(part: Message) -> CalendarText:
    method = part.get_param("method", "")
    charset = part.get_content_charset("")
    return CalendarText(str(method).strip().upper()[:40], text_in(_bytes(part), charset))


def _bytes(part: Message) -> bytes:
    """The part's content; raises ValueError for base64 that is damaged, instead of making something of it."""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64":
        content = part.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""
    letters = "".join(str(part.get_payload()).split())
    try:
        return base64.b64decode(letters, validate=True)
    except binascii.Error as error:
        raise ValueError("damaged base64") from error


def text_in(content: bytes, charset: str) -> str:
    """The text in the charset that is named; iCalendar's own is UTF-8 (RFC 5545, 3.1.4)."""
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
        if name not in {"utf-8", "ascii"} | _NO_CHARSETS:
            return content.decode(name, "replace")
    except (LookupError, ValueError):
        return decode(content)
    return decode(content)
