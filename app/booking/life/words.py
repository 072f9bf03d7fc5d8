"""What the table of a call's life is written in (app/booking/lifecycle.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import Protocol

from app.booking.letters.kinds import Kind
from app.customers.profiles import SpecialistProfile


class Status(StrEnum):
    """Where a call stands.

    ``pending`` is reserved, ``confirmed`` means that the calendar server has the event, ``clash`` that
    something else appeared beside it there, or that its specialist moved it to where it cannot be. The others
    are ends.
    """

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CLASH = "clash"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    TOOK_PLACE = "took_place"
    NO_SHOW = "no_show"


class Event(StrEnum):
    """What can happen; a move waits beside the status until it arrives or is dropped.

    ARRIVE: the calendar has the new time. SETTLE: what stood beside the call is gone. FOLLOW: its specialist
    moved the event in the calendar, and the call goes along. MISPLACE: they moved it to where it cannot be.
    CALL_OFF: they deleted or declined it there. ADD_SENIOR: a senior is brought in; SENIOR_JOINS: their
    calendar has it too. DROP_SENIOR: the senior is taken off again; LOSE_SENIOR: they cannot or will not.
    REASSIGN: another specialist is to have it; TAKE_OVER: their calendar has it; STAY: it could not, or need
    not, be so.
    """

    HOLD = "hold"
    BOOK = "book"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    GIVE_UP_MOVE = "give_up_move"
    ARRIVE = "arrive"
    DROP_MOVE = "drop_move"
    CANCEL = "cancel"
    DECLINE = "decline"
    EXPIRE = "expire"
    FIND_CLASH = "find_clash"
    SETTLE = "settle"
    FOLLOW = "follow"
    MISPLACE = "misplace"
    CALL_OFF = "call_off"
    ADD_SENIOR = "add_senior"
    SENIOR_JOINS = "senior_joins"
    DROP_SENIOR = "drop_senior"
    LOSE_SENIOR = "lose_senior"
    REASSIGN = "reassign"
    TAKE_OVER = "take_over"
    STAY = "stay"
    TAKE_PLACE = "take_place"
    MISS = "miss"


class Who(StrEnum):
    """On whose behalf something happens; the service itself acts for what calendars and clocks say.

    SENIOR is who was brought into this call; of their own calls they are the SPECIALIST.
    """

    CONTACT = "contact"
    SPECIALIST = "specialist"
    SENIOR = "senior"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


class When(Enum):
    """Against the call's start: before it, after it, or at any time."""

    AHEAD = auto()
    BEGUN = auto()
    ANY = auto()


class Notice(Enum):
    """Which of the call's own notices a contact has to keep; the others may until it begins."""

    NONE = auto()
    MOVE = auto()
    CANCEL = auto()


class Time(Enum):
    """What becomes of the time that is taken.

    KEEP: as it is. TAKE: a new one. BOTH: the old one and the new one. OLD: only the old one again. NEW: only
    the new one. FREE: none, at the commit.
    """

    KEEP = auto()
    TAKE = auto()
    BOTH = auto()
    OLD = auto()
    NEW = auto()
    FREE = auto()


class If(Enum):
    """When somebody is told.

    PROMISED: the call had been confirmed to its contact. UNTOLD: and no invitation has gone out since its
    last change, which tells them the same. UNPROMISED: it had not. UNPROMISED_BY_OTHERS: nor
    was it the contact's own doing. KNOWS_OF_CLASH: they heard of the clash. WISH_OVERTAKEN: a new time that
    they asked for cannot be had. PROMISED_WISH_OVERTAKEN: and the old one had been confirmed.
    """

    ALWAYS = auto()
    PROMISED = auto()
    UNTOLD = auto()
    UNPROMISED = auto()
    UNPROMISED_BY_OTHERS = auto()
    KNOWS_OF_CLASH = auto()
    WISH_OVERTAKEN = auto()
    PROMISED_WISH_OVERTAKEN = auto()


@dataclass(frozen=True, slots=True)
class Tell:
    """One letter: to the guests, or ``at_home`` to the specialist; ``offers`` adds free times near it."""

    kind: Kind
    condition: If = If.ALWAYS
    at_home: bool = False
    offers: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    ``leads`` is the status before and after (None: there is no call yet), ``verb`` the fact in the audit log,
    ``raises_sequence`` whether SEQUENCE goes up (RFC 5546, 2.1.4), ``writes`` the name of the calendar work
    that follows, '' for none.
    """

    leads: Mapping[Status | None, Status | None]
    by: frozenset[Who]
    verb: str
    when: When = When.ANY
    notice: Notice = Notice.NONE
    time: Time = Time.KEEP
    raises_sequence: bool = False
    writes: str = ""
    tells: tuple[Tell, ...] = ()


class Dated(Protocol):
    """What the table looks at in a call."""

    @property
    def status(self) -> str:
        """Its status."""
        ...

    @property
    def start(self) -> datetime:
        """When it begins."""
        ...

    @property
    def move_until(self) -> datetime:
        """The last moment for its contact to move it."""
        ...

    @property
    def cancel_until(self) -> datetime:
        """The last moment for its contact to cancel it."""
        ...


class Hosted(Protocol):
    """What tells the specialist of a call from others."""

    @property
    def specialist(self) -> SpecialistProfile:
        """Its specialist."""
        ...
