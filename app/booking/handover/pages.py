"""What the pages of hand-overs show: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.booking.pages import HistoryLine

StageName = Literal["planned", "telling", "moving", "done", "ended"]


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact of the company; ``told`` is how it stands with telling them, empty before that."""

    name: str
    email: str
    phone: str
    told: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call of the company: coming (``state`` is how it passes on) or past (``history``).

    ``can_open``: the reader has the call's own page. ``offers``: the decisions that can be made about it.
    """

    id: str
    when: str
    title: str
    contact: str
    specialist: str
    reference: str
    topic: str
    answers: tuple[tuple[str, str], ...] = ()
    state: str = ""
    is_stuck: bool = False
    offers: tuple[Literal["retry", "keep", "cancel"], ...] = ()
    can_open: bool = False
    note: str = ""
    private_note: str = ""
    history: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """A company that passes from one specialist to another.

    ``side`` is who looks. ``company_url`` opens the page of who serves it, for administrators. ``missed``:
    whom mail does not reach; then they can be told by phone.
    """

    id: str
    company: str
    leaving: str
    coming: str
    day: str
    stage: StageName
    stage_words: str
    side: Literal["leaving", "coming", "administrator"]
    note: str
    leaving_note: str
    ended_reason: str
    contacts: tuple[ContactLine, ...]
    coming_calls: tuple[CallLine, ...]
    past_calls: tuple[CallLine, ...]
    history: tuple[HistoryLine, ...]
    missed: str = ""
    company_url: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A hand-over in a list."""

    id: str
    text: str
    asks: bool
