"""The picture: all spans of a person merged, so that reading them costs the same for 10 events or 10,000."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.calendars.models import Calendar, CalendarAccount, CalendarPicture, CalendarSpan
from app.calendars.queries import CHOSEN
from app.calendars.syncing.merging import Pair, clipped, mended, merge_pairs, packed
from app.calendars.syncing.picture import BUSY, TENTATIVE, TIME_OFF, WORKING
from app.lib.db import fetch
from app.lib.intervals import Interval
from app.lib.packed import seconds

# In so many places the picture is mended one by one; beyond, merging everything again is quicker.
_MOST_PLACES = 40
_COLUMNS = {"busy": (BUSY, TENTATIVE), "working": (WORKING,), "time_off": (TIME_OFF,)}

_SPANS = select(CalendarSpan.kind, CalendarSpan.starts_at, CalendarSpan.ends_at).where(
    CalendarSpan.person_id == bindparam("person_id"), CalendarSpan.is_own.is_(False)
)
_SPANS_IN = _SPANS.where(CalendarSpan.ends_at > bindparam("start"), CalendarSpan.starts_at < bindparam("end"))


def renew_picture(session: Session, person_id: int) -> None:
    """Merge all spans of a person again and store the result.

    Without it, when not every chosen calendar has been read: then nothing is known of the person's time.
    """
    session.execute(delete(CalendarPicture).where(CalendarPicture.person_id == person_id))
    covered = _covered(session, person_id)
    if covered is None:
        return
    by_kind = _by_kind(fetch(session, _SPANS, person_id=person_id))
    whole = _outwards(covered.start, covered.end)
    merged = {
        name: packed(merge_pairs(clipped((pair for kind in kinds for pair in by_kind[kind]), whole)))
        for name, kinds in _COLUMNS.items()
    }
    session.execute(
        insert(CalendarPicture).values(
            person_id=person_id, starts_at=covered.start, ends_at=covered.end, **merged
        )
    )


def mend_picture(session: Session, person_id: int, touched: Sequence[Interval]) -> None:
    """Bring the picture up to date where spans came or went; the same as renew_picture, but cheaper."""
    row = session.execute(
        select(
            CalendarPicture.starts_at,
            CalendarPicture.ends_at,
            CalendarPicture.busy,
            CalendarPicture.working,
            CalendarPicture.time_off,
        ).where(CalendarPicture.person_id == person_id)
    ).one_or_none()
    covered = _covered(session, person_id)
    if row is None or covered is None or Interval(row.starts_at, row.ends_at) != covered:
        renew_picture(session, person_id)
        return
    whole = _outwards(covered.start, covered.end)
    places = merge_pairs(clipped((_outwards(item.start, item.end) for item in touched), whole))
    if len(places) > _MOST_PLACES:
        renew_picture(session, person_id)
        return
    by_kind = _by_kind(span for place in places for span in _spans_in(session, person_id, place))
    data = {"busy": row.busy, "working": row.working, "time_off": row.time_off}
    values = {
        name: mended(data[name], places, [pair for kind in kinds for pair in by_kind[kind]])
        for name, kinds in _COLUMNS.items()
    }
    changed = {name: value for name, value in values.items() if value != data[name]}
    if changed:
        session.execute(
            update(CalendarPicture).where(CalendarPicture.person_id == person_id).values(**changed)
        )


def _spans_in(session: Session, person_id: int, place: Pair) -> Iterable[Any]:
    start, end = (datetime.fromtimestamp(moment, UTC) for moment in place)
    return fetch(session, _SPANS_IN, person_id=person_id, start=start, end=end)


def _by_kind(rows: Iterable[Any]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {kind: [] for kinds in _COLUMNS.values() for kind in kinds}
    for kind, start, end in rows:
        found[kind].append(_outwards(start, end))
    return found


def _outwards(start: datetime, end: datetime) -> Pair:
    """In whole seconds, nothing left out."""
    return seconds(start), seconds(end) + (1 if end.microsecond else 0)


def _covered(session: Session, person_id: int) -> Interval | None:
    """What every chosen calendar of every account was expanded over."""
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
