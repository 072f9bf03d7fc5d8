"""Making accounts, changing their roles, shutting and opening them, for operators."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.people.errors import LastAdministrator
from app.accounts.people.service import keep_an_administrator, shut_out
from app.accounts.proofs import service_setting as proofs
from app.accounts.values import CONTACT
from app.config import Settings
from app.customers.models import Company, Contact, Specialist
from app.customers.people.queries import depending_on
from app.customers.people.service_leaving import stand_in_no_more
from app.customers.users.errors import StillServes, UserRefused
from app.customers.users.new_user import ENGINEERS, NewUser, Wish, checked, checked_belongings
from app.lib.db import unique
from app.lib.tokens import new_public_id
from app.lib.zones import local

OPERATOR = "operator"


def find_user(session: Session, email: str) -> User:
    """Whoever has this address, disabled ones too.

    Raises NotFound.
    """
    row = session.scalar(select(User).where(User.email == email.strip().lower(), User.erased_at.is_(None)))
    if row is None:
        raise NotFound(f"nobody has the address {email!r}")
    return row


def add(
    session: Session, now: datetime, typed: NewUser, languages: tuple[str, ...], *, actor: str = OPERATOR
) -> User:
    """A new account with what its role has besides; ``actor`` is who the audit log names.

    Raises UserRefused and, for a company that is not there, NotFound.
    """
    user = checked(typed, languages)
    taken = UserRefused(f"somebody has the address {user.email!r} already")
    if session.scalar(select(User.id).where(User.email == user.email)):
        raise taken
    row = User(
        public_id=new_public_id(),
        email=user.email,
        name=user.name,
        role=user.role,
        language=user.language,
        time_zone=user.time_zone,
        is_active=True,
        created_at=now,
    )
    # Whoever signs in by OpenID goes on after a refusal: the transaction must not be lost with it.
    with unique("user", "email", taken), session.begin_nested():
        session.add(row)
    _give_belongings(session, row, user.company, user.country)
    accounts.record(session, now, actor, "added", "user", row.id, role=row.role, company=user.company)
    return row


def change_role(
    session: Session,
    now: datetime,
    settings: Settings,
    email: str,
    wish: Wish,
    *,
    has_calls: bool,
    actor: str = OPERATOR,
) -> User:
    """Give somebody another role; their sessions end, and what belonged to the old role goes.

    ``has_calls`` says whether calls ahead count on them in the old one. Raises NotFound, UserRefused, and
    StillServes for a specialist who would be none any more while a company counts on them.
    """
    row = find_user(session, email)
    before, role = row.role, wish.role
    country = wish.country or _country_of(session, row.id, role)
    country = checked_belongings(role, wish.company, country)
    if role == before:
        raise UserRefused(f"{row.email} is {role} already")
    is_leaving = before in ENGINEERS and role not in ENGINEERS
    if has_calls and (is_leaving or before == CONTACT):
        raise UserRefused(f"{row.email} has calls ahead: let them take place or move or cancel them first")
    _keep_an_administrator(session, row)
    if is_leaving:
        today = local(now, settings.service_time_zone).date()
        _leave_companies(session, today, row)
        stand_in_no_more(session, now, today, actor, row.id)
    if before == CONTACT:
        session.execute(delete(Contact).where(Contact.user_id == row.id))
    row.role = role
    _give_belongings(session, row, wish.company, country)
    if role == CONTACT:
        proofs.forget_password(session, row.id)
        proofs.forget_factors(session, row.id)
    shut_out(session, now, row)
    accounts.record(session, now, actor, "changed the role", "user", row.id, role=[before, role])
    return row


def switch(session: Session, now: datetime, email: str, *, is_active: bool) -> User:
    """Disable an account, whose sessions, links and steps end at once, or enable it again.

    Raises NotFound, and UserRefused for the last administrator.
    """
    row = find_user(session, email)
    if row.is_active != is_active:
        _keep_an_administrator(session, row)
        row.is_active = is_active
        shut_out(session, now, row)
        verb = "enabled" if is_active else "disabled"
        accounts.record(session, now, OPERATOR, verb, "user", row.id, is_active=[not is_active, is_active])
    return row


def reset_factors(session: Session, now: datetime, email: str) -> tuple[User, dict[str, int]]:
    """Take away every second factor of somebody, who sets up a new one when they next sign in by a link.

    The password goes too: alone, it must not be enough for that. How many of each there were.

    Raises NotFound.
    """
    row = find_user(session, email)
    gone = proofs.forget_factors(session, row.id)
    gone["password"] = proofs.forget_password(session, row.id)
    shut_out(session, now, row)
    detail: dict[str, Any] = {name: [number, 0] for name, number in gone.items()}
    accounts.record(session, now, OPERATOR, "reset the second factor", "user", row.id, **detail)
    return row, gone


def _keep_an_administrator(session: Session, row: User) -> None:
    try:
        keep_an_administrator(session, row)
    except LastAdministrator as error:
        raise UserRefused(f"{row.email} is the last administrator: make somebody else one first") from error


def _country_of(session: Session, user_id: int, role: str) -> str:
    """That of an engineer who stays one."""
    row = session.get(Specialist, user_id) if role in ENGINEERS else None
    return row.country if row else ""


def _leave_companies(session: Session, today: date, row: User) -> None:
    """Raises StillServes while companies have this specialist, today or from a later day on."""
    names = depending_on(session, row.id, today)
    if names:
        raise StillServes(f"{row.email} serves {', '.join(names)}: give them to somebody else first")


def _give_belongings(session: Session, row: User, company: str, country: str) -> None:
    if row.role == CONTACT:
        found = session.scalar(select(Company.id).where(Company.name == company.strip()))
        if found is None:
            raise NotFound(f"there is no company {company.strip()!r}")
        session.add(Contact(user_id=row.id, company_id=found))
    if row.role in ENGINEERS:
        specialist = session.get(Specialist, row.id) or Specialist(user_id=row.id, titles={})
        specialist.country = country
        session.add(specialist)
    session.flush()
