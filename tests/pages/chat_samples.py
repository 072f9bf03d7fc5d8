"""Contexts for the pages and mails of chats."""

from collections.abc import Iterator
from types import SimpleNamespace

from app.availability.pages import Person
from app.desk.chat.pages import (
    ChatPage,
    ChatPart,
    InboxLine,
    InboxPage,
    Standing,
    TranscriptDay,
    TranscriptLine,
    TranscriptMail,
)
from app.desk.message_page import FileLine, MessageLine, TextPart
from tests.pages.escalation_samples import STAFF_PANEL
from tests.pages.request_samples import PANEL
from tests.pages.shared_samples import SAM, Sample

STAFF = SimpleNamespace(role="specialist")
LIVE = Standing("in", "In now, until 21:00 (17:00 CET)")
CLOSED = Standing(
    "",
    "",
    "Rita stands in for Sam until 4 December.",
    "Rita is back Monday 13:00 (09:00 CET)",
    "Write all the same: your message waits for Rita.",
    "https://chat.example",
    "support@company.example",
)


def _line(number: int, kind: str, text: str, *files: FileLine, channel: str = "") -> MessageLine:
    return MessageLine(
        number=number,
        kind=kind,  # type: ignore[arg-type]
        side="customer" if kind == "mine" else "staff",
        author="You" if kind == "mine" else "Sam Okafor",
        initials="PB" if kind == "mine" else "SO",
        when=f"Today, 10:0{number}",
        at=f"2026-11-24T05:0{number}:00Z",
        channel=channel,
        event="Solved, says Sam Okafor" if kind == "event" else "",
        parts=(TextPart(text),) if text else (),
        quoted="",
        html="",
        files=files,
    )


LINES = (
    _line(1, "mine", "The import stops at 10,000 rows", FileLine("import.log", "12 KB", "/files/f1")),
    _line(2, "other", "I am looking at it."),
    _line(3, "other", "And by mail, too", channel="by e-mail"),
)
RITA = Person("Vera Lindqvist", "Vera", "VL", "Nordwind")


def _page(part: ChatPart, **changes: object) -> ChatPage:
    values = {
        "title": "Chat with Sam",
        "person": SAM,
        "detail": "",
        "part": part,
        "url": "/chat",
        "messages_url": "/chat/messages",
        "seen_url": "/chat/seen",
        "transcript_url": "/chat/transcript",
        "key": "k",
        "mine": "p",
        "make_request_url": "/conversations/c1/request",
    }
    return ChatPage(**{**values, **changes})  # type: ignore[arg-type]


def chat_samples() -> Iterator[Sample]:
    """The pages in their states, the fragment, and the mail in both forms."""
    live = ChatPart(LINES, 3, ("a", "b"), LIVE)
    yield "chat", "desk/chat.html", {"page": _page(live, earlier_url="/chat?before=1"), "escalation": PANEL}
    closed = _page(ChatPart((), 0, (), CLOSED), outcome="The conversation is on its way to p@x.example.")
    yield "chat-closed", "desk/chat.html", {"page": closed, "escalation": None}
    refused = _page(live, problem="It is empty.", typed="…")
    yield "chat-error", "desk/chat.html", {"page": refused, "escalation": None}
    earlier = _page(live, newest_url="/chat", can_write=False)
    yield "chat-earlier", "desk/chat.html", {"page": earlier, "escalation": None}
    ours = _page(ChatPart(LINES, 3, (), None), title="Chat with Vera", person=RITA, detail="Nordwind")
    yield "chat-staff", "desk/chat.html", {"page": ours, "viewer": STAFF, "escalation": STAFF_PANEL}
    moved = ChatPart(LINES[:1], 1, (), LIVE, "c2", "/requests/c1")
    for name, part in (("chat-part", live), ("chat-part-moved", moved)):
        yield name, "desk/_chat_part.html", {"part": part}
    row = InboxLine(
        "/chats/c1", "Vera Lindqvist", "Nordwind", "VL", "It stops", "Today, 10:02", "2 new messages"
    )
    inbox = InboxPage((row,), "/chats?before=1", "/chats?after=1")
    yield "chats", "desk/chats.html", {"page": inbox, "viewer": STAFF}
    yield "chats-none", "desk/chats.html", {"page": InboxPage(()), "viewer": STAFF}
    day = TranscriptDay(
        "Tuesday 24 November",
        (
            TranscriptLine("10:01", "Pavel Belov", "It stops\nat 10,000", ("import.log",)),
            TranscriptLine("10:02", "Sam Okafor", "I am looking at it."),
            TranscriptLine("10:03", "Pavel Belov", "", ("a.png", "b.png")),
        ),
    )
    for name, days in (("", (day,)), ("-empty", ())):
        mail = TranscriptMail(
            "Attaché",
            "Your chat with Attaché, as of 24 November",
            "Times in Berlin time",
            days,
            "https://x.example/chat",
        )
        for part in ("html", "txt"):
            yield f"mail-transcript{name}-{part}", f"mail/transcript.{part}", {"mail": mail}
