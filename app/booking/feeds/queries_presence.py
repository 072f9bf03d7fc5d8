"""What decides when a contact's specialist is in: the link's owner, and one row that changes when it does."""

from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.availability.models import OwnHoliday, Reservation
from app.booking.feeds.queries import OWNER, Owner
from app.booking.models import FeedLink
from app.booking.values import PRESENCE
from app.calendars.models import Calendar, CalendarAccount, CalendarPicture, CalendarSpan
from app.customers.entitlement import DaySpan
from app.customers.models import Assignment, Company, Contact, Entitlement, Specialist, TimeOff
from app.lib.db import in_one_text
from app.lib.intervals import Interval
from app.lib.tokens import token_hash

# The dedicated specialist, and whoever serves in their place.
_host, _person = aliased(User), aliased(User)
_dedicated, _server = aliased(Specialist), aliased(Specialist)
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
    .where(CalendarAccount.person_id == _server.user_id)
    .correlate(_server)
    .scalar_subquery()
)

_OWN_HOLIDAYS = select(in_one_text(OwnHoliday.day, OwnHoliday.country, OwnHoliday.region)).scalar_subquery()


def _taken(row: Any, condition: Any) -> ScalarSelect[Any]:
    """From when to when rows of somebody reach into the span."""
    return (
        select(in_one_text(row.starts_at, row.ends_at))
        .where(
            row.person_id == _server.user_id,
            row.ends_at > bindparam("first"),
            row.starts_at < bindparam("last"),
            condition,
        )
        .correlate(_server)
        .scalar_subquery()
    )


# Each day of the span has its dedicated specialist: the one of today, and whoever follows.
_IS_ASSIGNED = (Assignment.company_id == Company.id) & or_(
    Assignment.starts_on == _LATEST,
    (Assignment.starts_on > bindparam("today")) & (Assignment.starts_on <= bindparam("last_day")),
)
_AWAY = select(TimeOff.id).where(
    TimeOff.specialist_id == Assignment.specialist_id,
    TimeOff.last_day >= bindparam("today"),
    TimeOff.first_day <= bindparam("last_day"),
)
_NAMED = _AWAY.where(TimeOff.stand_in_id == _server.user_id).correlate(Assignment, _server)
_IS_SPECIALIST_AWAY = or_(_AWAY.correlate(Assignment).exists(), _host.is_active.is_(False))
# Who serves, and while that can be somebody else, all who may.
_MAY_SERVE = or_(
    _server.user_id == Assignment.specialist_id,
    _IS_SPECIALIST_AWAY & or_(_server.user_id == _dedicated.stand_in_id, _NAMED.exists()),
)
_DAYS_OFF = (
    select(in_one_text(TimeOff.first_day, TimeOff.last_day, TimeOff.stand_in_id))
    .where(TimeOff.specialist_id == _server.user_id, TimeOff.last_day >= bindparam("today"))
    .correlate(_server)
    .scalar_subquery()
)
_POLL: Select[*tuple[Any, ...]] = (
    select(
        *OWNER,
        Company.plan,
        _PAID_FOR,
        Assignment.starts_on,
        _dedicated.stand_in_id,
        _person.public_id,
        _person.name,
        _person.is_active,
        _server.country,
        _server.region,
        _OWN_HOLIDAYS,
        _DAYS_OFF,
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
    .outerjoin(Assignment, _IS_ASSIGNED)
    .outerjoin(_dedicated, _dedicated.user_id == Assignment.specialist_id)
    .outerjoin(_host, _host.id == Assignment.specialist_id)
    .outerjoin(_server, _MAY_SERVE)
    .outerjoin(_person, _person.id == _server.user_id)
    .outerjoin(CalendarPicture, CalendarPicture.person_id == _server.user_id)
    .where(FeedLink.token_hash == bindparam("token_hash"), FeedLink.kind == PRESENCE, User.is_active)
    .order_by(Assignment.starts_on, _server.user_id)
)


def poll_presence(
    connection: Connection, token: str, days: DaySpan, span: Interval, fresh: Interval
) -> tuple[Owner, tuple[Any, ...]] | None:
    """The active owner of a link to presence, and what changes whenever it does within ``span``. One query.

    ``days`` are those of the service zone, today first, ``fresh`` when a calendar must have been read to be
    believed. One row for each person who may serve on one of them.
    """
    asked = {
        "token_hash": token_hash(token),
        "today": days.first,
        "last_day": days.last,
        "first": span.start,
        "last": span.end,
        "oldest": fresh.start,
        "newest": fresh.end,
    }
    rows = connection.execute(_POLL, asked).all()
    return (Owner(*rows[0][:4]), tuple(value for row in rows for value in row[4:])) if rows else None
