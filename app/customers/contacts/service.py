"""Adding, changing, disabling contacts; they stay with their company."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.models import User
from app.accounts.people.service import add_user, change_user, switch_user
from app.accounts.service import record
from app.accounts.values import CONTACT, SignedIn
from app.config import Settings
from app.customers.companies.queries import company_row
from app.customers.contacts.queries import contact, contacts
from app.customers.models import Contact

__all__ = ["add_contact", "change_contact", "contact", "contacts", "switch_contact"]


def add_contact(
    session: Session, now: datetime, actor: SignedIn, company_id: str, values: Mapping[str, Any]
) -> str:
    """A new contact of the company with this public id; their own. Raises NotFound and AddressTaken."""
    company = company_row(session, company_id)
    user = add_user(session, now, CONTACT, values)
    session.add(Contact(user_id=user.id, company_id=company.id, phone=values["phone"]))
    changes = differences({}, {**values, "company": company.name})
    record(session, now, actor, "contact_added", "user", user.id, changes=changes)
    record(session, now, actor, "contact_added", "company", company.id, contact=user.public_id)
    session.flush()
    return user.public_id


def change_contact(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    values: Mapping[str, Any],
) -> None:
    """Give a contact these columns; raises NotFound and AddressTaken."""
    user, row = _rows(session, public_id)
    changes = change_user(session, now, settings, actor, user, values)
    changes |= differences({"phone": row.phone}, {"phone": values["phone"]})
    row.phone = values["phone"]
    if changes:
        record(session, now, actor, "user_changed", "user", user.id, changes=changes)
    session.flush()


def switch_contact(
    session: Session, now: datetime, actor: SignedIn, public_id: str, *, is_active: bool
) -> None:
    """Shut a contact out at once, or let them in again; their calls stay. Raises NotFound."""
    user, _row = _rows(session, public_id)
    switch_user(session, now, actor, user, is_active=is_active)


def _rows(session: Session, public_id: str) -> tuple[User, Contact]:
    user_id = contact(session, public_id).user_id
    return session.get_one(User, user_id), session.get_one(Contact, user_id)
