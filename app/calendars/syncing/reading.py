"""Carries a plan out against a server: one calendar's look, from the question to the fetched objects."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from app.calendars.errors import BadAnswer, CalendarTrouble, Doubtful, Gone, NoRight, NotReached, TokenRefused
from app.calendars.syncing.looking import (
    Look,
    Mark,
    after_changes,
    is_quiet,
    next_look,
    plan_changes,
    plan_listing,
)
from app.calendars.values import CalendarServer, Fetched, Listing, SyncPage

_MOST_PAGES = 200
# Bytes that the paths and ETags of all pages together may take, with what Python adds to each pair.
_MOST_NAMED, _EACH = 16 << 20, 200
# Of each report: requirement 34 allows 8 MiB an answer, and one of them at a time is in memory.
_CHUNK = 50
# So many objects in a row that cannot be fetched are the server's trouble, not theirs.
_MOST_REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What a look at one calendar found: hrefs to fetch and to remove, and the mark afterwards.

    ``known`` are the ETags of the replica that it was compared with. The mark holds only once everything in
    ``fetch`` has been fetched.
    """

    mark: Mark
    fetch: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    known: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the objects of a reading: those that came, those that are gone, those that cannot be had."""

    fetched: tuple[Fetched, ...]
    removed: tuple[str, ...]
    refused: tuple[str, ...]


class Known(Protocol):
    """The replica's side of a comparison: ETags by href."""

    def count(self) -> int:
        """How many objects there are."""

    def all(self) -> Mapping[str, str]:
        """Every object's."""

    def of(self, hrefs: Sequence[str]) -> Mapping[str, str]:
        """Those of these objects that are there."""


def read_calendar(server: CalendarServer, href: str, mark: Mark, known: Known, now: datetime) -> Reading:
    """Look at a calendar; the replica is asked only for what is needed.

    Raises CalendarTrouble when the look was not complete: then nothing of it may be used.
    """
    try:
        look = next_look(mark, now)
        if look is Look.CTAG and server.ctag(href) == mark.ctag:
            return Reading(mark)
        if look is Look.CHANGES:
            page = _changes(server, href, mark.token or "")
            if page is not None and is_quiet(mark, page):
                return Reading(after_changes(mark, page))
            if page is not None:
                etags = known.of([*(item for item, _ in page.changed), *page.removed])
                plan = plan_changes(etags, known.count(), mark, page)
                if plan is not None:
                    return Reading(plan.mark, plan.fetch, plan.remove, etags)
        etags = known.all()
        plan = plan_listing(etags, mark, _listing(server, href), now)
    except (Gone, NoRight) as error:
        raise Doubtful(error.reason or "gone") from error
    return Reading(plan.mark, plan.fetch, plan.remove, etags)


def read_property(server: CalendarServer, href: str, mark: Mark, now: datetime) -> tuple[Reading, Batch]:
    """Look at a calendar-availability property (RFC 7953, 7.2.2) as if it were a calendar of one object.

    It has no ETag: a digest of its text stands for one, and in the mark's ctag. Without the property there
    is no object, hence there are no hours. Raises CalendarTrouble.
    """
    try:
        text = server.availability(href)
    except (Gone, NoRight) as error:
        raise Doubtful(error.reason or "gone") from error
    digest = "" if text is None else digest_of(text)
    if mark.compared_at is not None and mark.ctag == digest:
        return Reading(mark), Batch((), (), ())
    after = Mark(None, digest, now)
    if text is None:
        return Reading(after, (), (href,)), Batch((), (href,), ())
    return Reading(after, (href,)), Batch((Fetched(href, digest, text),), (), ())


def digest_of(text: str) -> str:
    """What stands for an ETag where there is none."""
    return hashlib.sha256(text.encode()).hexdigest()


def _listing(server: CalendarServer, href: str) -> Listing:
    """The full listing, with the token of a report that was asked for before it.

    Never that of the collection's property (RFC 6578, 4): SOGo's is the second of the last change, and what
    else changes within that second would not be told before the next full comparison.
    """
    try:
        page = _changes(server, href, "")
    except NoRight:
        page = None
    listing = server.etags(href)
    if page is not None:
        return replace(listing, token=page.token)
    # A report that the server has and could not give is asked for again at the next look.
    return replace(listing, token=None, ctag=None if listing.token else listing.ctag)


def _changes(server: CalendarServer, href: str, token: str) -> SyncPage | None:
    """All pages since the token ('' for everything) as one; None when it is not taken, or far too long.

    No limit is ever asked for (RFC 6578, 3.7): Xandikos cuts without a word. Cyrus cuts and says so (507).
    """
    changed: list[tuple[str, str]] = []
    removed: list[str] = []
    held = 0
    try:
        for _ in range(_MOST_PAGES):
            page = server.sync(href, token)
            held += sum(len(item) + len(etag) + _EACH for item, etag in page.changed)
            held += sum(len(item) + _EACH for item in page.removed)
            if held > _MOST_NAMED:
                return None
            changed += page.changed
            removed += page.removed
            if not page.is_truncated or page.token == token:
                is_cut = page.is_truncated
                return None if is_cut else SyncPage(tuple(changed), tuple(removed), page.token)
            token = page.token
    except TokenRefused:
        return None
    raise BadAnswer("endless sync")


def fetch_objects(server: CalendarServer, href: str, reading: Reading) -> Iterator[Batch]:
    """The objects of a reading, some at a time. Raises CalendarTrouble.

    One object that the server cannot give (it may fail the whole report, or hold a megabyte) is found by
    halving the question, and stops none of the others; that it cannot give any is its own trouble.
    """
    for start in range(0, len(reading.fetch), _CHUNK):
        yield _Fetching(server, href, reading.known or {}).batch(reading.fetch[start : start + _CHUNK])


class _Fetching:
    """One batch on its way."""

    def __init__(self, server: CalendarServer, href: str, known: Mapping[str, str]) -> None:
        self.server, self.href, self.known = server, href, known
        self.fetched: list[Fetched] = []
        self.removed: list[str] = []
        self.refused: list[str] = []
        self._failures = 0

    def batch(self, hrefs: Sequence[str]) -> Batch:
        self._several(hrefs)
        return Batch(tuple(self.fetched), tuple(self.removed), tuple(self.refused))

    def _several(self, hrefs: Sequence[str]) -> None:
        try:
            found = self.server.multiget(self.href, hrefs)
        except CalendarTrouble as error:
            if not _may_be_one_object(error):
                raise
            if len(hrefs) == 1:
                self._alone(hrefs[0])
                return
            middle = len(hrefs) // 2
            self._several(hrefs[:middle])
            self._several(hrefs[middle:])
            return
        self._failures = 0
        self.fetched += found
        there = {item.href for item in found}
        for href in hrefs:
            # SabreDAV and DAViCal leave out what they cannot give: only a GET tells "gone" from "not given".
            if href not in there:
                self._alone(href)

    def _alone(self, href: str) -> None:
        try:
            item = self.server.get(href)
        except CalendarTrouble as error:
            self._failures += 1
            if not _may_be_one_object(error) or self._failures >= _MOST_REFUSALS:
                raise
            self.refused.append(href)
            return
        self._failures = 0
        if item is not None:
            self.fetched.append(item)
        elif href in self.known:
            self.removed.append(href)


def _may_be_one_object(error: CalendarTrouble) -> bool:
    """Whether an error can be about the objects that were asked for, instead of the server as a whole."""
    if isinstance(error, NotReached):
        return error.reason == "status_500"
    return isinstance(error, BadAnswer | NoRight) and error.reason != "moved"
