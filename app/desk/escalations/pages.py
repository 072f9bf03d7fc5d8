"""What the pages of level 2 show: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AskLine:
    """Who was asked, and what came of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class EscalationPanel:
    """How it stands with level 2, within the page of a conversation.

    ``text`` is empty while nobody is wanted. ``asks``, ``note`` and ``url`` (the page about it) are for staff
    alone. ``ask_url`` brings somebody in, ``ask_text`` says so; ``book_url`` books a call with the senior.
    """

    state: Literal["none", "asked", "taken", "over"]
    text: str
    ask_url: str = ""
    ask_text: str = ""
    book_url: str = ""
    book_text: str = ""
    note: str = ""
    asks: tuple[AskLine, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """An escalation in a list; ``severity`` is 0 where the conversation is no request."""

    id: str
    company: str
    subject: str
    reference: str
    severity: int
    severity_name: str
    since: str
    state: Literal["asked", "taken", "over"]
    state_text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of what the list shows, with how many there are."""

    value: str
    name: str
    count: str


@dataclass(frozen=True, slots=True)
class EscalationsPage:
    """The list; ``on_call`` says in which weeks the reader is, ``older`` is where it goes on."""

    rows: tuple[EscalationRow, ...]
    show: str
    filters: tuple[Filter, ...]
    older: str
    on_call: tuple[str, ...]
    is_senior: bool


@dataclass(frozen=True, slots=True)
class EscalationPage:
    """One escalation, for our people."""

    row: EscalationRow
    contact: str
    why: str
    note: str
    asks: tuple[AskLine, ...]
    conversation_url: str
    can_take: bool
    can_decline: bool
    can_end: bool
    is_mine: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form that brings a senior in; ``needs_note`` where our own people do."""

    conversation_id: str
    needs_note: bool
    is_wanted_already: bool
    back_url: str
    text: str = ""
    problem: str = ""
