"""Reads of companies for their administration."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.customers.companies import values
from app.customers.companies.values import CompanyItem, Only, Span
from app.customers.entitlement import PLAN_WITH_OPTION, Option
from app.customers.models import Assignment, Company, Contact, Entitlement
from app.customers.queries_cover import has_server
from app.customers.queries_roster import serving_today
from app.customers.roster import Served
from app.lib.matching import holds, paged
from app.lib.paging import Place, Slice, cut, key_of

_SOON = timedelta(days=30)


def companies(
    session: Session, today: date, *, text: str = "", only: Only = Only.ALL, place: Place | None = None
) -> Slice[CompanyItem]:
    """A page of the companies whose names hold the text, by name; three queries. ``today``: service zone."""
    place = place or Place()
    wanted = _items(today).where(*_conditions(text, only, today))
    rows = session.execute(paged(wanted, place, Company.name, Company.id)).all()
    spans = _spans_of(session, (row.id for row in rows))
    served = serving_today(session, {row.specialist_id for row in rows if row.specialist_id}, today)
    items = [_item(row, spans.get(row.id, ()), served.get(row.specialist_id)) for row in rows]
    return cut([(key_of(item.id, item.name), item) for item in items], place)


def _item(row: Row[*tuple[Any, ...]], spans: Sequence[Span], served: Served | None) -> CompanyItem:
    by = None if served is None else served.by
    return CompanyItem(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        plan=row.plan,
        option=Option(row.plan, tuple(span.days for span in spans)),
        specialist=by.name if by else "",
        contacts=row.contacts,
        stands_in_for=served.dedicated.name if served and by and served.is_away else "",
    )


def company(session: Session, public_id: str) -> values.Company:
    """One company with its spans; raises NotFound."""
    row = company_row(session, public_id)
    spans = tuple(_spans_of(session, [row.id]).get(row.id, ()))
    return values.Company(row.id, row.public_id, row.name, row.plan, row.note, spans)


def company_row(session: Session, public_id: str, *, locked: bool = False) -> Company:
    """The row; raises NotFound.

    Whoever writes takes it ``locked`` before they look at what they write by (PostgreSQL; on SQLite there is
    one writer at a time): it is as the writer before them has left it then, and so is what belongs to it.
    """
    wanted = select(Company).where(Company.public_id == public_id)
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(wanted).first()
    if row is None:
        raise NotFound(f"no company {public_id!r}")
    return row


def served_by(today: date) -> Any:
    """The id of who is assigned to a company on a day, as a column beside Company."""
    return (
        select(Assignment.specialist_id)
        .where(Assignment.company_id == Company.id, Assignment.starts_on <= today)
        .order_by(Assignment.starts_on.desc())
        .limit(1)
        .correlate(Company)
        .scalar_subquery()
    )


def _items(today: date) -> Select[*tuple[Any, ...]]:
    contacts = (
        select(func.count())
        .select_from(Contact)
        .join(User, User.id == Contact.user_id)
        .where(Contact.company_id == Company.id, User.is_active, User.erased_at.is_(None))
        .correlate(Company)
    )
    return select(
        Company.id,
        Company.public_id,
        Company.name,
        Company.plan,
        served_by(today).label("specialist_id"),
        contacts.scalar_subquery().label("contacts"),
    )


def _conditions(text: str, only: Only, today: date) -> list[ColumnElement[bool]]:
    found = [holds(text, Company.name)] if text else []
    match only:
        case Only.WITH:
            found.append(has_option(today))
        case Only.WITHOUT:
            found.append(~has_option(today))
        case Only.ENDING:
            found += [has_option(today), ~has_option(today + _SOON)]
        case Only.UNSERVED:
            found += [has_option(today), ~_is_served(today)]
        case Only.ALL:
            return found
    return found


def has_option(day: date) -> ColumnElement[bool]:
    """Whether a company is entitled on a day, as app/customers/entitlement.py says it."""
    is_open = or_(Entitlement.ends_on.is_(None), Entitlement.ends_on >= day)
    spans = exists().where(Entitlement.company_id == Company.id, Entitlement.starts_on <= day, is_open)
    return and_(Company.plan == PLAN_WITH_OPTION, spans.correlate(Company))


def _is_served(today: date) -> ColumnElement[bool]:
    return has_server(served_by(today), today)


def _spans_of(session: Session, company_ids: Iterable[int]) -> dict[int, list[Span]]:
    rows = session.scalars(
        select(Entitlement)
        .where(Entitlement.company_id.in_(list(company_ids)))
        .order_by(Entitlement.starts_on, Entitlement.id)
    )
    found: dict[int, list[Span]] = {}
    for row in rows:
        span = Span(row.id, row.starts_on, row.ends_on, row.price_cents, row.note)
        found.setdefault(row.company_id, []).append(span)
    return found
