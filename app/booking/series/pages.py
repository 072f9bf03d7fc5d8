"""What the pages about series show: plain values, every text already in the reader's words."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import DateLeaf, Person, Problem, When
from app.booking.choices import LengthOption, QuestionField
from app.booking.pages import Status


@dataclass(frozen=True, slots=True)
class RepeatForm:
    """How often a call is repeated, as typed: ``ends`` says whether ``count`` or ``until`` counts."""

    weeks: str = "1"
    ends: Literal["count", "until"] = "count"
    count: str = "6"
    until: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatPage:
    """The page that asks how often; its form carries ``slug``, the start of ``when`` and ``zone`` on.

    ``clock`` is the city on whose clock the time stays the same. ``senior`` is who takes part as well (field
    ``senior``: ``senior_id``). ``lengths`` as in ReviewPage.
    """

    slug: str
    when: When
    zone: str
    specialist: Person
    call_type: str
    length: str
    clock: str
    form: RepeatForm
    all_times_url: str
    minutes: str = ""
    senior: str = ""
    senior_id: str = ""
    lengths: tuple[LengthOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A time to choose for one call of the series; an empty ``start`` leaves the call out.

    ``with_whom`` says it where it is not plain, ``specialist`` is their public id.
    """

    start: str
    day: str
    time: str
    service: str
    is_chosen: bool
    with_whom: str = ""
    specialist: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One planned call: a tick, or with ``options`` a choice, and why; ``field`` names its control.

    ``with_whom`` and ``specialist`` as in Option.
    """

    field: str
    start: str
    day: str
    time: str
    service: str
    is_chosen: bool
    reason: str = ""
    options: tuple[Option, ...] = ()
    with_whom: str = ""
    specialist: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Every call of a series before it is booked.

    ``every`` is "Every week", ``place`` "Times: Berlin", ``beyond`` the calls that cannot be in it and why,
    ``changes`` what clocks do to the reader's time, ``conflicts`` how many are not free, ``count`` how many
    are chosen; ``is_cut`` says that it would have gone on, ``room`` that there are more calls than the
    company may still book. ``minutes`` is the chosen length where there is a choice, ``senior`` who takes
    part as well (field ``senior``: ``senior_id``). ``specialist_id`` is that of the field ``specialist``:
    who was shown to take the calls, apart from those of ``specialist-`` and their start. With ``lengths``
    the length is to be chosen anew: a problem of the field "length" says why.
    """

    slug: str
    start: str
    zone: str
    place: str
    key: str
    form: RepeatForm
    specialist: Person
    specialist_id: str
    call_type: str
    length: str
    every: str
    email: str
    rows: tuple[PlannedRow, ...]
    beyond: tuple[str, ...]
    changes: tuple[str, ...]
    conflicts: int
    count: int
    is_cut: bool
    room: str
    repeat_url: str
    all_times_url: str
    problems: tuple[Problem, ...] = ()
    minutes: str = ""
    ways: tuple[str, ...] = ("video", "phone")
    questions: tuple[QuestionField, ...] = ()
    senior: str = ""
    senior_id: str = ""
    lengths: tuple[LengthOption, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A call of a series; ``status`` as on its own page, ``team`` who takes part when it is more than one."""

    id: str
    leaf: DateLeaf
    title: str
    day: str
    time: str
    service: str
    length: str
    status: Status
    team: str = ""


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series for its contact or its specialist.

    ``state`` changes whenever a call does. ``title`` is the news, ``rest`` are the calls that cancelling the
    rest would cancel, ``kept`` those that begin too soon for that, ``lost`` how many could not be booked.
    """

    id: str
    title: str
    with_name: str
    with_first_name: str
    call_type: str
    every: str
    place: str
    state: str
    rows: tuple[SeriesRow, ...]
    waits: bool
    viewer: Literal["contact", "specialist"]
    rest: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    lost: int = 0
    is_new: bool = False
    is_cancelled: bool = False
