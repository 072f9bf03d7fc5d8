"""What a page has read of people's time already, so that it reads it once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.calendars.values import CalendarView
from app.lib.intervals import Interval

_KEPT = "looked_at"


@dataclass(frozen=True, slots=True)
class Looked:
    """A person's time within ``span``, and what of it is booked."""

    span: Interval
    view: CalendarView
    booked: list[Interval]


def keep_looks(session: Session) -> None:
    """What is read of people's time is kept until this transaction ends: for pages that write nothing."""
    session.connection()
    session.info[_KEPT] = (session.get_transaction(), {})


def note_look(session: Session, person_id: int, looked: Looked) -> None:
    """Keep it, if anything is to be kept."""
    kept = _kept(session)
    if kept is not None:
        kept[person_id] = looked


def looked_at(session: Session, person_id: int, span: Interval) -> Looked | None:
    """What was read of this person's time, if it reaches over all of ``span``."""
    found = (_kept(session) or {}).get(person_id)
    return found if found is not None and found.span.contains(span) else None


def _kept(session: Session) -> dict[int, Looked] | None:
    under_way: object
    kept: dict[int, Looked]
    under_way, kept = session.info.get(_KEPT, (None, {}))
    return kept if under_way is not None and under_way is session.get_transaction() else None
