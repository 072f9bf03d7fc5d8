"""Days away are written down as the calendars say them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.availability.service_view import calendar_state
from app.availability.time_off import queries
from app.availability.time_off.naming import meant
from app.availability.time_off.queries import Occurrence
from app.availability.time_off.spans import DaysOff, Difference, Key, days_off, difference
from app.config import Settings
from app.customers.models import TimeOff
from app.customers.profiles import SpecialistProfile
from app.customers.service import specialists
from app.ical.stand_in import read_stand_in
from app.lib.wording import local_date

# Days that are long over are forgotten; until then they say who served.
KEPT_FOR = timedelta(days=400)
_LATELY = timedelta(days=7)


def out_of_step(session: Session, now: datetime, settings: Settings) -> list[int]:
    """Whose days away are not written down as their calendars say; four queries for everybody.

    What is not in a calendar that cannot be read is not out of step: it may be there.
    """
    today = local_date(now, settings.service_time_zone)
    found, kept = queries.occurrences(session), queries.kept(session, today - _LATELY)
    said = _said(session, settings, found)
    people = sorted(said.keys() | kept.keys())
    differ = []
    for person in people:
        pair = said.get(person, {}), kept.get(person, {})
        is_less = difference(*pair, today, is_complete=True)
        if difference(*pair, today, is_complete=False) or (
            is_less and _is_known(session, now, settings, person)
        ):
            differ.append(person)
    return differ


def _is_known(session: Session, now: datetime, settings: Settings, person_id: int) -> bool:
    """Whether what is not in this person's calendars any more is believed to be gone."""
    return calendar_state(session, now, settings, person_id).state == "ok"


def notice(session: Session, now: datetime, settings: Settings, person_id: int) -> bool:
    """Write down one person's days away as the calendars say them; whether anything changed.

    Under that person's write lock, which everybody takes who books with them or in their place. While a
    calendar cannot be read nothing of it is taken for gone.
    """
    today = local_date(now, settings.service_time_zone)
    said = _said(session, settings, queries.occurrences(session, person_id)).get(person_id, {})
    rows = queries.rows_of(session, person_id)
    kept = {key: DaysOff(row.last_day, row.stand_in_id) for key, row in rows.items()}
    is_complete = _is_known(session, now, settings, person_id)
    found = difference(said, kept, today, is_complete=is_complete)
    if not found:
        return False
    for key, row in rows.items():
        if key in found.gone or row.last_day < today - KEPT_FOR:
            session.delete(row)
    for key, days in {**found.added, **found.changed}.items():
        row = rows.get(key) or TimeOff(specialist_id=person_id, uid=key[0], first_day=key[1])
        session.add(row)
        row.last_day, row.stand_in_id = days.last_day, days.stand_in_id
        row.noticed_at = now
    session.flush()
    _record(session, now, person_id, found, rows)
    return True


def _said(
    session: Session, settings: Settings, found: Mapping[int, Sequence[Occurrence]]
) -> dict[int, dict[Key, DaysOff]]:
    if not any(found.values()):
        return {}
    people = specialists(session)
    texts = queries.texts(session, {item.object_id for items in found.values() for item in items})
    return {
        owner_id: days_off(
            (
                (item.uid, item.span, _stand_in(texts.get(item.object_id, ""), people, owner_id))
                for item in items
            ),
            settings.service_time_zone,
        )
        for owner_id, items in found.items()
        if any(person.user_id == owner_id for person in people)
    }


def _stand_in(text: str, people: Sequence[SpecialistProfile], owner_id: int) -> int | None:
    person = meant(read_stand_in(text), people, owner_id).person
    return None if person is None else person.user_id


def _record(
    session: Session, now: datetime, person_id: int, found: Difference, rows: Mapping[Key, TimeOff]
) -> None:
    for verb, keys in (("noticed", found.added), ("changed", found.changed), ("gone", found.gone)):
        for key in keys:
            days = found.added.get(key) or found.changed.get(key)
            last = days.last_day if days else rows[key].last_day
            told = {"first": key[1].isoformat(), "last": last.isoformat()}
            record(session, now, None, f"time off {verb}", "user", person_id, **told)
