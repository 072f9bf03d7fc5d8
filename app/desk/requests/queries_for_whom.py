"""Whom our people can open a request for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.lib.zones import local

_MOST = 500


@dataclass(frozen=True, slots=True)
class Customer:
    """A contact of a company that somebody serves."""

    contact_id: int
    public_id: str
    name: str
    company_id: int
    company_name: str


def customers_of(
    session: Session, now: datetime, settings: Settings, user: SignedIn, company: str = ""
) -> list[Customer]:
    """The contacts of the companies that somebody serves today, or of one of them by its public id.

    By company and name, at most 500. Three queries.
    """
    today = local(now, settings.service_time_zone).date()
    wanted = (
        select(User.id, User.public_id, User.name, Company.id, Company.name)
        .join(Contact, Contact.user_id == User.id)
        .join(Company, Company.id == Contact.company_id)
        .where(served_by(session, user.id, today, Company.id), User.is_active)
        .order_by(Company.name, User.name, User.id)
        .limit(_MOST)
    )
    if company:
        wanted = wanted.where(Company.public_id == company)
    return [Customer(*row) for row in session.execute(wanted)] if company.isprintable() else []
