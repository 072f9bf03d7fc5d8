"""What is known of the companies and contacts that a file is about, and all of them for export."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import CONTACT
from app.customers.entitlement import DaySpan
from app.customers.files.plan import Known, KnownSpan
from app.customers.models import Company, Contact, Entitlement

# Below what a statement may hold on both databases.
_MOST = 5_000


def companies(
    session: Session, names: Collection[str], public_ids: Collection[str], *, locked: bool = False
) -> list[Known]:
    """The companies with one of these names or public ids, with their spans; see companies.company_row."""
    if locked:
        _lock(session, names, public_ids)
    found: dict[int, Company] = {}
    for some in _in_parts(names):
        found |= {row.id: row for row in session.scalars(select(Company).where(Company.name.in_(some)))}
    for some in _in_parts(public_ids):
        rows = session.scalars(select(Company).where(Company.public_id.in_(some)))
        found |= {row.id: row for row in rows}
    spans = spans_of(session, list(found))
    return [
        Known(
            row.id,
            row.public_id,
            {"name": row.name, "plan": row.plan, "note": row.note},
            tuple(spans.get(row.id, ())),
        )
        for row in found.values()
    ]


def _lock(session: Session, names: Collection[str], public_ids: Collection[str]) -> None:
    """In the order of their ids, so that no two writers wait for each other."""
    ids = set[int]()
    for column, values in ((Company.name, names), (Company.public_id, public_ids)):
        for some in _in_parts(values):
            ids.update(session.scalars(select(Company.id).where(column.in_(some))))
    for some in _in_parts(ids):
        session.execute(select(Company.id).where(Company.id.in_(some)).order_by(Company.id).with_for_update())
    session.expire_all()


def spans_of(session: Session, company_ids: Collection[int] | None = None) -> dict[int, list[KnownSpan]]:
    """The spans of these companies, or of all, in order."""
    wanted = select(Entitlement).order_by(Entitlement.starts_on)
    parts = (
        [wanted]
        if company_ids is None
        else [wanted.where(Entitlement.company_id.in_(some)) for some in _in_parts(company_ids)]
    )
    found: dict[int, list[KnownSpan]] = {}
    for part in parts:
        for row in session.scalars(part):
            span = KnownSpan(row.id, DaySpan(row.starts_on, row.ends_on), row.price_cents)
            found.setdefault(row.company_id, []).append(span)
    return found


def users(session: Session, emails: Collection[str], public_ids: Collection[str]) -> list[Known]:
    """Everybody with one of these addresses or public ids; those who are no contacts have no company."""
    found: dict[int, Known] = {}
    for column, values in ((User.email, emails), (User.public_id, public_ids)):
        for some in _in_parts(values):
            for row in session.execute(_contacts().where(column.in_(some), User.erased_at.is_(None))):
                found[row.id] = _known(row)
    return list(found.values())


def company_ids(session: Session, names: Collection[str]) -> dict[str, int]:
    """The ids of the companies with these names."""
    found: dict[str, int] = {}
    for some in _in_parts(names):
        rows = session.execute(select(Company.name, Company.id).where(Company.name.in_(some)))
        found |= {row.name: row.id for row in rows}
    return found


def all_companies(session: Session) -> Sequence[Company]:
    """Every company, by name."""
    return session.scalars(select(Company).order_by(Company.name)).all()


def all_contacts(session: Session) -> list[Known]:
    """Every contact that was not erased, by company and name."""
    wanted = _contacts().where(User.role == CONTACT, User.erased_at.is_(None))
    return [_known(row) for row in session.execute(wanted.order_by(Company.name, User.name, User.id))]


def _contacts() -> Any:
    return (
        select(
            User.id,
            User.public_id,
            Company.name.label("company"),
            User.email,
            User.name,
            Contact.phone,
            User.time_zone,
            User.language,
            User.is_active,
        )
        .outerjoin(Contact, Contact.user_id == User.id)
        .outerjoin(Company, Company.id == Contact.company_id)
    )


def _known(row: Any) -> Known:
    values = {name: row._mapping[name] or "" for name in ("company", "email", "name", "phone")}
    values |= {"time_zone": row.time_zone, "language": row.language}
    return Known(row.id, row.public_id, {**values, "active": "yes" if row.is_active else "no"})


def _in_parts(values: Collection[Any]) -> Iterator[list[Any]]:
    everything = sorted(values)
    for start in range(0, len(everything), _MOST):
        yield everything[start : start + _MOST]
