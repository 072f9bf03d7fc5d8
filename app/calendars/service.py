"""Calendar accounts: connecting, choosing, the picture of somebody's time, and writing through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.client import CalDavClient, client_for
from app.calendars.errors import CredentialsRefused, NoCalendar
from app.calendars.hrefs import canonical_path, parent
from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.calendars.picture import place, uid_of, window_of
from app.calendars.service_replica import ObjectChange, renew_picture, store_objects
from app.calendars.values import CalendarView, Fetched
from app.config import Settings
from app.lib.intervals import Interval
from app.lib.packed import PackedIntervals, unpack
from app.lib.sealed import CannotOpen, seal, unseal
from app.lib.urls import origin_of


@dataclass(frozen=True, slots=True)
class CalendarStore:
    """What writing to somebody's calendars needs, outside of any transaction; close the client afterwards."""

    person_id: int
    booking_calendar_href: str | None
    hours_calendar_href: str | None
    client: CalDavClient


def place_of(person_id: int, url: str, username: str) -> tuple[str, ...]:
    """What a stored password is bound to: with another person, server or user name it does not open."""
    return str(person_id), origin_of(url), username, "password"


def seal_place(account: CalendarAccount) -> tuple[str, ...]:
    """What this account's password is bound to."""
    return place_of(account.person_id, account.url, account.username)


def connect(
    session: Session,
    now: datetime,
    settings: Settings,
    person_id: int,
    url: str,
    username: str,
    password: str,
) -> CalendarAccount:
    """Store (or replace) the person's account, its password sealed; the sync begins at once.

    Another server or user name forgets the calendars chosen before. Raises ValueError for a bad address.
    """
    sealed = seal(settings.sealing_keys, password, *place_of(person_id, url, username))
    account = session.scalars(
        select(CalendarAccount).where(CalendarAccount.person_id == person_id)
    ).one_or_none()
    if account is None:
        account = CalendarAccount(person_id=person_id, state_since=now, state="unreachable")
        session.add(account)
    elif seal_place(account) != place_of(person_id, url, username):
        session.execute(delete(Calendar).where(Calendar.account_id == account.id))
        account.in_step_at = None
        renew_picture(session, person_id)
    account.url, account.username, account.sealed_password = url, username, sealed
    account.next_sync_at, account.claimed_until, account.failures = now, None, 0
    if account.state != "ok":
        account.state, account.state_detail = "unreachable", ""
    session.flush()
    return account


