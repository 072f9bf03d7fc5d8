"""What the pages and mails of chats are made of: plain values, every text in its reader's words."""

from dataclasses import dataclass

from app.availability.pages import Person
from app.desk.message_page import MessageLine


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the chat is live, and what to expect of it; ``state`` is that of a presence pill.

    ``title`` and ``text`` stand in a note while it is not live; then the other ways are shown too.
    """

    state: str
    presence: str
    stand_in: str = ""
    title: str = ""
    text: str = ""
    standard_chat_url: str = ""
    standard_email: str = ""

    @property
    def is_live(self) -> bool:
        """Whether somebody is there to answer now."""
        return not self.title


@dataclass(frozen=True, slots=True)
class ChatPart:
    """What a browser is given of a chat: messages in order, and how far they go.

    ``kept`` are its own names of the messages that it sent and that are among them. ``of`` names the
    conversation; ``request_url`` leads to the one that it showed before, when that is a request now.
    """

    lines: tuple[MessageLine, ...]
    last: int
    kept: tuple[str, ...]
    standing: Standing | None
    of: str = ""
    request_url: str = ""


@dataclass(frozen=True, slots=True)
class ChatPage:
    """A chat as one of its sides sees it; ``person`` is the other side.

    Addresses: ``url`` shows and takes messages, ``messages_url`` gives new ones, ``seen_url`` and
    ``transcript_url`` take forms, ``earlier_url`` leads to messages before these, ``newest_url`` back,
    ``make_request_url`` to where it gets a severity. ``key`` is for the next message, ``mine`` keeps apart
    what different people have not sent yet.
    """

    title: str
    person: Person
    detail: str
    part: ChatPart
    url: str
    messages_url: str
    seen_url: str
    transcript_url: str
    key: str
    mine: str
    can_write: bool = True
    earlier_url: str = ""
    newest_url: str = ""
    make_request_url: str = ""
    problem: str = ""
    typed: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A chat in the inbox."""

    url: str
    contact: str
    company: str
    initials: str
    said: str
    when: str
    unread: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The chats of whom somebody serves; ``before_url`` and ``after_url`` lead to the neighbouring pages."""

    lines: tuple[InboxLine, ...]
    before_url: str = ""
    after_url: str = ""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One message of a transcript: "15:30", who, the words, the names of files."""

    time: str
    name: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptDay:
    """A day of a transcript."""

    name: str
    lines: tuple[TranscriptLine, ...]


@dataclass(frozen=True, slots=True)
class TranscriptMail:
    """The mail with what was said in a chat; ``zone`` says whose clock the times are of."""

    organisation: str
    title: str
    zone: str
    days: tuple[TranscriptDay, ...]
    url: str
