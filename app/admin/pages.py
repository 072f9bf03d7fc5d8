"""What the administrator's overview shows: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import CalendarState
from app.booking.exporting.values import ContactItem


@dataclass(frozen=True, slots=True)
class SpecialistRow:
    """A specialist with their calendar's state and what to do about it; ``companies`` is a list in words."""

    name: str
    initials: str
    companies: str
    calendar: CalendarState
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ComingCall:
    """A call that lies ahead, in the administrator's zone; ``note``: what keeps it from the calendar."""

    id: str
    day: str
    span: str
    company: str
    contact: str
    specialist: str
    call_type: str
    status: Literal["pending", "confirmed"]
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """What the service could not do; with a ``kind`` it can be tried again by its ``key``."""

    title: str
    detail: str
    kind: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ClockCount:
    """How many clocks or requests stand so; ``show`` is the filter of the list that holds them, if any."""

    name: str
    count: int
    show: str | None
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class ConcernList:
    """Companies with one concern, the first of ``count``."""

    title: str
    rows: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What to look at, today's promises, calendars and the next calls.

    ``mailbox`` says since when answers to invitations cannot be read; ``next_call`` is where the list of
    all coming calls goes on, empty when these are all.
    """

    specialists: tuple[SpecialistRow, ...]
    calls: tuple[ComingCall, ...]
    jobs: tuple[FailedJob, ...] = ()
    concerns: tuple[ConcernList, ...] = ()
    today: tuple[tuple[str, str], ...] = ()
    clocks: tuple[ClockCount, ...] = ()
    mailbox: str = ""
    mailbox_said: str = ""
    next_call: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ComingPage:
    """A page of the calls ahead."""

    calls: tuple[ComingCall, ...]
    next_call: str = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class ErasePage:
    """Asks once more before somebody is erased; with calls ahead (their references) it cannot be done yet."""

    contact: ContactItem
    calls: tuple[str, ...]
