"""What the pages about calendar accounts show: plain values, every text already in the reader's words.

Times are written in the reader's zone. An empty string means that the page leaves the line out.
"""

from dataclasses import dataclass
from typing import Literal

Colour = Literal["ok", "info", "warn", "bad"]
Remedy = Literal["", "password", "choose", "subscribe"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right; ``field`` is the id of the control that the error summary links to."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in words with its colour; the name of a state that macros know."""

    state: Colour
    text: str


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar of an account and what it is for; ``note`` tells how many of its entries are unreadable."""

    name: str
    uses: tuple[Pill, ...]
    is_ignored: bool
    note: str


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """An entry that could not be read wholly, for its owner's eyes alone."""

    title: str
    calendar: str
    reason: str


@dataclass(frozen=True, slots=True)
class GuestSwitch:
    """Whether our events in an account shall list who is invited, and what came of it in words."""

    is_on: bool
    text: str


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account: ``detail`` is whose on which server, ``trouble`` what is wrong and what to do.

    ``remedy`` is the way out that the page offers beside the trouble. ``guests`` is about writing who is
    invited into our events there.
    """

    id: int
    name: str
    detail: str
    pill: Pill
    trouble: str
    remedy: Remedy
    calendars: tuple[CalendarLine, ...]
    unread: tuple[UnreadLine, ...]
    is_file: bool
    guests: GuestSwitch | None = None


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """All accounts of a person; ``is_waiting`` while one of them is being read for the first time."""

    zone: str
    accounts: tuple[AccountCard, ...]
    booked_into: str
    hours_in: str
    missing: tuple[str, ...]
    is_waiting: bool
    outcome: str = ""
    outcome_kind: Colour = "ok"


@dataclass(frozen=True, slots=True)
class ServiceHint:
    """A known calendar service: where its address and its app password are found.

    ``address`` is its own, or with ``is_example`` shows how one looks; ``url`` is the form with the address
    filled in; ``is_closed`` when it lets nobody in by password.
    """

    key: str
    name: str
    address: str
    is_example: bool
    hints: tuple[str, ...]
    url: str
    is_chosen: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ConnectPage:
    """The form that asks for an account; ``trouble`` is what a look at the server came to."""

    services: tuple[ServiceHint, ...]
    problems: tuple[Problem, ...] = ()
    trouble: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """The form that asks for a calendar file."""

    problems: tuple[Problem, ...] = ()
    trouble: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A question to a server that has no answer yet, or one that sends us on to ``address``.

    ``is_making`` while calendars are being made there.
    """

    id: str
    server: str
    is_file: bool
    address: str = ""
    is_making: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One of several; ``value`` is what the control sends."""

    value: str
    name: str
    detail: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """What each calendar of an account is for; ``links`` are listed by the server but stand elsewhere.

    ``action`` is where the form goes, ``is_new`` when the account is not connected yet. ``look_again`` is
    the id of a connected account that can be looked at once more (0: it was, or is new), ``trouble`` why not
    just now, and ``gone`` names chosen calendars that the server no longer lists.
    """

    account: str
    action: str
    is_new: bool
    busy: tuple[Option, ...]
    receives: tuple[Option, ...]
    hours: tuple[Option, ...]
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    look_again: int = 0
    gone: tuple[str, ...] = ()
    trouble: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class FilePage:
    """A calendar file that was found: how many entries it holds, and the name to be given."""

    id: str
    server: str
    events: str
    name: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovePage:
    """What removing an account means."""

    id: int
    name: str
    detail: str
    consequences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What did not work out with a connected account: what holds, and what to do."""

    title: str
    account: str
    lines: tuple[str, ...]
    account_id: int


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """A new password for an account; ``why`` it is needed."""

    id: int
    name: str
    detail: str
    problems: tuple[Problem, ...] = ()
    why: str = ""
