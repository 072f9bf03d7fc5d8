"""What it means for others that somebody's account is closed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.customers.models import Specialist, TimeOff
from app.customers.queries_cover import is_in_service, is_served
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


def counting_on(session: Session, user_ids: Collection[int]) -> list[int]:
    """These themselves, and those whose usual stand-in they are."""
    theirs = or_(Specialist.user_id.in_(user_ids), Specialist.stand_in_id.in_(user_ids))
    return list(session.scalars(select(Specialist.user_id).where(theirs)))


def left_to_nobody(session: Session, user_ids: Collection[int], today: date) -> dict[int, str]:
    """Who of these has a closed account and nobody who serves in their place today; the names by id."""
    wanted = select(User.id, User.name).join(Specialist, Specialist.user_id == User.id)
    closed = wanted.where(User.id.in_(user_ids), ~User.is_active, ~is_served(today))
    return {row.id: row.name for row in session.execute(closed.order_by(User.id))}
