"""What an administrator has to see of companies: who is without a specialist, and whose option ends."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, String, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.customers.attention.values import AWAY, ENDING, NOBODY, Concern, Served
from app.customers.entitlement import PLAN_WITH_OPTION
from app.customers.models import Assignment, Company, Entitlement, Specialist, TimeOff
from app.customers.queries_cover import is_in_service, is_on, is_served

# So many names of companies stand for all of a specialist's.
_NAMED = 3
_MOST = 20


def _serves(today: date) -> tuple[Any, ...]:
    """An assignment is the one that counts on a day."""
    later = aliased(Assignment)
    overtaken = (
        select(later.id)
        .where(
            later.company_id == Assignment.company_id,
            later.starts_on > Assignment.starts_on,
            later.starts_on <= today,
        )
        .exists()
    )
    return Assignment.starts_on <= today, ~overtaken


def _entitled(today: date) -> tuple[Any, ...]:
    """A company has the option on a day."""
    paid = (
        select(Entitlement.id)
        .where(
            Entitlement.company_id == Company.id,
            Entitlement.starts_on <= today,
            or_(Entitlement.ends_on.is_(None), Entitlement.ends_on >= today),
        )
        .exists()
    )
    return Company.plan == PLAN_WITH_OPTION, paid


def served_companies(session: Session, today: date) -> dict[int, Served]:
    """Whom each specialist serves on a day of the service zone; one query, few rows for many companies."""
    of_one = Assignment.specialist_id
    number = func.row_number().over(partition_by=of_one, order_by=Company.name).label("number")
    count = func.count().over(partition_by=of_one).label("total")
    served = select(of_one, Company.name, number, count).join(Company, Company.id == Assignment.company_id)
    ranked = served.where(*_serves(today)).subquery()
    rows = session.execute(
        select(ranked).where(ranked.c.number <= _NAMED).order_by(ranked.c.specialist_id, ranked.c.number)
    )
    found: dict[int, Served] = {}
    for specialist_id, name, _number, total in rows:
        known = found.get(specialist_id, Served((), total))
        found[specialist_id] = Served((*known.names, name), total)
    return found


def concerns(session: Session, today: date, until: date) -> list[Concern]:
    """What is to be done about companies with the option, in one query; of each kind the first twenty.

    ``until`` is the last day on which an option that ends is told, unless it goes on right after.
    """
    both = _unserved(today).union_all(_away(today), _ending(today, until)).subquery()
    number = func.row_number().over(
        partition_by=both.c.kind, order_by=(both.c.day.nulls_first(), both.c.company)
    )
    count = func.count().over(partition_by=both.c.kind)
    ranked = select(both, number.label("number"), count.label("total")).subquery()
    rows = session.execute(
        select(ranked).where(ranked.c.number <= _MOST).order_by(ranked.c.kind, ranked.c.number)
    )
    return [Concern(row.kind, row.company, row.specialist or "", row.day, row.total) for row in rows]


def _unserved(today: date) -> Any:
    begun = select(Assignment.id).where(Assignment.company_id == Company.id, Assignment.starts_on <= today)
    return select(
        literal(NOBODY).label("kind"),
        Company.name.label("company"),
        cast(null(), String).label("specialist"),
        cast(null(), Date).label("day"),
    ).where(*_entitled(today), ~begun.exists())


def _away(today: date) -> Any:
    """From those who are away or whose account is closed, and who have nobody in their place, who are few."""
    their = (TimeOff.specialist_id == Specialist.user_id, *is_on(today))
    last = select(func.max(TimeOff.last_day)).where(*their).correlate(Specialist).scalar_subquery()
    return (
        select(
            literal(AWAY).label("kind"),
            Company.name.label("company"),
            User.name.label("specialist"),
            case((is_in_service(), last), else_=cast(null(), Date)).label("day"),
        )
        .select_from(Specialist)
        .join(User, User.id == Specialist.user_id)
        .join(Assignment, Assignment.specialist_id == Specialist.user_id)
        .join(Company, Company.id == Assignment.company_id)
        .where(~is_served(today), *_serves(today), *_entitled(today))
    )


def _ending(today: date, until: date) -> Any:
    """The last paid day of each company whose option ends soon; one that is paid on right after does not."""
    last = func.max(func.coalesce(Entitlement.ends_on, literal(date.max, Date)), type_=Date)
    return (
        select(
            literal(ENDING).label("kind"),
            Company.name.label("company"),
            cast(null(), String).label("specialist"),
            last.label("day"),
        )
        .join(Entitlement, Entitlement.company_id == Company.id)
        .where(Company.plan == PLAN_WITH_OPTION, Entitlement.starts_on <= until + timedelta(days=1))
        .group_by(Company.id, Company.name)
        .having(last >= today, last <= until)
    )
