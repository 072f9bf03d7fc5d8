"""Assignments and the companies that they are about; every answer is one query."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.customers.assignments.values import AssignmentValue, CompanyFacts
from app.customers.models import Assignment, Company, HandOver


def company(session: Session, public_id: str) -> CompanyFacts:
    """The company with this public id; raises NotFound."""
    wanted = select(Company.id, Company.public_id, Company.name).where(Company.public_id == public_id)
    row = session.execute(wanted).first() if public_id.isprintable() else None
    if row is None:
        raise NotFound(f"no company {public_id!r}")
    return CompanyFacts(*row)


def assignments(session: Session, company_id: int) -> list[AssignmentValue]:
    """Who served, serves and is going to serve a company, in order of the days from which."""
    handed_over = exists().where(
        HandOver.company_id == Assignment.company_id,
        HandOver.to_id == Assignment.specialist_id,
        HandOver.starts_on == Assignment.starts_on,
        HandOver.confirmed_at.is_not(None),
    )
    rows = session.execute(
        select(Assignment.id, Assignment.specialist_id, User.name, Assignment.starts_on, handed_over)
        .join(User, User.id == Assignment.specialist_id)
        .where(Assignment.company_id == company_id)
        .order_by(Assignment.starts_on)
    )
    return [AssignmentValue(*row) for row in rows]


def on_day(session: Session, company_id: int, day: date) -> Assignment | None:
    """The row of the assignment that begins on a day, to be changed."""
    own = (Assignment.company_id == company_id, Assignment.starts_on == day)
    return session.scalars(select(Assignment).where(*own)).first()


def lock(session: Session, company_id: int) -> None:
    """Whoever plans for this company comes one after the other; raises NotFound."""
    if session.scalar(select(Company.id).where(Company.id == company_id).with_for_update()) is None:
        raise NotFound(f"no company {company_id}")
