"""Reads of contacts for their administration; those whose data were erased are nobody's."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import CONTACT
from app.customers.contacts.values import ContactItem
from app.customers.models import Company, Contact
from app.lib.matching import holds, paged
from app.lib.paging import Place, Slice, cut, key_of

_ITEMS = (
    select(
        User.id,
        User.public_id,
        User.name,
        User.email,
        Contact.phone,
        User.language,
        User.time_zone,
        User.is_active,
        Company.name.label("company"),
        Company.public_id.label("company_public_id"),
    )
    .join(Contact, Contact.user_id == User.id)
    .join(Company, Company.id == Contact.company_id)
    .where(User.erased_at.is_(None))
)
_IS_CONTACT = User.role == CONTACT


def contacts(
    session: Session, *, text: str = "", company_id: int | None = None, place: Place | None = None
) -> Slice[ContactItem]:
    """A page of the contacts whose name or address holds the text, by name; one query."""
    place = place or Place()
    wanted = _ITEMS.where(_IS_CONTACT)
    if company_id is not None:
        # Said so, the role is no reason to go through everybody by the index of roles and names.
        wanted = _ITEMS.where(_IS_CONTACT.is_(True), Contact.company_id == company_id)
    if text:
        wanted = wanted.where(holds(text, User.name, User.email))
    rows = session.execute(paged(wanted, place, User.name, User.id)).all()
    return cut([(key_of(row.id, row.name), _item(row)) for row in rows], place)


def contact(session: Session, public_id: str) -> ContactItem:
    """The contact with this public id; raises NotFound."""
    row = session.execute(_ITEMS.where(_IS_CONTACT, User.public_id == public_id)).first()
    if row is None:
        raise NotFound(f"no contact {public_id!r}")
    return _item(row)


def _item(row: Row[*tuple[Any, ...]]) -> ContactItem:
    return ContactItem(*row)
