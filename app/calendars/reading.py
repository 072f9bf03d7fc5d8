"""Carries a plan out against a server: one calendar's look, from the question to the fetched objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.calendars.errors import BadAnswer, Doubtful, Gone, NoRight, TokenRefused
from app.calendars.reconcile import Look, Mark, Plan, is_quiet, next_look, plan_changes, plan_listing
from app.calendars.values import CalendarServer, Fetched, Listing, SyncPage

_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What a complete look at one calendar brought; ``known`` are the ETags that it was compared with."""

    mark: Mark
    fetched: tuple[Fetched, ...] = ()
    removed: tuple[str, ...] = ()
    known: Mapping[str, str] | None = None


def read_calendar(
    server: CalendarServer, href: str, mark: Mark, known: Callable[[], Mapping[str, str]], now: datetime
) -> Reading:
    """Look at a calendar and fetch what is new; ``known`` gives the replica's ETags when they are needed.

    Raises CalendarTrouble when the look was not complete: then nothing of it may be used.
    """
    try:
        look = next_look(mark, now)
        if look is Look.CTAG and server.ctag(href) == mark.ctag:
            return Reading(mark)
        if look is Look.CHANGES:
            page = _changes(server, href, mark)
            if page is not None and is_quiet(mark, page):
                return Reading(Mark(page.token, mark.ctag, mark.compared_at))
            etags = known()
            plan = None if page is None else plan_changes(etags, mark, page)
        else:
            etags, plan = known(), None
        return _carry_out(server, href, etags, plan or plan_listing(etags, mark, _listing(server, href), now))
    except (Gone, NoRight) as error:
        raise Doubtful(error.reason or "gone") from error


def _listing(server: CalendarServer, href: str) -> Listing:
    """The full listing, with a token where the server has the report but not the property (RFC 6578, 4)."""
    listing = server.etags(href)
    if listing.token is not None:
        return listing
    try:
        page = server.sync(href, "")
    except (TokenRefused, NoRight):
        return listing
    if page.is_truncated:
        return listing
    # What was created between the two answers is in the second.
    etags = {**listing.etags, **dict(page.changed)}
    return Listing(etags, listing.is_calendar, page.token, listing.ctag)


def _changes(server: CalendarServer, href: str, mark: Mark) -> SyncPage | None:
    """All pages since the mark as one; None when the token is not taken."""
    changed: list[tuple[str, str]] = []
    removed: list[str] = []
    token = mark.token or ""
    try:
        for _ in range(_MOST_PAGES):
            page = server.sync(href, token)
            changed += page.changed
            removed += page.removed
            if not page.is_truncated or page.token == token:
                is_cut = page.is_truncated
                return None if is_cut else SyncPage(tuple(changed), tuple(removed), page.token)
            token = page.token
    except TokenRefused:
        return None
    raise BadAnswer("endless sync")


def _carry_out(server: CalendarServer, href: str, known: Mapping[str, str], plan: Plan) -> Reading:
    fetched = {item.href: item for item in server.multiget(href, plan.fetch)} if plan.fetch else {}
    removed = list(plan.remove)
    for missing in plan.fetch:
        if missing in fetched:
            continue
        # Several servers leave out what they cannot give: only a GET tells "gone" from "not given".
        item = server.get(missing)
        if item is not None:
            fetched[missing] = item
        elif missing in known:
            removed.append(missing)
    return Reading(plan.mark, tuple(fetched.values()), tuple(removed), known)
