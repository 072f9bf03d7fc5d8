"""What the page of time off shows: plain values, every text in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import DateLeaf


@dataclass(frozen=True, slots=True)
class CallInTimeOff:
    """A call to decide about: "Tue 8 Dec, 10:00–10:30", and with whom."""

    id: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class TimeOffEntry:
    """A time off: whose (empty where all are the reader's own), its days, and who serves on them.

    ``is_bare``: on some of these days nobody does; ``note`` says that administrators know.
    """

    id: str
    leaf: DateLeaf
    name: str
    days: str
    served: tuple[str, ...]
    is_bare: bool
    note: str
    calls: tuple[CallInTimeOff, ...]


@dataclass(frozen=True, slots=True)
class TimeOffPage:
    """Time off that is not over; ``next_url`` shows those further ahead."""

    entries: tuple[TimeOffEntry, ...]
    is_own: bool
    next_url: str = ""
