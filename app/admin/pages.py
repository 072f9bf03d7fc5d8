"""What the administrator's overview shows: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import CalendarState, Presence
from app.booking.exporting.values import ContactItem


@dataclass(frozen=True, slots=True)
class SpecialistRow:
    """A specialist with their calendar's state; ``companies`` is a list in words."""

    name: str
    initials: str
    presence: Presence | None
    companies: str
    calendar: CalendarState


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
class OverviewPage:
    """Calendars and coming calls; ``mailbox`` says since when answers to invitations cannot be read."""

    specialists: tuple[SpecialistRow, ...]
    calls: tuple[ComingCall, ...]
    mailbox: str = ""
    mailbox_said: str = ""


@dataclass(frozen=True, slots=True)
class ErasePage:
    """Asks once more before somebody is erased; with calls ahead (their references) it cannot be done yet."""

    contact: ContactItem
    calls: tuple[str, ...]
