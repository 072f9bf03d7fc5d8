"""What the parts of this package and its users hand to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.lib.intervals import Interval
from app.lib.packed import PackedIntervals

# What a calendar row stands for (Calendar.source), and the hrefs of the two that have no path of their own.
COLLECTION, PROPERTY, FILE, KEPT = "collection", "property", "file", "kept"
KEPT_HREF, FILE_HREF = "kept:hours", "file:calendar"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An object as the server gave it; ``etag`` is empty when the server did not tell."""

    href: str
    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class SyncPage:
    """The answer to a sync-collection report (RFC 6578): (href, etag) of what changed, hrefs removed."""

    changed: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    token: str
    is_truncated: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """All objects of a collection by a PROPFIND, with what the collection says of itself."""

    etags: Mapping[str, str]
    is_calendar: bool
    token: str | None
    ctag: str | None


@dataclass(frozen=True, slots=True)
class FoundCalendar:
    """A calendar, as discovery shows it; ``zone`` is its own (IANA), '' when not told.

    ``holds_events`` is False for a collection of availabilities (VAVAILABILITY) alone, and for a
    subscription that the server lists without serving its events: ``source`` is the address of its file.
    """

    href: str
    name: str
    can_write: bool
    is_shared: bool = False
    is_subscribed: bool = False
    zone: str = ""
    holds_events: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class FoundAvailability:
    """A resource that has the calendar-availability property (RFC 7953, 7.2.2), with its text."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an account holds; ``homes`` are the collections in which calendars are made.

    ``availability`` is where the owner's availability stands, None when nowhere; ``availability_hrefs`` are
    the resources that may hold it, best first (scheduling inbox, home, principal). ``default_href`` is the
    calendar that the server itself would put events into (RFC 6638, 9.2), '' when not told, and
    ``principal`` the path of the owner, '' when the server names none.
    """

    homes: tuple[str, ...]
    addresses: tuple[str, ...]
    calendars: tuple[FoundCalendar, ...]
    availability: FoundAvailability | None = None
    availability_hrefs: tuple[str, ...] = ()
    default_href: str = ""
    principal: str = ""


class CalendarServer(Protocol):
    """What reading and writing need; CalDavClient is one, the tests' fake another.

    Every method may raise CalendarTrouble; hrefs are paths on the account's origin.
    """

    def sync(self, href: str, token: str) -> SyncPage:
        """What changed since the token ('' for everything). Raises TokenRefused."""

    def ctag(self, href: str) -> str | None:
        """The collection's tag, None when the server has none."""

    def etags(self, href: str) -> Listing:
        """The full comparison's side of the server."""

    def multiget(self, href: str, hrefs: Sequence[str]) -> list[Fetched]:
        """Whole objects; those that are not there are left out."""

    def get(self, href: str) -> Fetched | None:
        """One object, None when it is not there."""

    def put(self, href: str, text: str, *, etag: str | None) -> str:
        """Create (None) or change (only the version with that ETag); the new ETag, '' when not told."""

    def delete(self, href: str, etag: str | None) -> None:
        """Delete, with an ETag only that version."""

    def availability(self, href: str) -> str | None:
        """The calendar-availability property of a resource, None when it has none."""

    def set_availability(self, href: str, text: str) -> None:
        """Replace that property; whether the server kept it is told by reading it back alone."""


@dataclass(frozen=True, slots=True)
class OwnSpan:
    """An occurrence of an event that we wrote."""

    uid: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A person's calendars over a span, from the replica.

    ``as_of`` is when all chosen calendars were last read completely (None: never); ``covered`` is where the
    picture holds: outside it nothing is known. ``busy`` leaves out our own events, which are in ``own``.
    """

    as_of: datetime | None
    state: str
    since: datetime
    busy: PackedIntervals
    working: tuple[Interval, ...]
    time_off: tuple[Interval, ...]
    own: tuple[OwnSpan, ...]
    covered: Interval


@dataclass(frozen=True, slots=True)
class Standing:
    """An object as the replica has it, and the calendar that it stands in."""

    account_id: int
    calendar_id: int
    calendar_href: str
    receives_bookings: bool
    href: str
    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """A calendar of an account for its owner; ``problem_count`` objects in it cannot be read wholly.

    ``can_write`` and ``holds_events`` are as discovery found them (see FoundCalendar).
    """

    id: int
    href: str
    name: str
    source: str
    purpose: str
    receives_bookings: bool
    problem_count: int
    can_write: bool = True
    holds_events: bool = True


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account for its owner, never with a secret: of a subscription ``url`` is the origin alone.

    ``in_step_at`` is when all of it was last read completely (None: never); the state's words,
    ``invites_guests`` and ``is_quiet`` are the model's.
    """

    id: int
    kind: str
    name: str
    url: str
    username: str
    state: str
    state_detail: str
    state_since: datetime
    in_step_at: datetime | None
    calendars: tuple[CalendarChoice, ...]
    invites_guests: bool = False
    is_quiet: bool | None = None


@dataclass(frozen=True, slots=True)
class ObjectProblem:
    """An object that could not be read wholly, for its owner's eyes alone."""

    account_id: int
    calendar: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A calendar file's answer: ``text`` is None when it has not changed; validators are '' when not told."""

    etag: str
    modified: str
    text: str | None
