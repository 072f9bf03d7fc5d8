"""Companies and people by a part of their name or address, for the search of administrators."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.customers.finding.values import FoundCompany, FoundPerson
from app.customers.models import Company, Contact
from app.lib.matching import holds


def companies(session: Session, text: str, limit: int) -> list[FoundCompany]:
    """The first companies whose name holds the text, by name."""
    wanted = select(Company.public_id, Company.name).where(holds(text, Company.name))
    rows = session.execute(wanted.order_by(Company.name).limit(limit))
    return [FoundCompany(*row) for row in rows]


def people(session: Session, text: str, limit: int) -> list[FoundPerson]:
    """The first people whose name or address holds the text, by name; a whole address is one person's."""
    if "@" in text:
        whole = _people(session, User.email == text.lower(), limit)
        if whole:
            return whole
    return _people(session, holds(text, User.name, User.email), limit)


def _people(session: Session, condition: ColumnElement[bool], limit: int) -> list[FoundPerson]:
    company = func.coalesce(Company.name, "")
    rows = session.execute(
        select(User.public_id, User.name, User.email, User.role, company)
        .outerjoin(Contact, Contact.user_id == User.id)
        .outerjoin(Company, Company.id == Contact.company_id)
        .where(condition, User.erased_at.is_(None))
        .order_by(User.name, User.id)
        .limit(limit)
    )
    return [FoundPerson(*row) for row in rows]
