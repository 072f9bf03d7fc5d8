"""Saying who serves a company from which day on; what has begun is history and stays."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import SENIOR, SPECIALIST, SignedIn
from app.customers.assignments import queries
from app.customers.assignments.values import current
from app.customers.errors import AssignmentRefused
from app.customers.models import Assignment
from app.lib.wording import local_date

_SERVING_ROLES = (SPECIALIST, SENIOR)


def assign(
    session: Session,
    now: datetime,
    actor: SignedIn,
    company_id: int,
    specialist_id: int,
    starts_on: date,
    *,
    zone: str,
) -> None:
    """Have a specialist serve a company from a day of the service zone (``zone``) on, today or later.

    One that is planned for the same day is replaced; the audit log has before and after. Raises
    AssignmentRefused (``past``, ``person``), NotFound for an unknown company.
    """
    if starts_on < local_date(now, zone):
        raise AssignmentRefused("past")
    queries.lock(session, company_id)
    name = _serving_name(session, specialist_id)
    known = queries.assignments(session, company_id)
    before = current(known, starts_on)
    row = queries.on_day(session, company_id, starts_on)
    if row is None:
        session.add(Assignment(company_id=company_id, specialist_id=specialist_id, starts_on=starts_on))
    else:
        row.specialist_id = specialist_id
    session.flush()
    changes = {"specialist": [before.name if before else None, name]}
    record(
        session,
        now,
        actor,
        "assigned",
        "company",
        company_id,
        starts_on=starts_on.isoformat(),
        changes=changes,
    )


def assign_first(
    session: Session,
    now: datetime,
    actor: SignedIn,
    company_id: int,
    specialist_id: int,
    starts_on: date,
    *,
    zone: str,
) -> None:
    """The same for a company that nobody serves yet or is planned to; whoever follows comes by a hand-over.

    Planned ones can be replaced, those that have begun cannot. Raises AssignmentRefused (``served`` besides).
    """
    queries.lock(session, company_id)
    if current(queries.assignments(session, company_id), local_date(now, zone)) is not None:
        raise AssignmentRefused("served")
    assign(session, now, actor, company_id, specialist_id, starts_on, zone=zone)


def take_back(
    session: Session, now: datetime, actor: SignedIn, company_id: int, starts_on: date, *, zone: str
) -> None:
    """Take a planned assignment back; its day has to lie ahead.

    Raises AssignmentRefused (``past``, ``handed_over``: people were told of it), NotFound.
    """
    if starts_on <= local_date(now, zone):
        raise AssignmentRefused("past")
    queries.lock(session, company_id)
    known = queries.assignments(session, company_id)
    planned = next((item for item in known if item.starts_on == starts_on), None)
    row = queries.on_day(session, company_id, starts_on)
    if planned is None or row is None:
        raise NotFound(f"nothing is planned for company {company_id} on {starts_on}")
    if planned.is_handed_over:
        raise AssignmentRefused("handed_over")
    session.delete(row)
    changes = {"specialist": [planned.name, None]}
    day = starts_on.isoformat()
    record(
        session, now, actor, "assignment_taken_back", "company", company_id, starts_on=day, changes=changes
    )


def _serving_name(session: Session, specialist_id: int) -> str:
    """The name of somebody who can serve; raises AssignmentRefused("person")."""
    able = (User.id == specialist_id, User.is_active, User.role.in_(_SERVING_ROLES))
    name = session.scalars(select(User.name).where(*able)).first()
    if name is None:
        raise AssignmentRefused("person")
    return name
