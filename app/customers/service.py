"""Contacts, specialists, and who serves whom; every answer is one query."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import SENIOR, SPECIALIST
from app.config import Settings
from app.customers.assignments.queries import assignments, company
from app.customers.assignments.service import assign, assign_first, take_back
from app.customers.entitlement import DaySpan, Option, is_entitled
from app.customers.errors import NoSpecialist, NotEntitled
from app.customers.models import Assignment, Company, Contact, Entitlement, Specialist
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.lib.db import fetch
from app.lib.zones import local

__all__ = [
    "assign",
    "assign_first",
    "assignments",
    "choose_reminders",
    "companies_served",
    "company",
    "contact_profile",
    "require_entitled",
    "serving",
    "specialist_profile",
    "specialists",
    "take_back",
    "wants_reminders",
]

_SPECIALISTS: Select[*tuple[Any, ...]] = select(
    User.id.label("user_id"),
    User.public_id,
    User.name,
    User.email,
    User.language,
    User.time_zone,
    Specialist.titles,
    Specialist.country,
    Specialist.phone,
    Specialist.spoken_languages,
    Specialist.room_url,
    Specialist.region,
).join(Specialist, Specialist.user_id == User.id)
_SERVING = (
    _SPECIALISTS.join(Assignment, Assignment.specialist_id == Specialist.user_id)
    .where(Assignment.company_id == bindparam("company_id"), Assignment.starts_on <= bindparam("day"))
    .order_by(Assignment.starts_on.desc())
    .limit(1)
)
_CONTACT = (
    select(
        User.public_id,
        User.name,
        User.email,
        User.language,
        User.time_zone,
        Contact.phone,
        Company.id.label("company_id"),
        Company.public_id.label("company_public_id"),
        Company.name.label("company_name"),
        Company.plan,
        Entitlement.starts_on,
        Entitlement.ends_on,
    )
    .join(Contact, Contact.user_id == User.id)
    .join(Company, Company.id == Contact.company_id)
    .outerjoin(Entitlement, Entitlement.company_id == Company.id)
    .where(User.id == bindparam("user_id"))
    .order_by(Entitlement.starts_on)
)


def contact_profile(session: Session, user_id: int) -> ContactProfile:
    """The contact with this user id.

    Raises NotFound when the user is no contact.
    """
    rows = fetch(session, _CONTACT, user_id=user_id).all()
    if not rows:
        raise NotFound(f"no contact {user_id}")
    first = rows[0]
    spans = tuple(DaySpan(row.starts_on, row.ends_on) for row in rows if row.starts_on is not None)
    return ContactProfile(
        user_id=user_id,
        public_id=first.public_id,
        name=first.name,
        email=first.email,
        language=first.language,
        time_zone=first.time_zone,
        phone=first.phone,
        company_id=first.company_id,
        company_public_id=first.company_public_id,
        company_name=first.company_name,
        option=Option(first.plan, spans),
    )


def wants_reminders(session: Session, user_id: int) -> bool:
    """Whether this contact is reminded of calls by e-mail."""
    wanted = select(Contact.wants_reminders).where(Contact.user_id == user_id)
    return bool(session.execute(wanted).scalar_one())


def choose_reminders(session: Session, user_id: int, *, wanted: bool) -> None:
    """Keep whether this contact wants reminders of calls."""
    session.execute(update(Contact).where(Contact.user_id == user_id).values(wants_reminders=wanted))


def specialist_profile(session: Session, user_id: int) -> SpecialistProfile:
    """The specialist or senior with this user id.

    Raises NotFound when the user is neither.
    """
    row = session.execute(_SPECIALISTS.where(Specialist.user_id == user_id)).first()
    if row is None:
        raise NotFound(f"no specialist {user_id}")
    return _profile(row)


def specialists(session: Session) -> list[SpecialistProfile]:
    """All specialists and seniors with an active account, by name."""
    theirs = User.role.in_((SPECIALIST, SENIOR))
    rows = session.execute(_SPECIALISTS.where(User.is_active, theirs).order_by(User.name))
    return [_profile(row) for row in rows]


def serving(session: Session, company_id: int, day: date) -> SpecialistProfile:
    """Who serves the company on a day of the service zone: the latest assignment begun by then.

    Raises NoSpecialist when there is none.
    """
    row = fetch(session, _SERVING, company_id=company_id, day=day).first()
    if row is None:
        raise NoSpecialist(f"nobody serves company {company_id} on {day}")
    return _profile(row)


def require_entitled(profile: ContactProfile, now: datetime, settings: Settings) -> None:
    """Nothing, when the contact's company has the option today (service zone).

    Raises NotEntitled otherwise.
    """
    today = local(now, settings.service_time_zone).date()
    if not is_entitled(profile.option, today):
        raise NotEntitled(f"{profile.company_name} does not have the option on {today}")


def companies_served(session: Session, specialist_id: int, day: date) -> list[str]:
    """The names of the companies that this specialist serves on a day of the service zone, sorted."""
    rows = session.execute(
        select(Company.name, Assignment.specialist_id)
        .join(Assignment, Assignment.company_id == Company.id)
        .where(Assignment.starts_on <= day)
        .order_by(Company.name, Assignment.starts_on)
    )
    # The last row of a company is its latest assignment, which is the one that counts.
    latest = {row.name: row.specialist_id for row in rows}
    return [name for name, served_by in latest.items() if served_by == specialist_id]


def _profile(row: Row[*tuple[Any, ...]]) -> SpecialistProfile:
    return SpecialistProfile(**row._mapping)
