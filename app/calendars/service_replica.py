"""Writes the replica: objects, their spans, the merged picture and the state of the account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.calendars.errors import CalendarTrouble, CredentialsRefused
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarPicture, CalendarSpan
from app.calendars.picture import BUSY, TENTATIVE, TIME_OFF, WORKING, Placed
from app.calendars.queries import CHOSEN, AccountRow, CalendarRow
from app.calendars.reconcile import Mark
from app.config import Settings
from app.lib.intervals import Interval
from app.lib.packed import pack

_CHUNK = 400
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(seconds=60)
# Wrong credentials tried again and again lock accounts; a new password starts the sync at once.
_REFUSED_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object to be stored; ``before`` is the ETag it had in the replica, None when it was not there.

    ``text`` None: only the spans are new, because the window has moved.
    """

    href: str
    before: str | None
    etag: str
    text: str | None
    uid: str
    placed: Placed


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Everything that one complete look at a calendar changes in the replica."""

    row: CalendarRow
    mark: Mark
    expanded: Interval
    objects: tuple[ObjectChange, ...]
    removed: tuple[tuple[str, str], ...]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has to be written for it."""
        return self.mark == self.row.mark and not self.is_visible

    @property
    def is_visible(self) -> bool:
        """Whether the person's picture can look different afterwards."""
        return bool(self.objects or self.removed) or self.expanded != self.row.expanded


def apply_changes(session: Session, account: AccountRow, changes: Sequence[CalendarChange]) -> bool:
    """Write the changes and the new picture.

    False, with nothing written, when a calendar was synced or chosen anew since the look began: look again.
    """
    marks = _current_marks(session, account.id)
    if any(marks.get(change.row.id) != (change.row.mark, change.row.purpose) for change in changes):
        return False
    for change in changes:
        if not change.is_quiet:
            _apply(session, account.person_id, change)
    if any(change.is_visible for change in changes):
        renew_picture(session, account.person_id)
    return True


def _current_marks(session: Session, account_id: int) -> dict[int, tuple[Mark, str]]:
    rows = session.execute(
        select(Calendar.id, Calendar.sync_token, Calendar.ctag, Calendar.compared_at, Calendar.purpose).where(
            Calendar.account_id == account_id
        )
    )
    return {number: (Mark(token, ctag, compared), purpose) for number, token, ctag, compared, purpose in rows}


def _apply(session: Session, person_id: int, change: CalendarChange) -> None:
    stored = _stored(session, change.row.id, [item.href for item in change.objects])
    # Whatever was written through meanwhile is younger than this look; the next one sees it.
    fresh = [item for item in change.objects if stored.get(item.href, (0, None))[1] == item.before]
    store_objects(session, person_id, change.row.id, fresh, stored)
    for start in range(0, len(change.removed), _CHUNK):
        pairs = dict(change.removed[start : start + _CHUNK])
        rows = _stored(session, change.row.id, list(pairs))
        ids = [number for href, (number, etag) in rows.items() if etag == pairs[href]]
        session.execute(delete(CalendarObject).where(CalendarObject.id.in_(ids)))
    session.execute(
        update(Calendar)
        .where(Calendar.id == change.row.id)
        .values(
            sync_token=change.mark.token,
            ctag=change.mark.ctag,
            compared_at=change.mark.compared_at,
            expanded_from=change.expanded.start,
            expanded_until=change.expanded.end,
        )
    )


