"""What the pages of callbacks show: plain values, every text already in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import Problem
from app.booking.offers.quick_page import QuickSlot
from app.desk.requests.clock_page import ClockLine


@dataclass(frozen=True, slots=True)
class AskPage:
    """Asking for a call back: ``promise`` says by when, ``hours`` when we ring at all.

    ``standard_*`` are the ways that are open round the clock, empty in hours.
    """

    key: str
    promise: str
    hours: str
    problems: tuple[Problem, ...] = ()
    standard_chat_url: str = ""
    standard_email: str = ""


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """A callback in its contact's list."""

    id: str
    title: str
    detail: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class CallbacksPage:
    """A contact's callbacks; ``next_url`` leads to older ones."""

    rows: tuple[CallbackRow, ...]
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CallbackPage:
    """One callback for its contact; ``quick`` are times that can be booked instead.

    ``booking`` is the public id of the call that was booked instead; the callback is open until that is
    confirmed.
    """

    id: str
    title: str
    is_open: bool
    facts: tuple[Fact, ...]
    attempts: tuple[str, ...]
    quick: tuple[QuickSlot, ...] = ()
    length: int = 0
    booking: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A callback in the queue; ``after`` is "Call after 14:00" where it is too early.

    ``shown`` is the public id of who has taken it, ``taken`` says so; ``is_mine``: it is the reader.
    """

    id: str
    place: int
    name: str
    company: str
    number: str
    tel: str
    topic: str
    facts: tuple[str, ...]
    clock: ClockLine
    after: str = ""
    shown: str = ""
    taken: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue in the order in which to ring; ``told`` is what has just become true."""

    rows: tuple[QueueRow, ...]
    next_url: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class RingPage:
    """One callback for whoever rings; ``outcome`` is set when it is over."""

    row: QueueRow
    attempts: tuple[str, ...]
    outcome: str = ""
    conversation: str = ""
    problem: str = ""
