"""The weeks that are entered, and whether somebody is missing soon."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import SENIOR
from app.desk.escalations.models import OnCallWeek
from app.desk.escalations.on_call import gaps, weeks_from

_SOON = 4


def plan_of(session: Session, mondays: Sequence[date]) -> dict[date, int | None]:
    """Who is on call in each of these weeks; whoever is no senior any more is nobody."""
    wanted = (
        select(OnCallWeek)
        .join(User, User.id == OnCallWeek.senior_id)
        .where(OnCallWeek.monday.in_(mondays), User.is_active, User.role == SENIOR)
        .execution_options(populate_existing=True)
    )
    found = {row.monday: row.senior_id for row in session.scalars(wanted)}
    return {monday: found.get(monday) for monday in mondays}


def off_call_soon(session: Session, monday: date) -> list[date]:
    """The weeks among this one and the next three for which nobody is entered, while there are seniors.

    One query.
    """
    mondays = weeks_from(monday, _SOON)
    is_entered = (OnCallWeek.senior_id == User.id) & OnCallWeek.monday.in_(mondays)
    wanted = select(OnCallWeek.monday, User.id).select_from(User).outerjoin(OnCallWeek, is_entered)
    rows = session.execute(wanted.where(User.is_active, User.role == SENIOR)).all()
    entered = {row.monday: row.id for row in rows}
    return gaps({week: entered.get(week) for week in mondays}) if rows else []


def mondays_of(session: Session, senior_id: int, first: date) -> list[date]:
    """The weeks from ``first`` on in which somebody is on call, in order."""
    wanted = select(OnCallWeek.monday).where(OnCallWeek.senior_id == senior_id, OnCallWeek.monday >= first)
    return list(session.scalars(wanted.order_by(OnCallWeek.monday)))