def choose(
    session: Session,
    account: CalendarAccount,
    purposes: Mapping[str, str],
    receives_href: str | None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Say what each calendar is for; all others of the account are forgotten.

    A new purpose, and choosing again while a calendar is in doubt (state ``missing``), make the next sync
    read it afresh. Raises ValueError for an unknown purpose or bookings into a calendar that is not busy.
    """
    wanted = {canonical_path(href, account.url): purpose for href, purpose in purposes.items()}
    receives = None if receives_href is None else canonical_path(receives_href, account.url)
    if not set(wanted.values()) <= {*queries.CHOSEN, "ignored"}:
        raise ValueError(f"unknown purpose in {sorted(set(wanted.values()))}")
    if receives is not None and wanted.get(receives) != "busy":
        raise ValueError("bookings can only be written to a calendar that counts as busy")
    titles = {canonical_path(href, account.url): name for href, name in (names or {}).items()}
    rows = {
        row.href: row for row in session.scalars(select(Calendar).where(Calendar.account_id == account.id))
    }
    for href in rows.keys() - wanted.keys():
        session.execute(delete(Calendar).where(Calendar.id == rows[href].id))
    for href, purpose in wanted.items():
        row = rows.get(href)
        if row is None:
            row = Calendar(account_id=account.id, href=href, purpose=purpose)
            row.name = titles.get(href, href.rstrip("/").rsplit("/", 1)[-1])[:200]
            session.add(row)
        elif row.purpose != purpose or account.state == "missing":
            _read_afresh(session, row)
        row.purpose, row.receives_bookings = purpose, href == receives
        row.name = titles.get(href, row.name)[:200]
    # The account's own moments are never in the future: the next pass takes it up.
    account.next_sync_at, account.in_step_at = account.state_since, None
    session.flush()
    session.expire(account, ["calendars"])
    renew_picture(session, account.person_id)


def _read_afresh(session: Session, row: Calendar) -> None:
    session.execute(delete(CalendarObject).where(CalendarObject.calendar_id == row.id))
    row.sync_token = row.ctag = row.compared_at = row.expanded_from = row.expanded_until = None


def read_anew(session: Session, person_id: int) -> None:
    """Expand everything again at the next sync: the person's time zone or address has changed."""
    mine = select(CalendarAccount.id).where(CalendarAccount.person_id == person_id).scalar_subquery()
    session.execute(
        update(Calendar).where(Calendar.account_id == mine).values(expanded_from=None, expanded_until=None)
    )


def picture(session: Session, person_id: int, span: Interval) -> CalendarView | None:
    """The person's time within ``span`` from the replica; None without an account. Two queries."""
    row = queries.view_row(session, person_id)
    if row is None:
        return None
    if row.covered is None:
        nothing = Interval(row.state_since, row.state_since)
        return CalendarView(None, row.state, row.state_since, PackedIntervals(b""), (), (), (), nothing)
    return CalendarView(
        as_of=row.in_step_at,
        state=row.state,
        since=row.state_since,
        busy=PackedIntervals(row.busy, span),
        working=tuple(unpack(row.working, span)),
        time_off=tuple(unpack(row.time_off, span)),
        own=queries.own_spans(session, person_id, span),
        covered=row.covered,
    )


def open_store(session: Session, settings: Settings, person_id: int) -> CalendarStore:
    """The person's calendars for writing; no network yet.

    Raises NoCalendar without an account, CredentialsRefused when the stored password does not open, and
    NotReached when the address must not be called.
    """
    account = session.scalars(
        select(CalendarAccount).where(CalendarAccount.person_id == person_id)
    ).one_or_none()
    if account is None:
        raise NoCalendar("no_account")
    rows = session.execute(
        select(Calendar.href, Calendar.purpose, Calendar.receives_bookings)
        .where(Calendar.account_id == account.id)
        .order_by(Calendar.id)
    ).all()
    client = client_for(settings, account.url, account.username, open_password(settings, account))
    booking = next((href for href, _, receives in rows if receives), None)
    hours = next((href for href, purpose, _ in rows if purpose == "working_hours"), None)
    return CalendarStore(person_id, booking, hours, client)


def open_password(settings: Settings, account: CalendarAccount | queries.AccountRow) -> str:
    """The account's password. Raises CredentialsRefused when it does not open any more."""
    place = place_of(account.person_id, account.url, account.username)
    try:
        return unseal(settings.sealing_keys, account.sealed_password, *place)
    except CannotOpen as error:
        raise CredentialsRefused("sealed") from error


def remember(session: Session, now: datetime, person_id: int, href: str, etag: str, text: str | None) -> None:
    """Write an object through to the replica right after it was written to the server (None: deleted)."""
    account = queries.account_of(session, person_id)
    if account is None:
        return
    row = next((item for item in account.calendars if item.href == parent(href)), None)
    if row is None:
        return
    if text is None:
        session.execute(
            delete(CalendarObject).where(CalendarObject.calendar_id == row.id, CalendarObject.href == href)
        )
    else:
        window = row.expanded or window_of(now)
        placed = place(text, window, account.reader(row.purpose))
        change = ObjectChange(href, None, etag, text, uid_of(text), placed)
        store_objects(session, person_id, row.id, [change])
    renew_picture(session, person_id)


def _objects(person_id: int) -> Select[str, str, str]:
    return (
        select(CalendarObject.href, CalendarObject.etag, CalendarObject.text)
        .join(Calendar)
        .join(CalendarAccount)
        .where(CalendarAccount.person_id == person_id)
        .order_by(CalendarObject.href)
    )


def hours_objects(session: Session, person_id: int) -> dict[str, tuple[str, str]]:
    """Href to (ETag, text) of the objects in the person's working-hours calendar, by href."""
    rows = session.execute(_objects(person_id).where(Calendar.purpose == "working_hours"))
    return {href: (etag, text) for href, etag, text in rows}


def objects_with_uid(session: Session, person_id: int, uid: str) -> list[Fetched]:
    """Where an event stands in the person's calendars, for adopting it under another href."""
    rows = session.execute(_objects(person_id).where(CalendarObject.uid == uid))
    return [Fetched(href, etag, text) for href, etag, text in rows]


def problems(session: Session, person_id: int) -> list[tuple[str, str]]:
    """(href, what is wrong) of objects that could not be read wholly, for their owner alone."""
    rows = session.execute(
        select(CalendarObject.href, CalendarObject.problem)
        .join(Calendar)
        .join(CalendarAccount)
        .where(CalendarAccount.person_id == person_id, CalendarObject.problem != "")
        .order_by(CalendarObject.href)
    )
    return [(href, problem) for href, problem in rows]
