"""What it means for others that somebody's account is closed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.customers.models import Assignment, Specialist, TimeOff
from app.customers.profiles import SpecialistProfile
from app.customers.queries_cover import is_in_service
from app.customers.queries_roster import away_around
from app.customers.roster import nobody_from, shifts


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


def left_to_nobody(
    session: Session, user_ids: Collection[int], today: date
) -> dict[int, tuple[SpecialistProfile, date]]:
    """Who of these has a closed account and nobody in service who is named to serve in their place.

    Who they are, and the first day from which on it is so, by id. Whether who is named has time off makes no
    difference: they come back. One query, two where an account is closed.
    """
    wanted = select(Specialist.user_id).join(User, User.id == Specialist.user_id)
    closed = session.scalars(wanted.where(User.id.in_(user_ids), ~User.is_active).order_by(User.id)).all()
    away, people = away_around(session, closed, today) if closed else ([], {})
    found = {number: nobody_from(number, people, away, today) for number in closed}
    return {number: (people[number].profile, first) for number, first in found.items() if first is not None}


def closed_and_assigned(
    session: Session, stand_in_ids: Collection[int], today: date
) -> list[tuple[int, int]]:
    """Who has companies, today or later, and a closed account, and who of these usually stands in."""
    later = aliased(Assignment)
    is_over = exists().where(
        later.company_id == Assignment.company_id,
        later.starts_on > Assignment.starts_on,
        later.starts_on <= today,
    )
    has_companies = exists().where(Assignment.specialist_id == Specialist.user_id, ~is_over)
    wanted = select(Specialist.user_id, Specialist.stand_in_id).join(User, User.id == Specialist.user_id)
    wanted = wanted.where(Specialist.stand_in_id.in_(stand_in_ids), ~is_in_service(), has_companies)
    return [(row.user_id, row.stand_in_id) for row in session.execute(wanted.order_by(Specialist.user_id))]
