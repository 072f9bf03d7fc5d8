"""Requests as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.desk.sla import Policy
from app.desk.values import Channel, ConversationValue, NewFile, Side
from app.lib.intervals import Interval

# Every state but that of being solved.
OPEN = "open"
_FIRST_NUMBER = 1000

# Severities that bring in a senior by themselves.
CALL_SENIOR = frozenset({1, 2})


class ClockName(StrEnum):
    """The two clocks of a request."""

    FIRST_RESPONSE = "first_response"
    NEXT_STEP = "next_step"


class RequestState(StrEnum):
    """Where a request stands; ``waiting`` is for the customer."""

    NEW = "new"
    IN_WORK = "in_work"
    WAITING = "waiting"
    SOLVED = "solved"


class Only(StrEnum):
    """What a list of requests can be narrowed to; ``open`` is all that is not solved."""

    OPEN = ""
    OVERDUE = "overdue"
    SOON = "soon"
    WAITING = "waiting"
    NEW = "new"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to be opened; ``text`` is its first message, the same ``key`` again opens nothing."""

    company_id: int
    contact_id: int | None
    severity: int
    subject: str
    text: str
    key: str
    side: Side
    channel: Channel
    author_id: int | None = None
    author_name: str = ""
    html: str = ""
    quoted: str = ""
    mail_id: str = ""
    files: Sequence[NewFile] = ()


@dataclass(frozen=True, slots=True)
class ClockValue:
    """One clock; ``met_at`` is when it was met, ``breached_at`` when it was noted that it was not in time.

    ``severity`` is the one that it is due by: once it is met, the request's may be another.
    ``warned_at`` is when our people were first warned of its due moment.
    """

    name: ClockName
    severity: int
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    reason: str
    reason_at: datetime | None
    warned_at: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """Whether it was met after its due moment, or was not met and that is over."""
        return (self.met_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class RequestValue:
    """A conversation with a severity; ``opened_at`` is when its clocks began.

    ``pauses`` are those that are over. ``waiting_since`` is when the one under way began.
    """

    id: int
    conversation: ConversationValue
    policy_id: int
    severity: int
    opened_at: datetime
    waiting_since: datetime | None
    solved_at: datetime | None
    news_due_at: datetime | None
    runs_out_at: datetime | None
    clocks: Mapping[ClockName, ClockValue]
    pauses: tuple[Interval, ...]

    @property
    def reference(self) -> str:
        """What people call it."""
        return reference(self.id)

    def pauses_until(self, moment: datetime) -> tuple[Interval, ...]:
        """The pauses that began before a moment, the one under way as far as then."""
        under_way = self.waiting_since
        if under_way is None or under_way >= moment:
            return self.pauses
        return (*self.pauses, Interval(under_way, moment))

    @property
    def state(self) -> RequestState:
        """Where it stands."""
        if self.solved_at is not None:
            return RequestState.SOLVED
        if self.waiting_since is not None:
            return RequestState.WAITING
        first = self.clocks[ClockName.FIRST_RESPONSE]
        return RequestState.NEW if first.met_at is None else RequestState.IN_WORK


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in a list, with the policy that its clocks keep to."""

    request: RequestValue
    policy: Policy


def reference(request_id: int) -> str:
    """The reference of a request, ``R-1042``."""
    return f"R-{_FIRST_NUMBER + request_id}"


def id_of(text: str) -> int | None:
    """The id of the request that a reference names, in any case; None when it is none."""
    letter, dash, digits = text.strip().upper().partition("-")
    is_one = letter == "R" and dash and digits.isascii() and digits.isdigit() and len(digits) <= 9
    number = int(digits) - _FIRST_NUMBER if is_one else 0
    return number if number > 0 else None
