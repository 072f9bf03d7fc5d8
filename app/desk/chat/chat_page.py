"""A chat in the words of whoever looks at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.availability.pages import Person
from app.availability.pages import Presence as PresencePill
from app.availability.presence import Presence, State, Why
from app.booking.in_words import Reader, first_name, initials, moment_in_words, person, presence_pill
from app.booking.standing_page import standing_words
from app.customers.roster import Served
from app.desk.chat.pages import ChatPage, ChatPart, Standing
from app.desk.message_page import message_lines
from app.desk.values import Channel, ConversationValue, MessageValue


@dataclass(frozen=True, slots=True)
class Expected:
    """What a customer can expect of the chat now: who serves, whether they are in, the standard support."""

    served: Served
    presence: Presence
    standard_chat_url: str
    standard_email: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of a chat is made of; ``conversation`` is None before the first message.

    ``last`` is the number up to which the messages go, ``kept`` the browser's names of its own ones.
    ``expected`` is None on staff's pages; ``is_earlier`` is true for a page of former messages.
    """

    now: datetime
    viewer: SignedIn
    reader: Reader
    conversation: ConversationValue | None
    messages: Sequence[MessageValue]
    last: int
    kept: Sequence[str]
    expected: Expected | None
    has_earlier: bool = False
    is_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a chat's page and its forms are, without ``?``; ``make_request`` is empty before it begins."""

    page: str
    messages: str
    seen: str
    transcript: str
    make_request: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page's form says: a fresh key, and after a refusal what was typed and what is wrong with it."""

    key: str
    text: str = ""
    problem: str = ""


def chat_page(
    shown: Shown, addresses: Addresses, typed: Typed, file_url: Callable[[str], str], *, is_sent: bool
) -> ChatPage:
    """The whole page; ``file_url`` makes the address of a file, ``is_sent`` tells of a transcript."""
    other = _other_side(shown)
    is_contact = shown.viewer.role == CONTACT
    first = shown.messages[0].number if shown.messages else 0
    email = shown.viewer.email
    return ChatPage(
        title=_("Chat with %(name)s", name=other.first_name or other.name),
        person=other,
        detail="" if is_contact or shown.conversation is None else shown.conversation.company_name,
        part=chat_part(shown, file_url),
        url=addresses.page,
        messages_url=addresses.messages,
        seen_url=addresses.seen,
        transcript_url=addresses.transcript,
        key=typed.key,
        mine=shown.viewer.public_id,
        can_write=not shown.is_earlier and shown.viewer.role != ADMINISTRATOR,
        earlier_url=f"{addresses.page}?before={first}" if shown.has_earlier else "",
        newest_url=addresses.page if shown.is_earlier else "",
        make_request_url="" if shown.viewer.role == ADMINISTRATOR else addresses.make_request,
        problem=typed.problem,
        typed=typed.text,
        outcome=_("The conversation is on its way to %(address)s.", address=email) if is_sent else "",
    )


def chat_part(shown: Shown, file_url: Callable[[str], str], request_url: str = "") -> ChatPart:
    """What is new in a chat for a browser; ``request_url`` is where what it showed before is now."""
    found = message_lines(shown.messages, shown.viewer, shown.reader, shown.now, file_url)
    # Of what came here by chat nobody has to be told so.
    lines = tuple(
        replace(line, channel="") if message.channel is Channel.CHAT else line
        for line, message in zip(found, shown.messages, strict=True)
    )
    standing = standing_of(shown.expected, shown.reader, shown.now) if shown.expected else None
    of = shown.conversation.public_id if shown.conversation else ""
    return ChatPart(lines, shown.last, tuple(shown.kept), standing, of, request_url)


def standing_of(expected: Expected, reader: Reader, now: datetime) -> Standing:
    """Whether somebody is there, until when or from when on, in the reader's words.

    It is live while whoever serves is in, also on a call; when their calendar cannot be read nobody is
    promised.
    """
    served, presence = expected.served, expected.presence
    name = first_name(served.person.name)
    pill = presence_pill(presence, reader, now, name) if served.by else None
    is_live = served.by is not None and presence.state in {State.IN, State.ON_CALL}
    return Standing(
        state=pill.state if pill and is_live else "",
        presence=pill.text if pill and is_live else "",
        stand_in=standing_words([served], reader.language),
        title="" if is_live else _not_there(name, presence, pill, reader, now),
        text="" if is_live else _("Write all the same: your message waits for %(name)s.", name=name),
        standard_chat_url="" if is_live else expected.standard_chat_url,
        standard_email="" if is_live else expected.standard_email,
    )


def _not_there(
    name: str, presence: Presence, pill: PresencePill | None, reader: Reader, now: datetime
) -> str:
    if pill is None:
        return _("Nobody is here at the moment")
    if presence.until is None or presence.why is Why.HOLIDAY:
        return pill.text
    return _("%(name)s is back %(moment)s", name=name, moment=moment_in_words(presence.until, reader, now))


def _other_side(shown: Shown) -> Person:
    if shown.expected is not None:
        return person(shown.expected.served.person, shown.reader, shown.now)
    chat = shown.conversation
    assert chat is not None, "staff look at chats that there are"
    name = chat.contact_name or _("Former contact")
    return Person(name, first_name(name) if chat.contact_name else "", initials(name), chat.company_name)
