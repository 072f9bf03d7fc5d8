"""What the pages about people and hours show: plain values, every text already in the reader's words.

Times are written in the reader's zone unless a field says otherwise. An empty string means that the page
leaves the line out.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right; ``field`` is the id of the control that the error summary links to."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a specialist can be reached now; ``text`` is like "In now, until 21:00 (17:00 CET)"."""

    state: Literal["in", "on_call", "away", "unknown"]
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A specialist as customers see them; ``role`` is the job title."""

    name: str
    first_name: str
    initials: str
    role: str
    presence: Presence | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A span of time in words.

    ``day`` "Wednesday 25 November", ``span`` "18:00–18:30", ``zone`` "Almaty time, UTC+5", ``service``
    "14:00–14:30 CET" or empty when both zones agree, ``starts_at`` RFC 3339 in UTC for machines.
    """

    day: str
    span: str
    zone: str
    service: str
    starts_at: str


@dataclass(frozen=True, slots=True)
class DateLeaf:
    """The small calendar leaf beside a list entry: "Tue", "24", "Nov"; a span writes "–11" in ``bottom``."""

    top: str
    number: str
    bottom: str


@dataclass(frozen=True, slots=True)
class CalendarState:
    """How the copy of the calendar stands; ``text`` is like "In step, 10:11"."""

    state: Literal["ok", "warn", "bad"]
    text: str


@dataclass(frozen=True, slots=True)
class HoursRange:
    """One range of a working day as typed; its controls are ``{day}-{index}-start`` and ``-end``."""

    index: int
    start: str
    end: str
    problem: str = ""
    problem_at: Literal["start", "end"] = "end"


@dataclass(frozen=True, slots=True)
class HoursDay:
    """A weekday of the editor; ``key`` is mon … sun, ``total`` "7 h"."""

    key: str
    name: str
    is_working: bool
    ranges: tuple[HoursRange, ...]
    total: str


@dataclass(frozen=True, slots=True)
class PreviewSlot:
    """A start in the preview; ``reason`` says in words why it is not offered, empty when it is."""

    time: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """A day of the preview, "Mon 30"; ``note`` stands where there are no slots."""

    name: str
    slots: tuple[PreviewSlot, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What customers will see next week with the hours as typed; ``title`` names week, type and zone."""

    title: str
    days: tuple[PreviewDay, ...]
    warning: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class TimeOffRow:
    """One time off or holiday; only what our editor may delete is removable."""

    id: str
    leaf: DateLeaf
    title: str
    detail: str
    is_removable: bool


@dataclass(frozen=True, slots=True)
class TimeOffForm:
    """What was typed into the time off form; days are ISO dates.

    ``stand_in`` is the chosen one's public id, empty for the usual one.
    """

    first_day: str = ""
    last_day: str = ""
    title: str = ""
    problems: tuple[Problem, ...] = ()
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class StandInChoice:
    """Somebody who can stand in; the one without an id is the usual one."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class HoursPage:
    """The availability editor.

    ``version`` is the sealed or hashed state that the form was made from, sent back on saving. ``outcome``
    is what became of the last save and ``outcome_kind`` its colour ("ok", "info" while the calendar has
    not answered yet, "bad"). ``others`` are the titles of hours that the form cannot show and leaves alone.
    ``place`` says where the hours live and what that means. ``stand_ins`` are those to choose from for time
    off, ``unknown_stand_ins`` names in the calendar that are nobody's.
    """

    zone: str
    calendar: CalendarState
    days: tuple[HoursDay, ...]
    total: str
    version: str
    preview: Preview
    time_off: tuple[TimeOffRow, ...]
    time_off_form: TimeOffForm = TimeOffForm()
    problems: tuple[Problem, ...] = ()
    outcome: str = ""
    outcome_kind: Literal["ok", "info", "bad"] = "ok"
    others: tuple[str, ...] = ()
    place: str = ""
    stand_ins: tuple[StandInChoice, ...] = ()
    unknown_stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictDay:
    """A weekday in both states, "09:00–12:30, 13:30–17:00" or "Not working"."""

    name: str
    mine: str
    theirs: str
    is_different: bool


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Hours that were edited elsewhere meanwhile; ``fields`` carries the form on as hidden controls."""

    days: tuple[ConflictDay, ...]
    version: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """A coming call as its specialist sees it; ``theirs`` is "19:00 for them", empty when equal.

    ``team`` are all who take part for our side, empty when it is the specialist alone.
    """

    id: str
    company: str
    contact: str
    span: str
    theirs: str
    call_type: str
    topic: str
    status: Literal["pending", "confirmed"]
    team: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """A day with calls, "Tue 24 Nov"."""

    title: str
    is_today: bool
    calls: tuple[ScheduledCall, ...]


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """A specialist's coming calls by day."""

    days: tuple[ScheduleDay, ...]
    calendar: CalendarState
    presence: Presence | None
    zone: str
