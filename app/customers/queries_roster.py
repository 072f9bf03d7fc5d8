"""Specialists as rows, and what decides who serves a company."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.customers.entitlement import PLAN_WITH_OPTION
from app.customers.models import Assignment, Company, Entitlement, Specialist, TimeOff
from app.customers.profiles import SpecialistProfile
from app.customers.queries_cover import is_in_service
from app.customers.roster import Away, Person, Served, shifts
from app.lib.db import fetch

SPECIALISTS: Select[*tuple[Any, ...]] = select(
    User.id.label("user_id"),
    User.public_id,
    User.name,
    User.email,
    User.language,
    User.time_zone,
    Specialist.titles,
    Specialist.country,
    Specialist.phone,
    Specialist.spoken_languages,
    Specialist.room_url,
    Specialist.region,
).join(Specialist, Specialist.user_id == User.id)
_PERSON = SPECIALISTS.add_columns(is_in_service().label("is_active"), Specialist.stand_in_id)
_KNOWN = "all_serving"
_FIELDS = tuple(item.name for item in fields(SpecialistProfile))

_ASSIGNED = (
    _PERSON.add_columns(
        Assignment.starts_on,
        exists()
        .where(
            TimeOff.specialist_id == Assignment.specialist_id,
            TimeOff.last_day >= bindparam("first"),
            TimeOff.first_day <= bindparam("last"),
        )
        .correlate(Assignment)
        .label("is_away"),
    )
    .join(Assignment, Assignment.specialist_id == Specialist.user_id)
    .where(Assignment.company_id == bindparam("company_id"))
    .order_by(Assignment.starts_on)
)
_deputed = aliased(Specialist)
_named = aliased(TimeOff)


def _around(dedicated: Any) -> Select[*tuple[Any, ...]]:
    """Those who are dedicated, and all who may stand in for them, with their days away."""
    return (
        _PERSON.add_columns(
            TimeOff.first_day,
            TimeOff.last_day,
            TimeOff.stand_in_id.label("named_id"),
            TimeOff.id.label("off_id"),
        )
        .outerjoin(
            TimeOff, (TimeOff.specialist_id == Specialist.user_id) & (TimeOff.last_day >= bindparam("first"))
        )
        .where(
            or_(
                Specialist.user_id.in_(dedicated),
                Specialist.user_id.in_(select(_deputed.stand_in_id).where(_deputed.user_id.in_(dedicated))),
                Specialist.user_id.in_(
                    select(_named.stand_in_id).where(
                        _named.specialist_id.in_(dedicated), _named.last_day >= bindparam("first")
                    )
                ),
            )
        )
        .order_by(TimeOff.first_day, TimeOff.id)
    )


_AROUND = _around(bindparam("dedicated", expanding=True))
_AROUND_ALL = _around(select(Assignment.specialist_id))


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides who serves a company, as ``roster.shifts`` takes it."""

    assigned: list[tuple[date, int]]
    people: dict[int, Person]
    away: list[Away]


def facts_of(session: Session, company_id: int, first: date, last: date) -> Facts:
    """What decides who serves the company between two days: one query, two while somebody is away."""
    rows = fetch(session, _ASSIGNED, company_id=company_id, first=first, last=last).all()
    # What was before the one who is assigned on the first day does not matter.
    rows = rows[max((number for number, row in enumerate(rows) if row.starts_on <= first), default=0) :]
    assigned = [(row.starts_on, row.user_id) for row in rows]
    people = {row.user_id: _person(row) for row in rows}
    if not any(row.is_away or not row.is_active for row in rows):
        return Facts(assigned, people, [])
    away, around = away_around(session, people.keys(), first)
    return Facts(assigned, people | around, away)


def away_around(
    session: Session, specialist_ids: Collection[int], first: date
) -> tuple[list[Away], dict[int, Person]]:
    """The days away from ``first`` on of specialists and of those who may stand in, and all these people."""
    return _away(fetch(session, _AROUND, dedicated=list(specialist_ids), first=first).all())


