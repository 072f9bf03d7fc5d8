"""Plans a sync: what to look at, what to fetch, what to remove, and when not to believe what is seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.calendars.errors import Doubtful
from app.calendars.values import Listing, SyncPage

COMPARE_EVERY = timedelta(hours=6)
# Where the ctag is all there is: on SOGo it stays where it was after a DELETE, and moves by whole seconds.
COMPARE_CTAG_EVERY = timedelta(minutes=10)
BELIEVE_EMPTY_AFTER = timedelta(minutes=10)
# From this many objects on, losing all of them at once is no everyday deletion.
_MANY = 3
_SKEW = timedelta(seconds=60)


# In place of the ctag of a calendar that has a token: we wrote into it since that token was given.
WRITTEN = "written"


class Look(StrEnum):
    """How to ask a calendar what is new."""

    CHANGES = "changes"
    CTAG = "ctag"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the last look at a calendar ended; ``compared_at`` is that of the last full comparison."""

    token: str | None
    ctag: str | None
    compared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What brings the replica in step: hrefs to fetch, hrefs to remove, and the mark afterwards."""

    fetch: tuple[str, ...]
    remove: tuple[str, ...]
    mark: Mark


def next_look(mark: Mark, now: datetime) -> Look:
    """Full at first and every six hours, because servers lie about tokens; else the cheapest there is.

    SabreDAV takes a token of a calendar that was deleted and made again, SabreDAV and SOGo one "from the
    future", both with an empty answer: no oddity shows it (measured), only the comparison does.
    """
    every = COMPARE_EVERY if mark.token else COMPARE_CTAG_EVERY
    # A comparison that lies ahead was made while the clock was wrong.
    if mark.compared_at is None or not mark.compared_at - _SKEW <= now < mark.compared_at + every:
        return Look.FULL
    if mark.token:
        return Look.CHANGES
    return Look.CTAG if mark.ctag else Look.FULL


def is_quiet(mark: Mark, page: SyncPage) -> bool:
    """Whether the page says that nothing happened, so that the known objects need not be looked at."""
    return not page.changed and not page.removed and not _is_odd(mark, page)


def after_changes(mark: Mark, page: SyncPage) -> Mark:
    """The mark once the page is taken in."""
    return Mark(page.token, None if mark.ctag == WRITTEN else mark.ctag, mark.compared_at)


def _is_odd(mark: Mark, page: SyncPage) -> bool:
    """Whether the token went backwards, or stood still although we wrote.

    Xandikos' token is a digest of the calendar: somebody who takes our change back brings the old token
    back as well, and nothing seems to have happened.
    """
    return is_backwards(mark.token or "", page.token) or (mark.ctag == WRITTEN and page.token == mark.token)


def plan_changes(known: Mapping[str, str], count: int, mark: Mark, page: SyncPage) -> Plan | None:
    """The plan for a page of changes; None when the page is odd and a full comparison has to decide.

    ``known`` needs to hold those objects alone that the page names, ``count`` is how many there are in all.

    Odd are: a token that went backwards (a restored or re-created calendar) or stood still after our own
    write, a list of everything (DAViCal's and SOGo's answer to a bad token: a 207 without any removals), and
    removals that leave little or nothing.
    What is reported without having changed is no news: SOGo repeats all of the last second, DAViCal more.
    """
    if _is_odd(mark, page):
        return None
    if count >= _MANY and count == len(known.keys() & {href for href, _ in page.changed}):
        return None
    removed = tuple(href for href in dict.fromkeys(page.removed) if href in known)
    if len(removed) >= _MANY and 2 * len(removed) > count:
        return None
    news = {href: etag for href, etag in page.changed if _is_news(known, href, etag)}
    fetch = tuple(href for href in news if href not in set(page.removed))
    return Plan(fetch, removed, after_changes(mark, page))


def plan_listing(known: Mapping[str, str], mark: Mark, listing: Listing, now: datetime) -> Plan:
    """The plan for a full comparison by ETags.

    Raises Doubtful (``no_calendar``, ``emptied``, ``another``) when what stands there looks like anything
    but the calendar that was read before; the first look at a calendar believes what it sees.
    """
    if not listing.is_calendar:
        raise Doubtful("no_calendar")
    if mark.compared_at is not None and len(known) >= _MANY and not known.keys() & listing.etags.keys():
        raise Doubtful("another" if listing.etags else "emptied")
    fetch = tuple(href for href, etag in listing.etags.items() if _is_news(known, href, etag))
    remove = tuple(href for href in known if href not in listing.etags)
    return Plan(fetch, remove, Mark(listing.token, listing.ctag, now))


def check_file(before: str, after: str, emptied_since: datetime | None, now: datetime) -> None:
    """Whether a calendar file's new text can be believed.

    A file is made anew by some program at each request, so a sudden lack of all events is first taken for
    that program's mistake: only what has stayed empty for ten minutes, ``emptied_since`` the first such
    look, is believed (nobody could tell us otherwise that it is meant). Raises Doubtful (``emptied``).
    """
    if _events(after) or _events(before) < _MANY:
        return
    if emptied_since is None or now - emptied_since < BELIEVE_EMPTY_AFTER:
        raise Doubtful("emptied")


def file_mark(etag: str, modified: str, digest: str, now: datetime) -> Mark:
    """The mark of a calendar file: what a conditional request needs, and a digest of the text."""
    return Mark(None, "\n".join((etag, modified, digest)), now)


def file_validators(mark: Mark) -> tuple[str, str, str]:
    """ETag, Last-Modified and digest of a calendar file's mark, '' for what is not known."""
    etag, modified, digest = ((mark.ctag or "").split("\n") + ["", "", ""])[:3]
    return etag, modified, digest


def _events(text: str) -> int:
    return text.upper().count("BEGIN:VEVENT")


def is_backwards(before: str, after: str) -> bool:
    """Whether two sync-tokens that end in numbers (``…/sync/41``) run backwards; others never do."""
    stem_before, number_before = _split(before)
    stem_after, number_after = _split(after)
    if number_before is None or number_after is None or stem_before != stem_after:
        return False
    return number_after < number_before


def _split(token: str) -> tuple[str, int | None]:
    stem = token.rstrip("0123456789")
    digits = token[len(stem) :]
    # A hash may end in digits: only a separator before them makes them a counter.
    is_counter = bool(digits) and len(digits) < 19 and (not stem or not stem[-1].isalnum())
    return stem, int(digits) if is_counter else None


def _is_news(known: Mapping[str, str], href: str, etag: str) -> bool:
    return not etag or known.get(href) != etag
