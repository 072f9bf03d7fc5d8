"""Contacts, specialists, and who serves whom; every answer is one query, or says how many."""

from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import SENIOR, SPECIALIST
from app.config import Settings
from app.customers.assignments.queries import assignments, company
from app.customers.assignments.service import assign, assign_first, take_back
from app.customers.entitlement import DaySpan, Option, is_entitled
from app.customers.errors import NoSpecialist, NotEntitled
from app.customers.models import Company, Contact, Entitlement, Specialist
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.queries_roster import SPECIALISTS, facts_of, profile_of
from app.customers.roster import Served, Shift, shifts
from app.lib.db import fetch
from app.lib.zones import local

__all__ = [
    "assign",
    "assign_first",
    "assignments",
    "choose_reminders",
    "company",
    "contact_profile",
    "require_entitled",
    "roster",
    "serving",
    "specialist_profile",
    "specialists",
    "take_back",
    "usual_stand_in",
    "wants_reminders",
]


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
    row = session.execute(SPECIALISTS.where(Specialist.user_id == user_id)).first()
    if row is None:
        raise NotFound(f"no specialist {user_id}")
    return profile_of(row)


def specialists(session: Session) -> list[SpecialistProfile]:
    """All specialists and seniors with an active account, by name."""
    theirs = User.role.in_((SPECIALIST, SENIOR))
    rows = session.execute(SPECIALISTS.where(User.is_active, theirs).order_by(User.name))
    return [profile_of(row) for row in rows]


def serving(session: Session, company_id: int, day: date) -> Served:
    """Who serves the company on a day of the service zone: the dedicated specialist, or who stands in.

    Raises NoSpecialist when nobody is assigned.
    """
    for shift in roster(session, company_id, day, day):
        return shift.served
    raise NoSpecialist(f"nobody serves company {company_id} on {day}")


def roster(session: Session, company_id: int, first: date, last: date) -> list[Shift]:
    """Who serves the company from day to day of the service zone, both included; no days unassigned.

    One query, two while somebody is away, whatever the span.
    """
    facts = facts_of(session, company_id, first, last)
    return shifts(facts.assigned, facts.people, facts.away, first, last)


def usual_stand_in(session: Session, specialist_id: int) -> int | None:
    """Who serves while this specialist is away, unless a time off names somebody."""
    wanted = select(Specialist.stand_in_id).where(Specialist.user_id == specialist_id)
    return session.scalars(wanted).first()


def require_entitled(profile: ContactProfile, now: datetime, settings: Settings) -> None:
    """Nothing, when the contact's company has the option today (service zone).

    Raises NotEntitled otherwise.
    """
    today = local(now, settings.service_time_zone).date()
    if not is_entitled(profile.option, today):
        raise NotEntitled(f"{profile.company_name} does not have the option on {today}")
