"""Whose companies somebody serves today, dedicated or standing in, as a condition of other queries."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from app.customers.people.queries import latest_assignments
from app.customers.queries_roster import all_serving


def served_by(session: Session, user_id: int, today: date, company_id: Any) -> ColumnElement[bool]:
    """The company of this column is somebody's today: dedicated to them, or theirs for who is away.

    A dedicated specialist who is away still counts. One query a transaction.
    """
    served = all_serving(session, today)
    theirs = {number for number, found in served.items() if user_id in {number, found.person.user_id}}
    if not theirs:
        return false()
    now = latest_assignments(today).subquery()
    found: ColumnElement[bool] = company_id.in_(
        select(now.c.company_id).where(now.c.specialist_id.in_(theirs))
    )
    return found
