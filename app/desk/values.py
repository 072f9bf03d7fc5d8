"""Conversations and messages as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

MOST_TEXT = 20_000


class Side(StrEnum):
    """Whose message it is: the customer's, ours, or the service's own."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SERVICE = "service"


class Channel(StrEnum):
    """How a message came."""

    PAGE = "page"
    API = "api"
    CHAT = "chat"
    MAIL = "mail"
    CALL = "call"
    VOICEMAIL = "voicemail"


class Happening(StrEnum):
    """What a line of the service tells of in a conversation; ``facts`` of the message say the rest."""

    OPENED = "opened"
    SEVERITY_CHANGED = "severity_changed"
    WAITING = "waiting"
    RESUMED = "resumed"
    NEXT_STEP = "next_step"
    SOLVED = "solved"
    REOPENED = "reopened"
    BREACHED = "breached"
    REASON_GIVEN = "reason_given"
    SENIOR_ASKED = "senior_asked"
    SENIOR_TOOK = "senior_took"
    SENIOR_LEFT = "senior_left"
    CALL_LINKED = "call_linked"
    CALLBACK_ASKED = "callback_asked"
    CALLBACK_CLOSED = "callback_closed"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep with a message: its name as it was given, its type by content, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file that is kept; ``size`` in bytes."""

    public_id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """A message to be written; the same ``key`` again in one conversation changes nothing.

    ``text`` is clean (app.lib.text.many_lines) and may be empty beside files or a happening. ``quoted`` is
    what a mail repeats of earlier ones, ``html`` its cleaned HTML, ``mail_id`` its Message-ID.
    ``is_internal``: only our people see it. ``is_next_step``: it gives the customer the next step.
    ``waits``: from now on we wait for the customer.
    """

    side: Side
    channel: Channel
    text: str
    key: str
    author_id: int | None = None
    author_name: str = ""
    is_internal: bool = False
    quoted: str = ""
    html: str = ""
    mail_id: str = ""
    files: Sequence[NewFile] = ()
    happening: Happening | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_next_step: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class MessageValue:
    """A message of a conversation; ``number`` counts from 1 without gaps, ``happening`` '' for words.

    ``key`` is what its writer knows it by.
    """

    id: int
    public_id: str
    conversation_id: int
    number: int
    side: Side
    channel: Channel
    author_id: int | None
    author_name: str
    text: str
    quoted: str
    html: str
    is_internal: bool
    happening: str
    facts: Mapping[str, Any]
    written_at: datetime
    files: tuple[FileValue, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class ConversationValue:
    """A conversation between a company and whoever serves it.

    ``contact_id`` is whose it is (None once erased), ``last_number`` the number of its last message,
    ``request_id`` its request, when a severity is set.
    """

    id: int
    public_id: str
    company_id: int
    company_public_id: str
    company_name: str
    contact_id: int | None
    contact_name: str
    contact_email: str
    contact_language: str
    contact_time_zone: str
    subject: str
    channel: Channel
    opened_at: datetime
    last_at: datetime
    last_number: int
    request_id: int | None
