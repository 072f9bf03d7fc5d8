"""What each calendar of an account is for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarSpan
from app.calendars.queries import CHOSEN
from app.calendars.server.hrefs import canonical_path
from app.calendars.service_accounts import own_account
from app.calendars.syncing.service_picture import renew_picture
from app.calendars.values import COLLECTION, KEPT, KEPT_HREF, FoundCalendar

PURPOSES = {*CHOSEN, "ignored"}
# Where a look at a calendar begins anew.
_NOTHING_READ = {
    "sync_token": None,
    "ctag": None,
    "compared_at": None,
    "expanded_from": None,
    "expanded_until": None,
}

Key = TypeVar("Key")


def choose(
    session: Session,
    account: CalendarAccount,
    purposes: Mapping[str, str],
    receives_href: str | None,
    names: Mapping[str, str] | None = None,
    *,
    sources: Mapping[str, str] | None = None,
    found: Iterable[FoundCalendar] = (),
) -> None:
    """Say what each calendar of an account is for; all others of it are forgotten.

    ``sources`` says what an href is (see Calendar), by default a collection; ``found`` is what discovery
    tells of them, of those left out nothing new is known. Of all the person's calendars
    only one holds the hours and only one takes bookings: the ones chosen before step back. Hours that only
    we keep are never forgotten. A new purpose, and choosing again while a calendar is in doubt (state
    ``missing``), make the next sync read it afresh. Raises ValueError for an unknown purpose, two calendars
    of hours, or bookings into a calendar that is not busy or cannot be written to.
    """

    def path(href: str) -> str:
        return href if href == KEPT_HREF else canonical_path(href, account.url)

    wanted = {path(href): purpose for href, purpose in purposes.items()}
    receives = None if receives_href is None else path(receives_href)
    kinds = {path(href): source for href, source in (sources or {}).items()}
    titles = {path(href): name for href, name in (names or {}).items()}
    told = {path(item.href): item for item in found}
    rows = {
        row.href: row for row in session.scalars(select(Calendar).where(Calendar.account_id == account.id))
    }
    can_write = {href: row.can_write for href, row in rows.items()}
    _check(wanted, receives, can_write | {href: item.can_write for href, item in told.items()})
    _leave_out(session, [row for href, row in rows.items() if href not in wanted])
    for href, purpose in wanted.items():
        row = rows.get(href) or _new(session, account, href)
        if row.purpose != purpose or account.state == "missing":
            _read_afresh(session, row)
        row.source = KEPT if href == KEPT_HREF else kinds.get(href, row.source or COLLECTION)
        row.purpose, row.receives_bookings = purpose, href == receives
        row.name = titles.get(href, row.name)[:200]
        if href in told:
            row.can_write, row.holds_events = told[href].can_write, told[href].holds_events
    account.in_step_at = None
    _settle(session, account)


def _new(session: Session, account: CalendarAccount, href: str) -> Calendar:
    row = Calendar(account_id=account.id, href=href, purpose="ignored")
    row.name = href.rstrip("/").rsplit("/", 1)[-1][:200]
    session.add(row)
    session.flush()
    return row


def _leave_out(session: Session, rows: Sequence[Calendar]) -> None:
    for row in rows:
        if row.source == KEPT:
            row.purpose = "ignored"
        else:
            session.execute(delete(Calendar).where(Calendar.id == row.id))


def rechoose(
    session: Session,
    now: datetime,
    person_id: int,
    account_id: int,
    purposes: Mapping[int, str],
    receives_id: int | None,
    *,
    keep_hours: bool = False,
) -> None:
    """Change what calendars of an account are for, by id; those not named stay as they are.

    ``receives_id`` is the one that takes the person's bookings, None when it is of another account (or there
    is none); with ``keep_hours`` the hours are from now on kept by us alone. Raises NoCalendar when the
    account is not the person's, ValueError as choose does, and for a calendar of another account.
    """
    account = own_account(session, person_id, account_id)
    rows = {row.id: row for row in session.scalars(select(Calendar).where(Calendar.account_id == account_id))}
    if not purposes.keys() <= rows.keys() or (receives_id is not None and receives_id not in rows):
        raise ValueError("a calendar of another account")
    wanted = {number: purposes.get(number, row.purpose) for number, row in rows.items()}
    if keep_hours:
        drawer = _kept_hours(session, account_id, rows.values())
        rows[drawer.id], wanted[drawer.id] = drawer, "working_hours"
    _check(wanted, receives_id, {number: row.can_write for number, row in rows.items()})
    for number, row in rows.items():
        if row.purpose != wanted[number] or (account.state == "missing" and wanted[number] != "ignored"):
            _read_afresh(session, row)
        row.purpose, row.receives_bookings = wanted[number], number == receives_id
    account.next_sync_at = now
    _settle(session, account)


def _kept_hours(session: Session, account_id: int, rows: Iterable[Calendar]) -> Calendar:
    """Where hours are kept that are on no server, made when there is none yet."""
    found = next((row for row in rows if row.source == KEPT), None)
    if found is None:
        found = Calendar(account_id=account_id, href=KEPT_HREF, source=KEPT, name="", purpose="ignored")
        session.add(found)
        session.flush()
    return found


def _check(wanted: Mapping[Key, str], receives: Key | None, can_write: Mapping[Key, bool]) -> None:
    if not set(wanted.values()) <= PURPOSES:
        raise ValueError(f"unknown purpose in {sorted(set(wanted.values()))}")
    if list(wanted.values()).count("working_hours") > 1:
        raise ValueError("only one calendar can hold the working hours")
    if receives is not None and wanted.get(receives) != "busy":
        raise ValueError("bookings can only be written to a calendar that counts as busy")
    if receives is not None and not can_write.get(receives, True):
        raise ValueError("bookings can only be written to a calendar that can be written to")


def _settle(session: Session, account: CalendarAccount) -> None:
    """After choosing: one calendar of hours and one for bookings a person, and a picture of what is left."""
    # The account's own moments are never in the future: the next pass takes it up.
    account.next_sync_at = min(account.next_sync_at, account.state_since)
    session.flush()
    others = select(CalendarAccount.id).where(
        CalendarAccount.person_id == account.person_id, CalendarAccount.id != account.id
    )
    chosen = session.execute(
        select(Calendar.purpose, Calendar.receives_bookings).where(Calendar.account_id == account.id)
    ).all()
    elsewhere = update(Calendar).where(Calendar.account_id.in_(others))
    if any(purpose == "working_hours" for purpose, _ in chosen):
        session.execute(elsewhere.where(Calendar.purpose == "working_hours").values(purpose="ignored"))
    if any(receives for _, receives in chosen):
        session.execute(elsewhere.where(Calendar.receives_bookings).values(receives_bookings=False))
    _forget_ignored(session, account.person_id)
    session.expire_all()
    renew_picture(session, account.person_id)


def _forget_ignored(session: Session, person_id: int) -> None:
    """Nothing of an ignored calendar counts; kept hours alone stay in the drawer, being nowhere else."""
    ignored = (
        select(Calendar.id)
        .join(CalendarAccount)
        .where(CalendarAccount.person_id == person_id, Calendar.purpose == "ignored")
    )
    others = ignored.where(Calendar.source != KEPT)
    session.execute(delete(CalendarObject).where(CalendarObject.calendar_id.in_(others)))
    objects = select(CalendarObject.id).where(CalendarObject.calendar_id.in_(ignored))
    session.execute(delete(CalendarSpan).where(CalendarSpan.object_id.in_(objects)))
    session.execute(update(Calendar).where(Calendar.id.in_(ignored)).values(**_NOTHING_READ))


def _read_afresh(session: Session, row: Calendar) -> None:
    if row.source != KEPT:
        session.execute(delete(CalendarObject).where(CalendarObject.calendar_id == row.id))
    for name, value in _NOTHING_READ.items():
        setattr(row, name, value)


def read_anew(session: Session, person_id: int) -> None:
    """Expand everything again at the next sync: the person's time zone or address has changed."""
    mine = select(CalendarAccount.id).where(CalendarAccount.person_id == person_id)
    session.execute(
        update(Calendar).where(Calendar.account_id.in_(mine)).values(expanded_from=None, expanded_until=None)
    )
