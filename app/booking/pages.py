"""What the booking pages show: plain values, every text already in the reader's words, zone and language.

An empty string means that the page leaves the line out. Addresses are ready for ``href`` and ``action``.
"""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import DateLeaf, Person, Problem, When
from app.booking.choices import LengthChoice, LengthOption, QuestionField, ZoneLine
from app.booking.questions import Answer

# A call's state as readers are told it.
Status = Literal["pending", "confirmed", "cancelled", "clash", "declined", "took_place", "no_show"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to choose: ``start`` RFC 3339 in UTC, ``time`` "15:30", ``service`` "11:30 CET" or empty."""

    start: str
    time: str
    service: str


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the day with free times; ``name`` is "Afternoon" in the reader's language."""

    key: Literal["night", "morning", "afternoon", "evening"]
    name: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week view.

    ``iso`` "2026-11-24", ``weekday`` "Tue", ``date`` "24 Nov", ``number`` "24", ``spoken`` the part of a
    slot's name for screen readers ("on Tuesday 24 November"), ``free`` "7 free", ``count`` the same as a
    number, ``reason`` why there are no times, ``with_whom`` "with Rita" where it is not the page's person.
    """

    iso: str
    weekday: str
    date: str
    number: str
    spoken: str
    free: str
    count: int
    bands: tuple[Band, ...] = ()
    reason: str = ""
    with_whom: str = ""


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A call type to choose; ``url`` opens the same page with it."""

    slug: str
    name: str
    detail: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EmptyWeek:
    """Why a week has no times, and the button that leads to the next ones."""

    title: str
    reason: str
    next_label: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Other ways to reach somebody when no time can be shown."""

    email: str = ""
    phone: str = ""
    standard_chat_url: str = ""
    standard_email: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """No times at all: ``title`` and ``reason`` say why and since when."""

    title: str
    reason: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Moving:
    """The call that the chosen time would move."""

    id: str
    name: str
    when: When


@dataclass(frozen=True, slots=True)
class StandingLine:
    """Who stands in and until when; where nobody does, the next time after that and the page of its week."""

    text: str
    next_time: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The booking page, and with ``moving`` the page that finds a new time for a call.

    ``action`` is where a chosen slot is posted (with ``call_type``, ``length``, ``zone``, ``topic``);
    ``length`` (minutes) is there when there is a choice; ``problem`` says why the time chosen before could
    not be had; ``as_of`` tells the age of the times when the calendar is away; ``clock_change`` names one of
    this week; ``senior`` is who is brought in (``asks_senior``), ``senior_url`` the page with or without.
    """

    specialist: Person
    call_types: tuple[TypeChoice, ...]
    call_type: str
    title: str
    badge: str
    previous_url: str
    next_url: str
    zone: ZoneLine
    week: str
    action: str
    days: tuple[Day, ...] = ()
    empty: EmptyWeek | None = None
    closed: Closed | None = None
    moving: Moving | None = None
    problem: str = ""
    as_of: str = ""
    clock_change: str = ""
    zone_changed: bool = False
    lengths: tuple[LengthChoice, ...] = ()
    length: str = ""
    senior: Person | None = None
    asks_senior: str = ""
    senior_url: str = ""
    topic: str = ""
    standing: StandingLine | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A near free time: ``start`` RFC 3339 in UTC, ``specialist`` who was shown to take it (a public id)."""

    start: str
    day: str
    time: str
    service: str
    with_whom: str = ""
    specialist: str = ""


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """The last step before a call is booked.

    The form carries ``hold``, ``key``, ``call_type`` (``slug``), ``specialist`` (``specialist_id``),
    ``length`` (``minutes``, where there is a choice) and ``start`` (of ``when``) on. ``state`` "taken" and
    "expired" come with alternatives as radios of the name ``start``, ``lengths`` are radios too; problems of
    "gone" and "length" say why. ``kept_until`` is when the hold ends, ``repeat_url`` leads to a series.
    """

    hold: str
    key: str
    slug: str
    when: When
    specialist: Person
    specialist_id: str
    call_type: str
    length: str
    email: str
    all_times_url: str
    state: Literal["held", "taken", "expired"] = "held"
    alternatives: tuple[Alternative, ...] = ()
    problems: tuple[Problem, ...] = ()
    kept_until: str = ""
    minutes: str = ""
    ways: tuple[str, ...] = ("video", "phone")
    questions: tuple[QuestionField, ...] = ()
    repeat_url: str = ""
    senior: str = ""
    lengths: tuple[LengthOption, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact of a call's past: "Tue 24 Nov, 14:12", "Booked by you"."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A call's place in its series: "Call 2 of 6 in a series"."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class BookingPage:
    """One call in whatever state.

    ``is_new`` right after booking or moving; ``new_time`` while a move waits for the calendar;
    ``with_name`` and ``with_detail`` are the other side (specialist and title, or contact and company);
    ``way`` how they talk and ``way_url`` the room; ``ended`` when and by whom it was cancelled or declined;
    ``change_words`` until when it may be moved and cancelled, ``reminders`` those to come, ``is_over`` once
    its time is over; ``note`` is what the specialist wrote about it, ``can_mark`` whether the viewer may say
    what became of it. ``can_invite`` while colleagues can be added and taken off. ``team`` names for our side
    who takes part, when it is more than one; ``senior`` what can be done about the senior, '' for nothing.
    """

    id: str
    reference: str
    status: Status
    when: When
    with_name: str
    with_first_name: str
    with_detail: str
    call_type: str
    length: str
    way: str
    way_url: str
    topic: str
    email: str
    viewer: Literal["contact", "specialist"]
    is_new: bool = False
    is_over: bool = False
    new_time: When | None = None
    can_move: bool = False
    can_cancel: bool = False
    change_words: str = ""
    reminders: str = ""
    join_url: str = ""
    join_opens: str = ""
    ended: str = ""
    again_url: str = ""
    alternatives: tuple[Alternative, ...] = ()
    alternatives_type: str = ""
    can_invite: bool = False
    history: tuple[HistoryLine, ...] = ()
    series: SeriesLine | None = None
    note: str = ""
    can_mark: bool = False
    answers: tuple[Answer, ...] = ()
    team: str = ""
    senior: Literal["", "add", "drop", "leave"] = ""


@dataclass(frozen=True, slots=True)
class MoveConfirmPage:
    """Old and new time side by side, before a move; "taken" and "expired" as on the details page."""

    id: str
    hold: str
    key: str
    name: str
    old: When
    new: When
    specialist: Person
    all_times_url: str
    state: Literal["held", "taken", "expired"] = "held"
    alternatives: tuple[Alternative, ...] = ()
    problems: tuple[Problem, ...] = ()
    senior: str = ""
    senior_name: str = ""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list; ``day`` "Today" or "Fri 27 Nov", ``status`` as of the booking."""

    id: str
    leaf: DateLeaf
    title: str
    day: str
    time: str
    service: str
    length: str
    status: Status
    can_change: bool


@dataclass(frozen=True, slots=True)
class CallsPage:
    """A contact's calls."""

    upcoming: tuple[CallRow, ...]
    past: tuple[CallRow, ...]
