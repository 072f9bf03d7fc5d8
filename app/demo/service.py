"""Puts the cast into the database; what is there already is left as it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.proofs.authenticator import new_seed
from app.accounts.proofs.queries import has_factor
from app.accounts.proofs.service import open_seed
from app.accounts.proofs.service_setting import keep_seed
from app.accounts.queries import by_email
from app.availability.service_own_days import add_own_day, own_days
from app.booking.models import CallType
from app.calendars.errors import CredentialsRefused
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect, open_password
from app.config import Settings
from app.customers.models import Assignment, Company, Contact, Entitlement, Specialist
from app.demo.calendars import DemoCalendar, company_day
from app.demo.cast import CALL_TYPES, COMPANIES, PEOPLE, STAND_INS, CastCompany, CastPerson, person
from app.desk.escalations.on_call import weeks_from
from app.desk.escalations.queries import monday_of
from app.desk.escalations.queries_on_call import plan_of
from app.desk.escalations.service_on_call import set_weeks
from app.lib.addresses import is_loopback
from app.lib.sealed import CannotOpen
from app.lib.tokens import new_public_id

# The option was bought, and people were assigned, some time ago.
_SINCE = timedelta(days=90)


def make_cast(session: Session, now: datetime) -> dict[str, int]:
    """Make the companies, people and call types that are missing; everybody's user id by short name."""
    companies = {cast.name: _company(session, cast) for cast in COMPANIES}
    users = {cast.email: _user(session, now, cast) for cast in PEOPLE}
    session.flush()
    for cast in PEOPLE:
        _role_row(session, cast, users[cast.email].id, companies)
    session.flush()
    first_day = (now - _SINCE).date()
    for company in COMPANIES:
        if company.specialist:
            served_by = users[company.specialist].id
            _serve(session, companies[company.name].id, served_by, first_day)
    _stand_in(session, {person.email: users[person.email].id for person in PEOPLE})
    _make_call_types(session)
    session.flush()
    return {cast.short_name: users[cast.email].id for cast in PEOPLE}


def give_authenticators(session: Session, now: datetime, settings: Settings) -> None:
    """Set up an authenticator for those of the staff who have no second factor; its seed is sealed."""
    for cast in PEOPLE:
        user = by_email(session, cast.email)
        if user and user.is_staff and not has_factor(session, user.id):
            keep_seed(session, now, settings, user, new_seed(), None)


def name_day_off(session: Session, now: datetime) -> None:
    """Name a day off of our own, the Friday of the company day in the calendars, unless one is named."""
    ada = by_email(session, person("ada").email)
    if ada is None or own_days(session):
        return
    names = {"en": "Company day", "ru": "День компании"}
    add_own_day(session, now, ada, company_day(now.date()), ("", ""), names)


def put_on_call(session: Session, now: datetime, settings: Settings) -> None:
    """Enter Lev as the senior on call for the coming weeks, unless somebody is entered in one of them."""
    ada, lev = (by_email(session, person(name).email) for name in ("ada", "lev"))
    mondays = weeks_from(monday_of(now, settings))
    if ada is None or lev is None or any(plan_of(session, mondays).values()):
        return
    set_weeks(session, now, ada, dict.fromkeys(mondays, lev.id))


def authenticator_key(session: Session, settings: Settings, email: str) -> str:
    """The seed of a person's authenticator, to be said; empty when there is none that can be opened."""
    user = by_email(session, email)
    try:
        return open_seed(session, settings, user) if user else ""
    except CannotOpen:
        return ""


def connect_account(
    session: Session,
    now: datetime,
    settings: Settings,
    person_id: int,
    login: tuple[str, str, str],
    calendars: Mapping[str, DemoCalendar],
) -> bool:
    """Connect a specialist to the embedded server; ``login`` is URL, user name and password.

    False, and nothing changed, when they are connected already, be it there or to a server of their own.
    """
    url, username, password = login
    account = session.scalar(select(CalendarAccount).where(CalendarAccount.person_id == person_id))
    if account is not None and not _is_outdated(settings, account, url, password):
        return False
    account = connect(session, now, settings, person_id, url, username, password)
    purposes = {href: calendar.purpose for href, calendar in calendars.items()}
    names = {href: calendar.name for href, calendar in calendars.items()}
    receives = next(href for href, calendar in calendars.items() if calendar.receives_bookings)
    choose(session, account, purposes, receives, names)
    return True


def _is_outdated(settings: Settings, account: CalendarAccount, url: str, password: str) -> bool:
    """Whether it means the embedded server, at another port or with another password than now."""
    if not is_loopback(urlsplit(account.url).hostname or ""):
        return False
    try:
        return account.url != url or open_password(settings, account) != password
    except CredentialsRefused:
        return True


def _company(session: Session, cast: CastCompany) -> Company:
    row = session.scalar(select(Company).where(Company.name == cast.name))
    if row is None:
        row = Company(public_id=new_public_id(), name=cast.name, plan=cast.plan)
        session.add(row)
    return row


def _user(session: Session, now: datetime, cast: CastPerson) -> User:
    row = session.scalar(select(User).where(User.email == cast.email))
    if row is None:
        row = User(
            public_id=new_public_id(),
            email=cast.email,
            name=cast.name,
            role=cast.role,
            language=cast.language,
            time_zone=cast.time_zone,
            is_active=True,
            created_at=now,
        )
        session.add(row)
    return row


def _role_row(session: Session, cast: CastPerson, user_id: int, companies: dict[str, Company]) -> None:
    if cast.company and session.get(Contact, user_id) is None:
        session.add(Contact(user_id=user_id, company_id=companies[cast.company].id, phone=cast.phone))
    if cast.country and session.get(Specialist, user_id) is None:
        session.add(
            Specialist(
                user_id=user_id,
                titles=dict(cast.titles),
                country=cast.country,
                phone=cast.phone,
                spoken_languages=cast.spoken_languages,
                room_url=cast.room_url,
            )
        )


def _stand_in(session: Session, ids: Mapping[str, int]) -> None:
    """Give those who have none the stand-in of the cast."""
    for address, stand_in in STAND_INS.items():
        row = session.get(Specialist, ids[address])
        if row is not None and row.stand_in_id is None:
            row.stand_in_id = ids[stand_in]


def _serve(session: Session, company_id: int, specialist_id: int, first_day: date) -> None:
    if not session.scalar(select(Entitlement.id).where(Entitlement.company_id == company_id).limit(1)):
        session.add(Entitlement(company_id=company_id, starts_on=first_day, ends_on=None))
    if not session.scalar(select(Assignment.id).where(Assignment.company_id == company_id).limit(1)):
        session.add(Assignment(company_id=company_id, specialist_id=specialist_id, starts_on=first_day))


def _make_call_types(session: Session) -> None:
    known = set(session.scalars(select(CallType.slug)))
    for position, cast in enumerate(CALL_TYPES):
        if cast.slug in known:
            continue
        session.add(
            CallType(
                slug=cast.slug,
                position=position,
                names=dict(cast.names),
                hints=dict(cast.hints),
                length=cast.length,
                grid=30,
                buffer_before=cast.buffer_before,
                buffer_after=cast.buffer_after,
                notice=cast.notice,
                horizon_days=56,
                daily_cap=cast.daily_cap,
                move_notice=cast.move_notice,
                cancel_notice=cast.move_notice,
            )
        )