def serving_today(session: Session, specialist_ids: Collection[int], today: date) -> dict[int, Served]:
    """Who serves on a day where each of these specialists is dedicated, by their ids; one query."""
    if not specialist_ids:
        return {}
    away, people = away_around(session, specialist_ids, today)
    return _served(people.keys() & set(specialist_ids), people, away, today)


def all_serving(session: Session, today: date) -> dict[int, Served]:
    """Who serves on a day where each specialist is dedicated, whoever it is; one query a transaction.

    Nobody asks in the transaction that changes it: a page asks several times, and is told the same.
    """
    under_way, day, known = session.info.get(_KNOWN, (None, today, {}))
    if under_way is None or under_way is not session.get_transaction() or day != today:
        away, people = _away(fetch(session, _AROUND_ALL, first=today).all())
        known = _served(people.keys(), people, away, today)
        session.info[_KNOWN] = (session.get_transaction(), today, known)
    found: dict[int, Served] = known
    return found


def _served(
    specialist_ids: Collection[int], people: dict[int, Person], away: list[Away], today: date
) -> dict[int, Served]:
    return {
        number: shifts([(today, number)], people, away, today, today)[0].served for number in specialist_ids
    }


def _away(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[list[Away], dict[int, Person]]:
    away = [Away(row.user_id, row.first_day, row.last_day, row.named_id) for row in rows if row.off_id]
    return away, {row.user_id: _person(row) for row in rows}


def profile_of(row: Row[*tuple[Any, ...]]) -> SpecialistProfile:
    """The specialist in a row of SPECIALISTS."""
    return SpecialistProfile(**{name: getattr(row, name) for name in _FIELDS})


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(profile_of(row), row.is_active, row.stand_in_id)


@dataclass(frozen=True, slots=True)
class Days:
    """A row of days away; ``alarmed_at`` is when it was told that nobody stands in, on ``alarmed_days``."""

    id: int
    public_id: str
    away: Away
    noticed_at: datetime
    alarmed_at: datetime | None
    alarmed_days: str


def everybody_away(session: Session, first: date) -> tuple[list[Days], dict[int, Person]]:
    """All days away that reach to ``first`` or further, in order, and all specialists; two queries."""
    wanted = select(TimeOff).where(TimeOff.last_day >= first).order_by(TimeOff.first_day, TimeOff.id)
    days = [
        Days(
            row.id,
            row.public_id,
            Away(row.specialist_id, row.first_day, row.last_day, row.stand_in_id),
            row.noticed_at,
            row.alarmed_at,
            row.alarmed_days,
        )
        for row in session.scalars(wanted)
    ]
    return days, {row.user_id: _person(row) for row in session.execute(_PERSON)}


def companies_between(
    session: Session, specialist_id: int, first: date, last: date, most: int
) -> tuple[list[str], int]:
    """Companies with the option that have this specialist on one of these days: some names, and how many."""
    later = aliased(Assignment)
    is_over = exists().where(
        later.company_id == Assignment.company_id,
        later.starts_on > Assignment.starts_on,
        later.starts_on <= first,
    )
    is_paid = exists().where(
        Entitlement.company_id == Company.id,
        Entitlement.starts_on <= last,
        or_(Entitlement.ends_on.is_(None), Entitlement.ends_on >= first),
    )
    rows = session.execute(
        select(Company.name, func.count().over().label("total"))
        .join(Assignment, Assignment.company_id == Company.id)
        .where(
            Assignment.specialist_id == specialist_id,
            Assignment.starts_on <= last,
            ~is_over,
            Company.plan == PLAN_WITH_OPTION,
            is_paid,
        )
        .group_by(Company.id, Company.name)
        .order_by(Company.name)
        .limit(most)
    ).all()
    return [row.name for row in rows], rows[0].total if rows else 0
