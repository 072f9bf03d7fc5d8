"""Reads of accounts, calendars and the replica."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarPicture, CalendarSpan
from app.calendars.picture import Reader
from app.calendars.reconcile import Mark
from app.calendars.values import OwnSpan
from app.lib.db import fetch
from app.lib.intervals import Interval

CHOSEN = ("busy", "working_hours")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A chosen calendar as it was when a sync began."""

    id: int
    href: str
    purpose: str
    mark: Mark
    expanded: Interval | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account and its owner as they were when a sync began."""

    id: int
    person_id: int
    url: str
    username: str
    sealed_password: str
    state: str
    state_detail: str
    next_sync_at: datetime
    failures: int
    email: str
    time_zone: str
    calendars: tuple[CalendarRow, ...]

    def reader(self, purpose: str, addresses: Sequence[str] = ()) -> Reader:
        """How this owner's objects are read in a calendar of that purpose."""
        own = {self.email, *addresses}
        if "@" in self.username:
            own.add(self.username)
        return Reader(purpose, self.time_zone, frozenset(own))


def account_of(session: Session, person_id: int) -> AccountRow | None:
    """The person's account with the calendars that count, None without one."""
    row = session.execute(
        select(CalendarAccount, User.email, User.time_zone)
        .join(User, User.id == CalendarAccount.person_id)
        .where(CalendarAccount.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    account, email, time_zone = row
    calendars = session.scalars(
        select(Calendar)
        .where(Calendar.account_id == account.id, Calendar.purpose.in_(CHOSEN))
        .order_by(Calendar.id)
    )
    return AccountRow(
        id=account.id,
        person_id=person_id,
        url=account.url,
        username=account.username,
        sealed_password=account.sealed_password,
        state=account.state,
        state_detail=account.state_detail,
        next_sync_at=account.next_sync_at,
        failures=account.failures,
        email=email,
        time_zone=time_zone,
        calendars=tuple(_calendar_row(calendar) for calendar in calendars),
    )


def _calendar_row(calendar: Calendar) -> CalendarRow:
    expanded = _interval(calendar.expanded_from, calendar.expanded_until)
    mark = Mark(calendar.sync_token, calendar.ctag, calendar.compared_at)
    return CalendarRow(calendar.id, calendar.href, calendar.purpose, mark, expanded)


def _interval(start: datetime | None, end: datetime | None) -> Interval | None:
    return None if start is None or end is None else Interval(start, end)


def known_etags(session: Session, calendar_id: int) -> dict[str, str]:
    """Href and ETag of every object in the replica of a calendar."""
    rows = session.execute(
        select(CalendarObject.href, CalendarObject.etag).where(CalendarObject.calendar_id == calendar_id)
    )
    return {row.href: row.etag for row in rows}


def texts(session: Session, calendar_id: int) -> list[tuple[str, str, str]]:
    """Href, ETag and text of every object in the replica of a calendar."""
    rows = session.execute(
        select(CalendarObject.href, CalendarObject.etag, CalendarObject.text).where(
            CalendarObject.calendar_id == calendar_id
        )
    )
    return [(href, etag, text) for href, etag, text in rows]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """An account's state with its packed picture, which is there only when ``covered`` is."""

    in_step_at: datetime | None
    state: str
    state_since: datetime
    covered: Interval | None
    busy: bytes
    working: bytes
    time_off: bytes


_VIEW = (
    select(
        CalendarAccount.in_step_at,
        CalendarAccount.state,
        CalendarAccount.state_since,
        CalendarPicture.starts_at,
        CalendarPicture.ends_at,
        CalendarPicture.busy,
        CalendarPicture.working,
        CalendarPicture.time_off,
    )
    .outerjoin(CalendarPicture, CalendarPicture.person_id == CalendarAccount.person_id)
    .where(CalendarAccount.person_id == bindparam("person_id"))
)


def view_row(session: Session, person_id: int) -> ViewRow | None:
    """Account and picture in one query; None without an account."""
    row = fetch(session, _VIEW, person_id=person_id).one_or_none()
    if row is None:
        return None
    in_step_at, state, since, start, end, busy, working, time_off = row
    return ViewRow(in_step_at, state, since, _interval(start, end), busy, working, time_off)


_OWN_SPANS = (
    select(CalendarSpan.uid, CalendarSpan.starts_at, CalendarSpan.ends_at)
    .where(
        CalendarSpan.person_id == bindparam("person_id"),
        CalendarSpan.ends_at > bindparam("start"),
        CalendarSpan.starts_at < bindparam("end"),
        CalendarSpan.is_own,
    )
    .order_by(CalendarSpan.starts_at)
)


def own_spans(session: Session, person_id: int, span: Interval) -> tuple[OwnSpan, ...]:
    """Occurrences of events that we wrote, as far as they overlap the span, by start."""
    rows = fetch(session, _OWN_SPANS, person_id=person_id, start=span.start, end=span.end)
    return tuple(OwnSpan(uid, start, end) for uid, start, end in rows)


def due_accounts(session: Session, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(account id, person id) of accounts to look at now, those that wait longest first."""
    free = (CalendarAccount.claimed_until.is_(None)) | (CalendarAccount.claimed_until <= now)
    rows = session.execute(
        select(CalendarAccount.id, CalendarAccount.person_id)
        .where(CalendarAccount.next_sync_at <= now, free)
        .order_by(CalendarAccount.next_sync_at)
        .limit(limit)
    )
    return [(account_id, person_id) for account_id, person_id in rows]
