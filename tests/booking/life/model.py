"""What should be: calls, guests and places as they are after each step, and what people were told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage

from app.booking.answers.values import ProposedTime
from app.booking.values import CallValue, HeldCall
from app.booking.waiting.line import Place
from app.lib.intervals import Interval

OVER = frozenset({"cancelled", "declined", "expired"})
AFTERWARDS = frozenset({"took_place", "no_show"})


@dataclass(frozen=True)
class Seen:
    """What the database says: calls and the addresses of their colleagues by id, places, open proposals."""

    calls: Mapping[int, CallValue] = field(default_factory=dict)
    guests: Mapping[int, frozenset[str]] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)
    proposals: Mapping[str, ProposedTime] = field(default_factory=dict)


@dataclass
class Told:
    """What one guest was mailed of one call last: its METHOD, SEQUENCE, what it said, and the message."""

    method: str = ""
    sequence: int = -1
    starts_at: datetime | None = None
    says: tuple[str, ...] = ()
    mail: EmailMessage | None = None


@dataclass(frozen=True)
class Leave:
    """Whole days of somebody's time off, both included, and whom it names as stand-in."""

    first: date
    last: date
    named: int | None

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass
class Passing:
    """A hand-over that is under way: of which company (id), to whom, from which day, and how far it is."""

    company_id: int
    to: int
    day: date
    is_confirmed: bool = False
    is_told: bool = False


@dataclass
class Model:
    """What should be.

    ``seen`` is what the last step left. ``touched`` are the calls whose event the specialist changed since
    the last quiet moment, ``touched_copies`` those whose senior did. ``along`` are calls whose senior came
    with a move that waits for the calendar. ``told`` is by UID and address, ``written`` the highest SEQUENCE
    by person and UID in the calendars. ``appointments`` are by person, ``offered_at`` tells since when a
    place has its offer, ``let_go`` which starts were declined by whom. ``leaves`` stand in the calendars, by
    owner and UID; ``noticed`` are those of the last look. ``kept`` are calls with the UIDs of the time off
    that they take place in, ``assigned`` the days from which companies have whom, after the first, and
    ``passing`` the hand-overs by their public ids, with the calls of which it was told that they are
    ``stuck``, and those that are ``staying`` by decision.
    """

    seen: Seen = field(default_factory=Seen)
    touched: set[int] = field(default_factory=set)
    touched_copies: set[int] = field(default_factory=set)
    along: set[int] = field(default_factory=set)
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    written: dict[tuple[int, str], int] = field(default_factory=dict)
    appointments: list[tuple[int, str]] = field(default_factory=list)
    holds: dict[int, HeldCall] = field(default_factory=dict)
    series: list[str] = field(default_factory=list)
    offered_at: dict[tuple[int, datetime], datetime] = field(default_factory=dict)
    let_go: set[tuple[int, datetime]] = field(default_factory=set)
    leaves: dict[tuple[int, str], Leave] = field(default_factory=dict)
    noticed: dict[tuple[int, str], Leave] = field(default_factory=dict)
    kept: set[tuple[int, str]] = field(default_factory=set)
    assigned: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    passing: dict[str, Passing] = field(default_factory=dict)
    stuck: set[tuple[str, int]] = field(default_factory=set)
    staying: set[tuple[str, int]] = field(default_factory=set)
    last_mail: int = 0

    @property
    def calls(self) -> Mapping[int, CallValue]:
        """The calls as they are."""
        return self.seen.calls


def starts_of(call: CallValue) -> set[datetime]:
    """The starts whose time a call takes; both while it moves."""
    if call.status in AFTERWARDS:
        return {call.start}
    return {call.start, call.move.start if call.move else call.start} if call.is_active else set()


def taken_of(calls: Iterable[CallValue], person_id: int) -> list[Interval]:
    """What calls take of somebody's time, buffers included."""
    return [
        call.rules.taken_by(at)
        for call in calls
        if any(one.user_id == person_id for one in call.people)
        for at in starts_of(call)
    ]
