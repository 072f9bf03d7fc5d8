"""Writes the replica: objects and their spans, as complete looks found them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.calendars.models import Calendar, CalendarObject, CalendarSpan
from app.calendars.queries import AccountRow, CalendarRow
from app.calendars.syncing.looking import WRITTEN, Mark
from app.calendars.syncing.picture import Placed
from app.calendars.syncing.service_picture import mend_picture, renew_picture
from app.lib.intervals import Interval

_CHUNK = 400
# The tables themselves: thousands of rows go through the ORM at several times the cost.
_OBJECTS: Table = CalendarObject.metadata.tables["calendar_object"]
_SPANS: Table = CalendarSpan.metadata.tables["calendar_span"]


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object to be stored; ``before`` is the ETag it had in the replica, None when it was not there.

    ``text`` None: what is stored stays, be it that only the spans are new (the window has moved) or that
    the server could not give the object.
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


@dataclass(frozen=True, slots=True)
class _Stored:
    id: int
    etag: str
    problem: str


def apply_changes(session: Session, account: AccountRow, changes: Sequence[CalendarChange]) -> bool:
    """Write the changes of all calendars of an account, and the new picture, together.

    False, with nothing written, when a calendar was synced or chosen anew since the look began: look again.
    """
    if not is_current(session, account.id, [change.row for change in changes]):
        return False
    touched: list[Interval] = []
    for change in changes:
        if not change.is_quiet:
            touched += _apply(session, account.person_id, change)
    if any(change.expanded != change.row.expanded for change in changes):
        renew_picture(session, account.person_id)
    elif any(change.is_visible for change in changes):
        mend_picture(session, account.person_id, touched)
    return True


def is_current(session: Session, account_id: int, rows: Sequence[CalendarRow]) -> bool:
    """Whether the calendars are as they were when the rows were read, our own writes aside."""
    found = session.execute(
        select(Calendar.id, Calendar.sync_token, Calendar.ctag, Calendar.compared_at, Calendar.purpose).where(
            Calendar.account_id == account_id
        )
    )
    marks = {
        number: (Mark(token, ctag, compared), purpose) for number, token, ctag, compared, purpose in found
    }
    return all(_same(marks.get(row.id), row) for row in rows)


def _same(found: tuple[Mark, str] | None, row: CalendarRow) -> bool:
    if found is None or found[1] != row.purpose:
        return False
    mark = replace(found[0], ctag=row.mark.ctag) if row.mark.token else found[0]
    return mark == row.mark


def note_write(session: Session, calendar_id: int) -> None:
    """We wrote into a calendar: its token has to move, or the next look compares everything."""
    session.execute(
        update(Calendar)
        .where(Calendar.id == calendar_id, Calendar.sync_token.is_not(None))
        .values(ctag=WRITTEN)
    )


def _apply(session: Session, person_id: int, change: CalendarChange) -> list[Interval]:
    """The times that may look different afterwards."""
    touched = store_changed(session, person_id, change.row.id, change.objects)
    removed = dict(change.removed)
    rows = _stored(session, change.row.id, list(removed))
    ids = [row.id for href, row in rows.items() if row.etag == removed[href]]
    touched += _spans_of(session, ids)
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(CalendarObject).where(CalendarObject.id.in_(ids[start : start + _CHUNK])))
    ctag = session.scalar(select(Calendar.ctag).where(Calendar.id == change.row.id))
    # A write since this look began may be younger than the token that it brought.
    is_unwritten = ctag != WRITTEN or change.row.mark.ctag == WRITTEN
    session.execute(
        update(Calendar)
        .where(Calendar.id == change.row.id)
        .values(
            sync_token=change.mark.token,
            ctag=change.mark.ctag if is_unwritten else WRITTEN,
            compared_at=change.mark.compared_at,
            expanded_from=change.expanded.start,
            expanded_until=change.expanded.end,
        )
    )
    return touched


def store_changed(
    session: Session, person_id: int, calendar_id: int, objects: Sequence[ObjectChange]
) -> list[Interval]:
    """Store what a look fetched, as store_objects does, but for what was written through meanwhile.

    That is younger than the look; the next one sees it.
    """
    stored = _stored(session, calendar_id, [item.href for item in objects])
    fresh = []
    for item in objects:
        row = stored.get(item.href)
        if (None if row is None else row.etag) == item.before:
            fresh.append(item)
    return _store(session, person_id, calendar_id, fresh, stored)


def store_objects(
    session: Session, person_id: int, calendar_id: int, objects: Sequence[ObjectChange]
) -> list[Interval]:
    """Insert or update objects and replace their spans; an unreadable one keeps the spans it had.

    The times that may look different afterwards.
    """
    stored = _stored(session, calendar_id, [item.href for item in objects])
    return _store(session, person_id, calendar_id, objects, stored)


def forget_object(session: Session, calendar_id: int, href: str) -> list[Interval]:
    """Delete an object that is gone; the times that may look different afterwards."""
    ids = [row.id for row in _stored(session, calendar_id, [href]).values()]
    touched = _spans_of(session, ids)
    session.execute(delete(CalendarObject).where(CalendarObject.id.in_(ids)))
    return touched


def _stored(session: Session, calendar_id: int, hrefs: Sequence[str]) -> dict[str, _Stored]:
    found: dict[str, _Stored] = {}
    for start in range(0, len(hrefs), _CHUNK):
        rows = session.execute(
            select(_OBJECTS.c.href, _OBJECTS.c.id, _OBJECTS.c.etag, _OBJECTS.c.problem).where(
                _OBJECTS.c.calendar_id == calendar_id, _OBJECTS.c.href.in_(hrefs[start : start + _CHUNK])
            )
        )
        found.update({href: _Stored(number, etag, problem) for href, number, etag, problem in rows})
    return found


def _store(
    session: Session,
    person_id: int,
    calendar_id: int,
    objects: Sequence[ObjectChange],
    stored: Mapping[str, _Stored],
) -> list[Interval]:
    new = [item for item in objects if item.href not in stored]
    old = [item for item in objects if item.href in stored]
    _update(session, old, stored)
    replaced = {stored[item.href].id: item.placed for item in old if item.placed.spans is not None}
    touched = _spans_of(session, list(replaced))
    ids = list(replaced)
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(_SPANS).where(_SPANS.c.object_id.in_(ids[start : start + _CHUNK])))
    numbers = _insert(session, calendar_id, new)
    placed = replaced | dict(zip(numbers, (item.placed for item in new), strict=True))
    _insert_spans(session, person_id, placed)
    return touched + [Interval(s.start, s.end) for item in placed.values() for s in item.spans or ()]


def _insert(session: Session, calendar_id: int, items: Sequence[ObjectChange]) -> list[int]:
    if not items:
        return []
    rows = [{"calendar_id": calendar_id, "href": item.href, **_values(item)} for item in items]
    statement = insert(_OBJECTS).returning(_OBJECTS.c.id, sort_by_parameter_order=True)
    return list(session.connection().execute(statement, rows).scalars())


def _update(session: Session, items: Sequence[ObjectChange], stored: Mapping[str, _Stored]) -> None:
    changed = [{"row_id": stored[item.href].id, **_values(item)} for item in items if item.text is not None]
    if changed:
        session.connection().execute(_UPDATE_OBJECT, changed)
    told = [
        {"row_id": stored[item.href].id, "problem": item.placed.problem}
        for item in items
        if item.text is None and item.placed.problem != stored[item.href].problem
    ]
    if told:
        session.connection().execute(_UPDATE_PROBLEM, told)


_UPDATE_OBJECT = (
    update(_OBJECTS)
    .where(_OBJECTS.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("etag", "uid", "text", "problem")})
)
_UPDATE_PROBLEM = (
    update(_OBJECTS).where(_OBJECTS.c.id == bindparam("row_id")).values(problem=bindparam("problem"))
)


def _values(item: ObjectChange) -> dict[str, Any]:
    # Without a text it is not the version that the ETag names: the next comparison asks for it again.
    etag = "" if item.text is None else item.etag
    return {"etag": etag, "uid": item.uid, "text": item.text or "", "problem": item.placed.problem}


def _spans_of(session: Session, ids: Sequence[int]) -> list[Interval]:
    found: list[Interval] = []
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(_SPANS.c.starts_at, _SPANS.c.ends_at).where(
                _SPANS.c.object_id.in_(ids[start : start + _CHUNK])
            )
        )
        found += [Interval(begin, end) for begin, end in rows]
    return found


def _insert_spans(session: Session, person_id: int, placed: Mapping[int, Placed]) -> None:
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
        session.connection().execute(insert(_SPANS), rows)
