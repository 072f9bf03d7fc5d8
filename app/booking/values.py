"""What the booking package hands out: call types, calls, holds, feeds, and the request for a call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.availability.offer import Offer
from app.availability.slots import SlotRules
from app.booking.lifecycle import is_active
from app.booking.questions import Answer, Question
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.lib.intervals import Interval
from app.lib.wording import in_language

VIDEO = "video"
PHONE = "phone"
# Bring in whichever senior there is.
ANY_SENIOR = "1"

# What a private calendar link shows: its owner's calls, or when their specialist is in.
CALLS, PRESENCE = "calls", "presence"


@dataclass(frozen=True, slots=True)
class CallTypeValue:
    """A kind of call; ``names`` and ``hints`` by language, ``open_cap`` calls ahead a company (0: no limit).

    ``rules.length`` is the first of ``lengths``, or the one that was chosen. ``ways`` are ``video`` and
    ``phone``; ``video_link`` a template or a room, empty for the specialist's own. ``reminders`` are minutes
    before the start. ``changes`` say by specialist what is different in whose calls: columns of the call
    type, which only ``app.booking.rules.effective`` reads.
    """

    id: int
    slug: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    rules: SlotRules
    move_notice: timedelta
    cancel_notice: timedelta
    reminders: tuple[int, ...]
    open_cap: int
    lengths: tuple[timedelta, ...] = ()
    ways: tuple[str, ...] = (VIDEO, PHONE)
    video_link: str = ""
    questions: tuple[Question, ...] = ()
    is_active: bool = True
    changes: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """The name in a language, else in English."""
        return in_language(self.names, language)

    def hint(self, language: str) -> str:
        """What the kind is for, in a language, else in English; may be empty."""
        return in_language(self.hints, language)


@dataclass(frozen=True, slots=True)
class Share:
    """One person's times in a span of whole days (service zone); ``served`` is why they are theirs.

    None for a call that moves, which keeps its person.
    """

    span: Interval
    specialist: SpecialistProfile
    rules: SlotRules
    offer: Offer
    served: Served | None = None

    @property
    def is_nobodys(self) -> bool:
        """Whether nobody serves on these days."""
        return self.served is not None and self.served.by is None


@dataclass(frozen=True, slots=True)
class OpenTimes:
    """Whose time is offered today, by which rules and up to which day, and the times of all days.

    With ``senior`` those in which both are free. ``shares`` are the same times by whom they are with, in
    order; where somebody stands in there are several.
    """

    specialist: SpecialistProfile
    rules: SlotRules
    offer: Offer
    last_day: date | None
    senior: SpecialistProfile | None = None
    shares: tuple[Share, ...] = ()

    def person_at(self, start: datetime) -> SpecialistProfile:
        """Whom a call that begins then is with."""
        found = (share for share in self.shares if share.span.start <= start < share.span.end)
        return next((share.specialist for share in found), self.specialist)


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Which of the ``total`` calls of a series (its public id) a call is, by their first times; from 1."""

    public_id: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class CallValue:
    """Everything that a page, a mail, a feed or the API shows of a call.

    ``sequence`` is its SEQUENCE, ``written_sequence`` the one that the calendar has (None: no event there);
    ``move`` is the new time while a move waits for the calendar (``start`` stays the old one until then),
    ``move_until`` and ``cancel_until`` are the last moments for its contact, ``rules`` what it was booked by.
    ``calendar_trouble`` is why the calendar does not have its last change yet (code and reason), ``asked_at``
    since when its specialist is asked whether it shall take place though it is gone from their calendar.
    ``series`` is its place among calls that were booked together, ``senior`` who was brought in besides the
    specialist, ``successor_id`` who takes it over once their calendar has it. ``reminders`` are the minutes
    before the start at which its contact is reminded, none if they do not wish.
    """

    id: int
    public_id: str
    reference: str
    status: str
    start: datetime
    end: datetime
    move: Interval | None
    sequence: int
    written_sequence: int | None
    topic: str
    way: str
    phone: str
    room_url: str
    uid: str
    call_type_id: int
    call_type_slug: str
    call_type_names: Mapping[str, str]
    contact_id: int
    contact_public_id: str
    contact_name: str
    contact_email: str
    contact_language: str
    contact_time_zone: str
    company_id: int
    company_name: str
    specialist: SpecialistProfile
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None
    move_until: datetime
    cancel_until: datetime
    rules: SlotRules
    ended_reason: str
    calendar_trouble: str = ""
    asked_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    series: SeriesPlace | None = None
    reminders: tuple[int, ...] = ()
    senior: SpecialistProfile | None = None
    successor_id: int | None = None

    @property
    def span(self) -> Interval:
        """When it takes place, without buffers."""
        return Interval(self.start, self.end)

    @property
    def people(self) -> tuple[SpecialistProfile, ...]:
        """Who takes part for us: the specialist, then the senior."""
        return (self.specialist,) if self.senior is None else (self.specialist, self.senior)

    @property
    def is_active(self) -> bool:
        """Whether it takes its specialist's time."""
        return is_active(self.status)

    @property
    def change_until(self) -> datetime:
        """The last moment at which its contact may both move and cancel it."""
        return min(self.move_until, self.cancel_until)

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def call_type_name(self, language: str) -> str:
        """The kind of call in a language, else in English."""
        return in_language(self.call_type_names, language)


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A time kept for a contact until ``expires_at``."""

    public_id: str
    call_type: CallTypeValue
    specialist: SpecialistProfile
    start: datetime
    end: datetime
    expires_at: datetime
    senior: SpecialistProfile | None = None


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What a contact asks for; ``key`` is the idempotency key, ``hold`` the public id of the kept time.

    ``length`` is in minutes, None for the call type's first; ``answers`` are by the questions' keys;
    ``senior`` brings a senior in: ANY_SENIOR, or the public id of one; empty for none. ``specialist`` is the
    public id of who was shown to take the call; empty for whoever does. ``client_address`` is where it was
    asked for from.
    """

    slug: str
    start: datetime
    topic: str
    way: str
    phone: str
    key: str
    hold: str | None = None
    length: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    senior: str = ""
    specialist: str = ""
    client_address: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FeedLinkValue:
    """A private calendar link as its owner sees it in the list; the token is shown once and not kept."""

    public_id: str
    name: str
    created_at: datetime
    kind: str = CALLS


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that was asked for and is not written yet.

    ``version`` is another whenever the bytes would be others. ``changed_at`` is None where nobody can tell.
    ``write`` gives the bytes, equal ones for an equal version.
    """

    version: str
    changed_at: datetime | None
    write: Callable[[], bytes]
