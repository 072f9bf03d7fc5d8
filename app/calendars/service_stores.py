"""Opening somebody's accounts for reading and writing, outside of any transaction."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.calendars.errors import CredentialsRefused, NoCalendar
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.queries import AccountRow
from app.calendars.server.client import CalDavClient, client_for
from app.calendars.values import KEPT
from app.config import Settings
from app.lib.sealed import CannotOpen, unseal
from app.lib.urls import origin_of


@dataclass(frozen=True, slots=True)
class CalendarStore:
    """The account that takes a person's bookings; close the client afterwards."""

    person_id: int
    account_id: int
    booking_calendar_href: str | None
    client: CalDavClient


@dataclass(frozen=True, slots=True)
class HoursStore:
    """Where a person's working hours stand; close the client afterwards, if there is one.

    ``client`` is that of the hours' account, None for hours that only we keep, and ``href`` as ``source``
    says (see Calendar). ``booking_calendar_href`` is where time off is written that the hours themselves
    cannot say; it may be on another account, to be had from open_store.
    """

    person_id: int
    account_id: int
    calendar_id: int
    source: str
    href: str
    booking_calendar_href: str | None
    client: CalDavClient | None


def place_of(person_id: int, url: str, username: str) -> tuple[str, ...]:
    """What a stored password is bound to: with another person, server or user name it does not open."""
    return str(person_id), origin_of(url), username, "password"


def seal_place(account: CalendarAccount) -> tuple[str, ...]:
    """What this account's password is bound to."""
    return place_of(account.person_id, account.url, account.username)


def open_password(settings: Settings, account: CalendarAccount | AccountRow) -> str:
    """The account's password, or a subscription's whole address.

    Raises CredentialsRefused when it does not open any more.
    """
    place = place_of(account.person_id, account.url, account.username)
    try:
        return unseal(settings.sealing_keys, account.sealed_password, *place)
    except CannotOpen as error:
        raise CredentialsRefused("sealed") from error


def open_client(session: Session, settings: Settings, account_id: int) -> CalDavClient:
    """One account's server; no network yet.

    Raises NoCalendar without that account, CredentialsRefused when the stored password does not open, and
    NotReached when the address must not be called.
    """
    account = session.get(CalendarAccount, account_id)
    if account is None or account.kind != "caldav":
        raise NoCalendar("no_account")
    return client_for(settings, account.url, account.username, open_password(settings, account))


def open_store(session: Session, settings: Settings, person_id: int) -> CalendarStore:
    """The account whose calendar takes the person's bookings (the first when none does); no network yet.

    Raises as open_client does.
    """
    account_id, href = _booking_calendar(session, person_id)
    if account_id is None:
        first = select(CalendarAccount.id).where(
            CalendarAccount.person_id == person_id, CalendarAccount.kind == "caldav"
        )
        account_id = session.scalars(first.order_by(CalendarAccount.id).limit(1)).first()
    if account_id is None:
        raise NoCalendar("no_account")
    return CalendarStore(person_id, account_id, href, open_client(session, settings, account_id))


def open_hours(session: Session, settings: Settings, person_id: int) -> HoursStore:
    """Where the person's working hours are read and written; no network yet.

    Raises NoCalendar (``no_hours_calendar``) when nothing is chosen, else as open_client does.
    """
    row = session.execute(
        _calendars(person_id).where(Calendar.purpose == "working_hours").order_by(Calendar.id).limit(1)
    ).one_or_none()
    if row is None:
        raise NoCalendar("no_hours_calendar")
    calendar: Calendar = row[0]
    client = None
    if calendar.source != KEPT:
        client = open_client(session, settings, calendar.account_id)
    _, booking = _booking_calendar(session, person_id)
    return HoursStore(
        person_id, calendar.account_id, calendar.id, calendar.source, calendar.href, booking, client
    )


def _calendars(person_id: int) -> Select[Calendar]:
    return select(Calendar).join(CalendarAccount).where(CalendarAccount.person_id == person_id)


def _booking_calendar(session: Session, person_id: int) -> tuple[int | None, str | None]:
    """Account and href of the calendar that takes the bookings."""
    wanted = _calendars(person_id).where(Calendar.receives_bookings).order_by(Calendar.id).limit(1)
    row = session.scalars(wanted).first()
    return (None, None) if row is None else (row.account_id, row.href)
