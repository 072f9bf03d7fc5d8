"""What the parts of this package and its users hand to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.lib.intervals import Interval
from app.lib.packed import PackedIntervals


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
    """A calendar for events, as discovery shows it."""

    href: str
    name: str
    can_write: bool


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an account holds; ``homes`` are the collections in which calendars are made."""

    homes: tuple[str, ...]
    addresses: tuple[str, ...]
    calendars: tuple[FoundCalendar, ...]


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
