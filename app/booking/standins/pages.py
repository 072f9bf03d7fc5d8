"""What the page of time off shows: plain values, every text in the reader's words."""

from dataclasses import dataclass

from app.availability.pages import DateLeaf


@dataclass(frozen=True, slots=True)
class CallInTimeOff:
    """A call to decide about: "Tue 8 Dec, 10:00–10:30", and with whom.

    ``stand_in`` is the public id of who can take it, ``stand_in_name`` their first name. ``note`` says what
    became of it so far, ``problem`` why what was just asked for cannot be.
    """

    id: str
    when: str
    who: str
    stand_in: str = ""
    stand_in_name: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TimeOffEntry:
    """A time off: whose (empty where all are the reader's own), its days, and who serves on them.

    ``is_bare``: on some of these days nobody does; ``note`` says that administrators know. ``calls``
    are to be decided about, those in ``passing`` are on their way to somebody else.
    """

    id: str
    leaf: DateLeaf
    name: str
    days: str
    served: tuple[str, ...]
    is_bare: bool
    note: str
    calls: tuple[CallInTimeOff, ...]
    passing: tuple[CallInTimeOff, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeOffPage:
    """Time off that is not over: ``after`` is where it begins, ``next_url`` shows what is further ahead."""

    entries: tuple[TimeOffEntry, ...]
    is_own: bool
    next_url: str = ""
    after: str = ""
