"""Days away as rows, and the occurrences in calendars that they are kept in step with."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from app.availability.time_off.spans import DaysOff, Key
from app.calendars.models import CalendarObject, CalendarSpan
from app.customers.models import TimeOff
from app.lib.intervals import Interval

# As a word of the statement: the index of these few among all is used for nothing else.
_IS_TIME_OFF = CalendarSpan.kind == literal_column("'time_off'")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A whole-day occurrence in somebody's calendar, and the object that it comes from."""

    object_id: int
    uid: str
    span: Interval


def occurrences(session: Session, person_id: int | None = None) -> Mapping[int, list[Occurrence]]:
    """The whole-day occurrences that are time off, by person; of this person alone if one is given."""
    wanted = select(
        CalendarSpan.person_id,
        CalendarSpan.object_id,
        CalendarSpan.uid,
        CalendarSpan.starts_at,
        CalendarSpan.ends_at,
    ).where(_IS_TIME_OFF)
    if person_id is not None:
        wanted = wanted.where(CalendarSpan.person_id == person_id)
    found: dict[int, list[Occurrence]] = defaultdict(list)
    for owner_id, object_id, uid, start, end in session.execute(wanted.order_by(CalendarSpan.id)):
        found[owner_id].append(Occurrence(object_id, uid, Interval(start, end)))
    return found


def texts(session: Session, object_ids: Collection[int]) -> dict[int, str]:
    """What these objects say, by id."""
    ids, found = sorted(object_ids), dict[int, str]()
    wanted = select(CalendarObject.id, CalendarObject.text)
    for first in range(0, len(ids), _MOST):
        rows = session.execute(wanted.where(CalendarObject.id.in_(ids[first : first + _MOST])))
        for number, text in rows:
            found[number] = text
    return found


def kept(session: Session, since: date) -> Mapping[int, dict[Key, DaysOff]]:
    """The days away that reach to ``since`` or further, by specialist."""
    rows = session.execute(
        select(
            TimeOff.specialist_id, TimeOff.uid, TimeOff.first_day, TimeOff.last_day, TimeOff.stand_in_id
        ).where(TimeOff.last_day >= since)
    )
    found: dict[int, dict[Key, DaysOff]] = defaultdict(dict)
    for specialist_id, uid, first, last, stand_in_id in rows:
        found[specialist_id][uid, first] = DaysOff(last, stand_in_id)
    return found


def rows_of(session: Session, person_id: int) -> dict[Key, TimeOff]:
    """All of somebody's rows, to be changed."""
    rows = session.scalars(select(TimeOff).where(TimeOff.specialist_id == person_id))
    return {(row.uid, row.first_day): row for row in rows}
