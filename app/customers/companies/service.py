"""Adding and changing companies and the days for which they have the option."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.customers.companies import queries
from app.customers.companies.errors import NameTaken, SpanBegun
from app.customers.companies.queries import companies, company
from app.customers.companies.spans import check_apart, check_change, check_leaving, check_plan, ended
from app.customers.entitlement import DaySpan
from app.customers.models import Company, Entitlement
from app.lib.db import unique
from app.lib.tokens import new_public_id

__all__ = [
    "add_company",
    "add_span",
    "change_company",
    "change_span",
    "companies",
    "company",
    "end_option",
    "remove_span",
]


def add_company(session: Session, now: datetime, actor: SignedIn, values: Mapping[str, Any]) -> str:
    """A new company with these columns (app/customers/typed/edited.py); its public id. Raises NameTaken."""
    _check_name(session, values["name"], None)
    row = Company(public_id=new_public_id(), **values)
    with unique("company", "name", NameTaken(row.name)):
        session.add(row)
        session.flush()
    _record(session, now, actor, "company_added", row.id, differences({}, values))
    return row.public_id


def change_company(
    session: Session, now: datetime, today: date, actor: SignedIn, public_id: str, values: Mapping[str, Any]
) -> None:
    """Give a company these columns; ``today`` is the day of the service zone.

    Raises NotFound, NameTaken, and OptionRuns when the plan is to be left while the option is paid for.
    """
    row = queries.company_row(session, public_id, locked=True)
    changed = differences({name: getattr(row, name) for name in values}, values)
    if "name" in changed:
        _check_name(session, values["name"], row.id)
    if "plan" in changed:
        check_leaving(values["plan"], (days for _number, days in _days(session, row.id)), today)
    with unique("company", "name", NameTaken(values["name"])):
        for name in changed:
            setattr(row, name, values[name])
        session.flush()
    if changed:
        _record(session, now, actor, "company_changed", row.id, changed)


def add_span(
    session: Session, now: datetime, actor: SignedIn, public_id: str, values: Mapping[str, Any]
) -> None:
    """Pay the option for more days; raises NotFound, PlanWithoutOption, SpansOverlap."""
    row = queries.company_row(session, public_id, locked=True)
    check_plan(row.plan)
    check_apart(_wanted(values), (days for _number, days in _days(session, row.id)))
    session.add(Entitlement(company_id=row.id, **values))
    _record(session, now, actor, "option_added", row.id, differences({}, values))


def change_span(
    session: Session,
    now: datetime,
    today: date,
    actor: SignedIn,
    public_id: str,
    span_id: int,
    values: Mapping[str, Any],
) -> None:
    """Give a span of the option these columns; what lies behind ``today`` (service zone) stays.

    Raises NotFound, PlanWithoutOption, SpansOverlap, SpanBegun.
    """
    company_id, row = _span_row(session, public_id, span_id)
    changed = differences({name: getattr(row, name) for name in values}, values)
    if {"starts_on", "ends_on"} & set(changed):
        wanted = _wanted(values)
        check_change(DaySpan(row.starts_on, row.ends_on), wanted, today)
        check_plan(queries.company_row(session, public_id, locked=True).plan)
        check_apart(wanted, (days for number, days in _days(session, company_id) if number != span_id))
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        _record(session, now, actor, "option_changed", company_id, changed)


def remove_span(
    session: Session, now: datetime, today: date, actor: SignedIn, public_id: str, span_id: int
) -> None:
    """Take back a span that has not begun; raises NotFound and SpanBegun."""
    company_id, row = _span_row(session, public_id, span_id)
    if row.starts_on <= today:
        raise SpanBegun(f"began on {row.starts_on}")
    gone = {"starts_on": row.starts_on, "ends_on": row.ends_on, "price_cents": row.price_cents}
    session.delete(row)
    _record(session, now, actor, "option_removed", company_id, differences(gone, {}))


def end_option(session: Session, now: datetime, actor: SignedIn, public_id: str, last: date) -> None:
    """The option ends with this day (service zone), whatever spans reach beyond or come after it.

    Raises NotFound.
    """
    company_id = queries.company_row(session, public_id, locked=True).id
    found = _days(session, company_id)
    outcome = ended(found, last)
    before = dict(found)
    for row in session.scalars(select(Entitlement).where(Entitlement.id.in_(outcome.cut))):
        row.ends_on = last
    session.execute(delete(Entitlement).where(Entitlement.id.in_(outcome.removed)))
    if outcome.cut or outcome.removed:
        lasts = [before[number].last for number in (*outcome.cut, *outcome.removed)]
        until = None if None in lasts else max(day for day in lasts if day is not None)
        _record(
            session,
            now,
            actor,
            "option_ended",
            company_id,
            differences({"ends_on": until}, {"ends_on": last}),
        )


def _wanted(values: Mapping[str, Any]) -> DaySpan:
    return DaySpan(values["starts_on"], values["ends_on"])


def _days(session: Session, company_id: int) -> list[tuple[int, DaySpan]]:
    rows = session.execute(
        select(Entitlement.id, Entitlement.starts_on, Entitlement.ends_on).where(
            Entitlement.company_id == company_id
        )
    )
    return [(row.id, DaySpan(row.starts_on, row.ends_on)) for row in rows]


def _span_row(session: Session, public_id: str, span_id: int) -> tuple[int, Entitlement]:
    company_id = queries.company_row(session, public_id, locked=True).id
    row = session.get(Entitlement, span_id)
    if row is None or row.company_id != company_id:
        raise NotFound(f"no span {span_id} of company {public_id!r}")
    return company_id, row


def _check_name(session: Session, name: str, company_id: int | None) -> None:
    owner = session.scalars(select(Company.id).where(Company.name == name)).first()
    if owner is not None and owner != company_id:
        raise NameTaken(name)


def _record(
    session: Session, now: datetime, actor: SignedIn, verb: str, company_id: int, changes: Mapping[str, Any]
) -> None:
    """The audit log has each column as ``[before, after]``."""
    record(session, now, actor, verb, "company", company_id, changes=dict(changes))
