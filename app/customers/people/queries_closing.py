"""What it means for others that somebody's account is closed."""

from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.customers.models import Specialist, TimeOff
from app.customers.queries_cover import is_in_service
from app.customers.queries_roster import away_around
from app.customers.roster import shifts


def who_steps_in(session: Session, user_id: int, today: date) -> str:
    """The name of who serves their companies today once their account is closed; empty for nobody."""
    away, people = away_around(session, [user_id], today)
    if user_id not in people:
        return ""
    closed = {**people, user_id: replace(people[user_id], is_active=False)}
    by = shifts([(today, user_id)], closed, away, today, today)[0].served.by
    return by.name if by else ""


def whom_they_stand_in_for(session: Session, user_id: int, today: date) -> tuple[str, ...]:
    """The names of those whose usual stand-in they are, or whose time off that is not over names them."""
    named = select(TimeOff.specialist_id).where(TimeOff.stand_in_id == user_id, TimeOff.last_day >= today)
    theirs = or_(Specialist.stand_in_id == user_id, Specialist.user_id.in_(named))
    wanted = select(User.name).join(Specialist, Specialist.user_id == User.id).where(theirs)
    return tuple(session.scalars(wanted.where(User.id != user_id, is_in_service()).order_by(User.name)))


def closed_with(session: Session, user_id: int) -> list[int]:
    """Them, and those whose usual stand-in they are: who of these does not serve."""
    theirs = or_(Specialist.user_id == user_id, Specialist.stand_in_id == user_id)
    wanted = select(Specialist.user_id).join(User, User.id == Specialist.user_id).where(theirs)
    return list(session.scalars(wanted.where(~is_in_service()).order_by(Specialist.user_id)))