def _stored(session: Session, calendar_id: int, hrefs: Sequence[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(hrefs), _CHUNK):
        rows = session.execute(
            select(CalendarObject.href, CalendarObject.id, CalendarObject.etag).where(
                CalendarObject.calendar_id == calendar_id,
                CalendarObject.href.in_(hrefs[start : start + _CHUNK]),
            )
        )
        found.update({href: (number, etag) for href, number, etag in rows})
    return found


def store_objects(
    session: Session,
    person_id: int,
    calendar_id: int,
    objects: Sequence[ObjectChange],
    stored: dict[str, tuple[int, str]] | None = None,
) -> None:
    """Insert or update objects and replace their spans; an unreadable one keeps the spans it had."""
    known = _stored(session, calendar_id, [item.href for item in objects]) if stored is None else stored
    new = [_values(calendar_id, item) for item in objects if item.href not in known]
    if new:
        session.execute(insert(CalendarObject), new)
        known = {**known, **_stored(session, calendar_id, [row["href"] for row in new])}
    inserted = {row["href"] for row in new}
    for item in objects:
        if item.href not in inserted:
            values = _values(calendar_id, item)
            session.execute(
                update(CalendarObject).where(CalendarObject.id == known[item.href][0]).values(**values)
            )
    placed = {known[item.href][0]: item.placed for item in objects if item.placed.spans is not None}
    _replace_spans(session, person_id, placed, had_none=not len(objects) - len(new))


def _values(calendar_id: int, item: ObjectChange) -> dict[str, Any]:
    if item.text is None:
        return {"problem": item.placed.problem}
    return {
        "calendar_id": calendar_id,
        "href": item.href,
        "etag": item.etag,
        "uid": item.uid,
        "text": item.text,
        "problem": item.placed.problem,
    }


def _replace_spans(session: Session, person_id: int, placed: dict[int, Placed], *, had_none: bool) -> None:
    ids = list(placed)
    for start in range(0, len(ids) if not had_none else 0, _CHUNK):
        session.execute(delete(CalendarSpan).where(CalendarSpan.object_id.in_(ids[start : start + _CHUNK])))
    rows = [
        {
            "person_id": person_id,
            "object_id": number,
            "kind": span.kind,
            "uid": span.uid,
            "is_own": span.is_own,
            "starts_at": span.start,
            "ends_at": span.end,
        }
        for number, item in placed.items()
        for span in item.spans or ()
    ]
    if rows:
        session.execute(insert(CalendarSpan), rows)


def renew_picture(session: Session, person_id: int) -> None:
    """Merge all spans of a person again and store the result; without any calendar read, remove it."""
    session.execute(delete(CalendarPicture).where(CalendarPicture.person_id == person_id))
    covered = _covered(session, person_id)
    if covered is None:
        return
    spans: dict[str, list[Interval]] = {BUSY: [], TENTATIVE: [], WORKING: [], TIME_OFF: []}
    rows = session.execute(
        select(CalendarSpan.kind, CalendarSpan.starts_at, CalendarSpan.ends_at).where(
            CalendarSpan.person_id == person_id, CalendarSpan.is_own.is_(False)
        )
    )
    for kind, start, end in rows:
        spans[kind].append(Interval(start, end))
    session.execute(
        insert(CalendarPicture).values(
            person_id=person_id,
            starts_at=covered.start,
            ends_at=covered.end,
            busy=pack(_inside([*spans[BUSY], *spans[TENTATIVE]], covered)),
            working=pack(_inside(spans[WORKING], covered)),
            time_off=pack(_inside(spans[TIME_OFF], covered)),
        )
    )


def _covered(session: Session, person_id: int) -> Interval | None:
    """What every chosen calendar was expanded over."""
    start, end, number, expanded = session.execute(
        select(
            func.max(Calendar.expanded_from),
            func.min(Calendar.expanded_until),
            func.count(Calendar.id),
            func.count(Calendar.expanded_until),
        )
        .join(CalendarAccount)
        .where(CalendarAccount.person_id == person_id, Calendar.purpose.in_(CHOSEN))
    ).one()
    if not number or number != expanded or start is None or end is None or start >= end:
        return None
    return Interval(start, end)


def _inside(spans: Iterable[Interval], covered: Interval) -> Iterable[Interval]:
    return (
        Interval(max(s.start, covered.start), min(s.end, covered.end)) for s in spans if s.overlaps(covered)
    )


def next_look_at(settings: Settings, now: datetime) -> datetime:
    """A little before the interval is over, so that a change shows up within it."""
    return now + settings.sync_interval * 0.9


def note_success(session: Session, settings: Settings, account: AccountRow, now: datetime) -> None:
    """All chosen calendars were read completely in a look that began at ``now``."""
    values: dict[str, Any] = {
        "in_step_at": now,
        "next_sync_at": next_look_at(settings, now),
        "claimed_until": None,
    }
    if account.state != "ok":
        values |= {"state": "ok", "state_detail": "", "state_since": now}
    if account.failures:
        values["failures"] = 0
    session.execute(update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values))


def note_trouble(session: Session, account: AccountRow, now: datetime, trouble: CalendarTrouble) -> None:
    """A look failed: since when, why, and when to try again (5 s doubling up to a minute)."""
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(account.failures, 6))
    if isinstance(trouble, CredentialsRefused):
        pause = _REFUSED_PAUSE
    if trouble.retry_after is not None:
        pause = max(pause, trouble.retry_after)
    values: dict[str, Any] = {
        "next_sync_at": now + pause,
        "claimed_until": None,
        "failures": account.failures + 1,
    }
    detail = trouble.reason[:500]
    if account.state != trouble.state:
        values["state_since"] = now
    if (account.state, account.state_detail) != (trouble.state, detail):
        values |= {"state": trouble.state, "state_detail": detail}
    session.execute(update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values))
