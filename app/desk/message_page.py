"""Messages in the reader's words; whatever is foreign in them stays text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.in_words import Reader, day_name, initials
from app.desk.happening_page import happening_words
from app.desk.values import Channel, FileValue, MessageValue, Side
from app.lib import wording

# Only what begins like this becomes a link (security requirement 21); what ends a sentence is not in it.
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”«»]*[^\s<>\"'“”«».,;:!?)\]]", re.IGNORECASE)
_KILO = 1024


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a text; with ``href`` it is a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file to download: ``size`` in words."""

    name: str
    size: str
    href: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message, or with ``kind`` "event" a line of what happened, said in ``event``.

    ``kind`` is "mine" for what the reader wrote, "internal" for what customers never see. ``html`` is set
    for mails that have it, and is clean (app.desk.mailbox).
    """

    number: int
    kind: Literal["mine", "other", "internal", "event"]
    side: str
    author: str
    initials: str
    when: str
    at: str
    channel: str
    event: str
    parts: tuple[TextPart, ...]
    quoted: str
    html: str
    files: tuple[FileLine, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"m-{self.number}"


def message_lines(
    messages: Iterable[MessageValue],
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    file_url: Callable[[str], str],
) -> tuple[MessageLine, ...]:
    """Messages as one reader sees them; ``file_url`` makes the address of a file with this public id."""
    return tuple(message_line(item, viewer, reader, now, file_url) for item in messages)


def message_line(
    message: MessageValue, viewer: SignedIn, reader: Reader, now: datetime, file_url: Callable[[str], str]
) -> MessageLine:
    """One message as one reader sees it."""
    name = message.author_name or _side_name(message.side)
    is_mine = message.author_id == viewer.id
    at = wording.clock(message.written_at, reader.zone)
    return MessageLine(
        number=message.number,
        kind=_kind(message, is_mine=is_mine),
        side=message.side,
        author=_("You") if is_mine else name,
        initials=initials(name),
        when=f"{day_name(message.written_at, reader, now)}, {at}",
        at=wording.rfc3339(message.written_at),
        channel=_channel_words(message.channel),
        event=happening_words(message, viewer, reader, now) if message.happening else "",
        parts=text_parts(message.text),
        quoted=message.quoted,
        html=message.html,
        files=tuple(_file(file, file_url) for file in message.files),
    )


def text_parts(text: str) -> tuple[TextPart, ...]:
    """A text cut at the addresses in it."""
    parts, at = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [TextPart(text[at : found.start()]), TextPart(found.group(), found.group())]
        at = found.end()
    return tuple(part for part in (*parts, TextPart(text[at:])) if part.text)


def size_words(size: int) -> str:
    """ "12 KB", "3.4 MB"."""
    if size < _KILO * _KILO:
        return _("%(size)s KB", size=max(1, round(size / _KILO)))
    return _("%(size)s MB", size=f"{size / _KILO / _KILO:.1f}")


def _file(file: FileValue, file_url: Callable[[str], str]) -> FileLine:
    return FileLine(file.name, size_words(file.size), file_url(file.public_id))


def _kind(message: MessageValue, *, is_mine: bool) -> Literal["mine", "other", "internal", "event"]:
    if message.happening:
        return "event"
    if message.is_internal:
        return "internal"
    return "mine" if is_mine else "other"


def _side_name(side: Side) -> str:
    return {Side.CUSTOMER: _("Customer"), Side.STAFF: _("Support")}.get(side, "")


def _channel_words(channel: Channel) -> str:
    match channel:
        case Channel.CHAT:
            return _("in the chat")
        case Channel.MAIL:
            return _("by e-mail")
        case Channel.CALL:
            return _("on the phone")
        case Channel.VOICEMAIL:
            return _("voicemail")
        case Channel.API:
            return _("through the API")
    return ""
