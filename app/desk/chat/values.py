"""Chats as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.values import FileValue, NewFile, Side


@dataclass(frozen=True, slots=True)
class Tip:
    """What has to be known of a conversation to tell whether anything is new in it."""

    conversation_id: int
    last_number: int
    public_id: str = ""
    is_request: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says in a chat; ``key`` is their browser's name for it, the same once more says nothing.

    ``text`` is as it was typed.
    """

    text: str
    key: str
    files: Sequence[NewFile] = ()


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A conversation in the inbox: its last message, and how many are ``unread`` and wait for an answer."""

    public_id: str
    company_name: str
    contact_name: str
    last_at: datetime
    side: Side
    author_name: str
    text: str
    unread: int


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One message of a transcript: the moment, who said it, what they said, the files that came with it."""

    written_at: datetime
    name: str
    text: str
    files: Sequence[FileValue] = ()
