"""What decides when a contact's specialist is in: the link's owner, and one row that changes when it does."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, bindparam, case, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.availability.models import OwnHoliday, Reservation
from app.booking.feeds.queries import OWNER, Owner
from app.booking.models import FeedLink
from app.booking.values import PRESENCE
from app.calendars.models import Calendar, CalendarAccount, CalendarPicture, CalendarSpan
from app.customers.models import Assignment, Company, Contact, Entitlement, Specialist
from app.lib.db import in_one_text
from app.lib.intervals import Interval
from app.lib.tokens import token_hash

_host = aliased(User)
_LATEST = (
    select(func.max(Assignment.starts_on))
    .where(Assignment.company_id == Contact.company_id, Assignment.starts_on <= bindparam("today"))
    .correlate(Contact)
    .scalar_subquery()
)
_PAID_FOR = (
    select(in_one_text(Entitlement.starts_on, Entitlement.ends_on))
    .where(Entitlement.company_id == Contact.company_id)
    .correlate(Contact)
    .scalar_subquery()
)
# Only whether a look is fresh counts: there is a new one every minute.
_FRESH = case(
    (CalendarAccount.in_step_at > bindparam("newest"), 2),
    (CalendarAccount.in_step_at >= bindparam("oldest"), 1),
    else_=0,
)
_ACCOUNTS = (
    select(in_one_text(CalendarAccount.id, _FRESH, Calendar.id, Calendar.purpose))
    .outerjoin(Calendar, Calendar.account_id == CalendarAccount.id)
    .where(CalendarAccount.person_id == Assignment.specialist_id)
    .correlate(Assignment)
    .scalar_subquery()
)

_OWN_HOLIDAYS = select(in_one_text(OwnHoliday.day, OwnHoliday.country, OwnHoliday.region)).scalar_subquery()


def _taken(row: Any, condition: Any) -> ScalarSelect[Any]:
    """From when to when rows of the specialist reach into the span."""
    return (
        select(in_one_text(row.starts_at, row.ends_at))
        .where(
            row.person_id == Assignment.specialist_id,
            row.ends_at > bindparam("first"),
            row.starts_at < bindparam("last"),
            condition,
        )
        .correlate(Assignment)
        .scalar_subquery()
    )


_POLL: Select[*tuple[Any, ...]] = (
    select(
        *OWNER,
        Company.plan,
        _PAID_FOR,
        _host.public_id,
        _host.name,
        Specialist.country,
        Specialist.region,
        _OWN_HOLIDAYS,
        _ACCOUNTS,
        CalendarPicture.starts_at,
        CalendarPicture.ends_at,
        CalendarPicture.busy,
        CalendarPicture.working,
        CalendarPicture.time_off,
        _taken(CalendarSpan, CalendarSpan.is_own),
        _taken(Reservation, Reservation.kind == "booking"),
    )
    .join(User, User.id == FeedLink.user_id)
    .join(Contact, Contact.user_id == User.id)
    .join(Company, Company.id == Contact.company_id)
    .outerjoin(Assignment, (Assignment.company_id == Company.id) & (Assignment.starts_on == _LATEST))
    .outerjoin(Specialist, Specialist.user_id == Assignment.specialist_id)
    .outerjoin(_host, _host.id == Assignment.specialist_id)
    .outerjoin(CalendarPicture, CalendarPicture.person_id == Assignment.specialist_id)
    .where(FeedLink.token_hash == bindparam("token_hash"), FeedLink.kind == PRESENCE, User.is_active)
)


def poll_presence(
    connection: Connection, token: str, today: date, span: Interval, fresh: Interval
) -> tuple[Owner, tuple[Any, ...]] | None:
    """The active owner of a link to presence, and what changes whenever it does within ``span``. One query.

    ``today`` is the day of the service zone, ``fresh`` when a calendar must have been read to be believed.
    """
    asked = {
        "token_hash": token_hash(token),
        "today": today,
        "first": span.start,
        "last": span.end,
        "oldest": fresh.start,
        "newest": fresh.end,
    }
    row = connection.execute(_POLL, asked).first()
    return None if row is None else (Owner(*row[:4]), tuple(row[4:]))
