"""Whether anybody serves on a day where a specialist is dedicated, as conditions of a query, or in person.

They say what app/customers/roster.py says of one day.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.customers.models import Specialist, TimeOff
from app.customers.users.new_user import ENGINEERS


def is_in_service(who: Any = User) -> ColumnElement[bool]:
    """Somebody's account is open and their role is one that serves; ``who`` is User or an alias of it."""
    return and_(who.is_active, who.role.in_(ENGINEERS))


def is_served(today: date) -> ColumnElement[bool]:
    """Somebody serves where Specialist, joined with User, is dedicated: they themselves, or a stand-in."""
    off = select(TimeOff.id).where(TimeOff.specialist_id == Specialist.user_id, *is_on(today))
    return or_(
        and_(is_in_service(), ~off.correlate(Specialist).exists()),
        off.where(_is_in(TimeOff.stand_in_id, today)).correlate(Specialist).exists(),
        _is_in(Specialist.stand_in_id, today),
    )


def has_server(specialist_id: Any, today: date) -> ColumnElement[bool]:
    """Somebody serves where the specialist of this column is dedicated."""
    return exists(
        select(Specialist.user_id)
        .join(User, User.id == Specialist.user_id)
        .where(Specialist.user_id == specialist_id, is_served(today))
        .correlate_except(Specialist, User)
    )


def is_on(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A time off covers a day."""
    return TimeOff.first_day <= today, TimeOff.last_day >= today


def _is_in(person: Any, today: date) -> ColumnElement[bool]:
    """Somebody is named who serves and is not away that day."""
    other, who = aliased(TimeOff), aliased(User)
    is_away = select(other.id).where(
        other.specialist_id == who.id, other.first_day <= today, other.last_day >= today
    )
    return select(who.id).where(who.id == person, is_in_service(who), ~is_away.exists()).exists()


def not_there(session: Session, days: Collection[tuple[int, date]]) -> set[tuple[int, date]]:
    """Of people, each with a day: those who are away on it, or whose account is closed; at most one query."""
    if not days:
        return set()
    first, last = min(day for _, day in days), max(day for _, day in days)
    is_near = (TimeOff.first_day <= last) & (TimeOff.last_day >= first)
    rows = session.execute(
        select(User.id, User.is_active, TimeOff.first_day, TimeOff.last_day)
        .outerjoin(TimeOff, (TimeOff.specialist_id == User.id) & is_near)
        .where(User.id.in_({person for person, _ in days}))
    ).all()
    return {
        (person, day)
        for person, day in days
        for row in rows
        if row.id == person
        and (not row.is_active or (row.first_day is not None and row.first_day <= day <= row.last_day))
    }
