"""Plans a sync: what to look at, what to fetch, what to remove, and when not to believe what is seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.calendars.errors import Doubtful
from app.calendars.values import Listing, SyncPage

COMPARE_EVERY = timedelta(hours=6)
# From this many objects on, losing all of them at once is no everyday deletion.
_MANY = 3


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
    """Full at first and every six hours, because servers lie about tokens; else the cheapest there is."""
    if mark.compared_at is None or now - mark.compared_at >= COMPARE_EVERY:
        return Look.FULL
    if mark.token:
        return Look.CHANGES
    return Look.CTAG if mark.ctag else Look.FULL


def is_quiet(mark: Mark, page: SyncPage) -> bool:
    """Whether the page says that nothing happened, so that the known objects need not be looked at."""
    return not page.changed and not page.removed and not is_backwards(mark.token or "", page.token)


def plan_changes(known: Mapping[str, str], mark: Mark, page: SyncPage) -> Plan | None:
    """The plan for a page of changes; None when the page is odd and a full comparison has to decide.

    Odd are: a token that went backwards (a restored or re-created calendar), a list of everything (the
    answer of some servers to a bad token), and removals that leave little or nothing.
    """
    if is_backwards(mark.token or "", page.token):
        return None
    if len(known) >= _MANY and known.keys() <= {href for href, _ in page.changed}:
        return None
    removed = tuple(href for href in dict.fromkeys(page.removed) if href in known)
    if len(removed) >= _MANY and 2 * len(removed) > len(known):
        return None
    news = {href: etag for href, etag in page.changed if _is_news(known, href, etag)}
    fetch = tuple(href for href in news if href not in set(page.removed))
    return Plan(fetch, removed, Mark(page.token, mark.ctag, mark.compared_at))


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
