"""Whoever is no specialist or senior any more stands in for nobody."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.customers.models import Specialist, TimeOff


def stand_in_no_more(
    session: Session, now: datetime, today: date, actor: SignedIn | str, user_id: int
) -> None:
    """Empty their place with everybody whom they usually stand in for, and in time off that is not over.

    Their own row stays: calls that they had, and who served whom, are read with it.
    """
    theirs = select(Specialist).where(Specialist.stand_in_id == user_id).order_by(Specialist.user_id)
    for row in session.scalars(theirs).all():
        row.stand_in_id = None
        changes = {"stand_in_id": [user_id, None]}
        record(session, now, actor, "user_changed", "user", row.user_id, changes=changes)
    session.execute(
        update(TimeOff)
        .where(TimeOff.stand_in_id == user_id, TimeOff.last_day >= today)
        .values(stand_in_id=None)
    )
