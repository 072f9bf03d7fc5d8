"""Whom our people may open a request for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.lib.zones import local


def customer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, company: str, contact: str = ""
) -> tuple[int, int | None]:
    """The ids of a company that this engineer serves today and, if one is named, of its contact.

    Both by public id; a contact alone names the company too. Raises NotFound for anything else.
    """
    if not (company + contact).isprintable() or not company + contact:
        raise NotFound("no customer is named")
    today = local(now, settings.service_time_zone).date()
    wanted = (
        select(Company.id, User.id)
        .outerjoin(Contact, Contact.company_id == Company.id)
        .outerjoin(User, (User.id == Contact.user_id) & User.is_active)
        .where(served_by(session, user.id, today, Company.id))
    )
    if company:
        wanted = wanted.where(Company.public_id == company)
    if contact:
        wanted = wanted.where(User.public_id == contact)
    row = session.execute(wanted.limit(1)).first()
    if row is None:
        raise NotFound(f"no customer {company!r} {contact!r} of {user.id}")
    return row[0], row[1] if contact else None
