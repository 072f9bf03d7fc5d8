"""Reads of accounts, calendars and the replica."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarPicture, CalendarSpan
from app.calendars.syncing.looking import Mark
from app.calendars.syncing.picture import Reader
from app.calendars.values import OwnSpan
from app.lib.db import fetch
from app.lib.intervals import Interval

CHOSEN = ("busy", "working_hours")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A chosen calendar as it was when a sync began."""

    id: int
    href: str
    source: str
    purpose: str
    mark: Mark
    expanded: Interval | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account and its owner as they were when a sync began."""

    id: int
    person_id: int
    kind: str
    addresses: tuple[str, ...]
    url: str
    username: str
    sealed_password: str
    state: str
    state_detail: str
    state_since: datetime
    next_sync_at: datetime
    failures: int
    email: str
    time_zone: str
    calendars: tuple[CalendarRow, ...]

    def reader(self, purpose: str) -> Reader:
        """How this owner's objects are read in a calendar of that purpose."""
        own = {self.email, *self.addresses}
        if "@" in self.username:
            own.add(self.username)
        return Reader(purpose, self.time_zone, frozenset(own))


def account_ids(session: Session, person_id: int) -> list[int]:
    """The person's accounts, oldest first."""
    wanted = select(CalendarAccount.id).where(CalendarAccount.person_id == person_id)
    return list(session.scalars(wanted.order_by(CalendarAccount.id)))


_ACCOUNT = (
    select(
        CalendarAccount.id,
        CalendarAccount.person_id,
        CalendarAccount.kind,
        CalendarAccount.addresses,
        CalendarAccount.url,
        CalendarAccount.username,
        CalendarAccount.sealed_password,
        CalendarAccount.state,
        CalendarAccount.state_detail,
        CalendarAccount.state_since,
        CalendarAccount.next_sync_at,
        CalendarAccount.failures,
        User.email,
        User.time_zone,
    )
    .join(User, User.id == CalendarAccount.person_id)
    .where(CalendarAccount.id == bindparam("account_id"))
)
_CALENDARS = (
    select(
        Calendar.id,
        Calendar.href,
        Calendar.source,
        Calendar.purpose,
        Calendar.sync_token,
        Calendar.ctag,
        Calendar.compared_at,
        Calendar.expanded_from,
        Calendar.expanded_until,
    )
    .where(Calendar.account_id == bindparam("account_id"), Calendar.purpose.in_(CHOSEN))
    .order_by(Calendar.id)
)


def account_row(session: Session, account_id: int) -> AccountRow | None:
    """An account with the calendars that count, None when it is gone."""
    row = fetch(session, _ACCOUNT, account_id=account_id).one_or_none()
    if row is None:
        return None
    calendars = tuple(
        CalendarRow(id_, href, source, purpose, Mark(token, ctag, compared_at), _interval(start, end))
        for id_, href, source, purpose, token, ctag, compared_at, start, end in fetch(
            session, _CALENDARS, account_id=account_id
        )
    )
    values = row._asdict()
    return AccountRow(**{**values, "addresses": tuple(values["addresses"])}, calendars=calendars)


def _interval(start: datetime | None, end: datetime | None) -> Interval | None:
    return None if start is None or end is None else Interval(start, end)


_ETAGS = select(CalendarObject.href, CalendarObject.etag).where(
    CalendarObject.calendar_id == bindparam("calendar_id")
)
_COUNT = select(func.count()).where(CalendarObject.calendar_id == bindparam("calendar_id"))
_MOST_NAMES = 400


class KnownEtags:
    """The ETags of a calendar's objects in the replica; each answer is a transaction of its own.

    Reading ten thousand to place a single change would cost more than the change.
    """

    def __init__(self, session: Session, calendar_id: int) -> None:
        self._session, self._calendar_id = session, calendar_id

    def count(self) -> int:
        """How many objects there are."""
        found = fetch(self._session, _COUNT, calendar_id=self._calendar_id).scalar_one()
        self._session.rollback()
        return found

    def all(self) -> dict[str, str]:
        """Href and ETag of every object."""
        rows = fetch(self._session, _ETAGS, calendar_id=self._calendar_id).all()
        self._session.rollback()
        return {row.href: row.etag for row in rows}

    def of(self, hrefs: Sequence[str]) -> dict[str, str]:
        """Href and ETag of those of the hrefs that are there."""
        found: dict[str, str] = {}
        for start in range(0, len(hrefs), _MOST_NAMES):
            some = _ETAGS.where(CalendarObject.href.in_(hrefs[start : start + _MOST_NAMES]))
            rows = fetch(self._session, some, calendar_id=self._calendar_id)
            found.update({row.href: row.etag for row in rows})
        self._session.rollback()
        return found


def text_sizes(session: Session, calendar_id: int) -> list[tuple[int, str, int]]:
    """Id, href and length of every object in the replica of a calendar, without the texts themselves."""
    rows = session.execute(
        select(CalendarObject.id, CalendarObject.href, func.length(CalendarObject.text))
        .where(CalendarObject.calendar_id == calendar_id)
        .order_by(CalendarObject.id)
    )
    return [(number, href, size) for number, href, size in rows]


def text_size(session: Session, calendar_id: int) -> int:
    """The length of all objects' texts of a calendar together."""
    wanted = select(func.coalesce(func.sum(func.length(CalendarObject.text)), 0))
    return int(session.execute(wanted.where(CalendarObject.calendar_id == calendar_id)).scalar_one())


def texts(session: Session, ids: Sequence[int]) -> list[tuple[str, str, str]]:
    """Href, ETag and text of objects by id."""
    found: list[tuple[str, str, str]] = []
    for start in range(0, len(ids), _MOST_NAMES):
        rows = session.execute(
            select(CalendarObject.href, CalendarObject.etag, CalendarObject.text).where(
                CalendarObject.id.in_(ids[start : start + _MOST_NAMES])
            )
        )
        found += [(href, etag, text) for href, etag, text in rows]
    return found


@dataclass(frozen=True, slots=True)
class ViewRow:
    """The state of a person's accounts together with the packed picture, there only when ``covered`` is."""

    in_step_at: datetime | None
    state: str
    state_since: datetime
    covered: Interval | None
    busy: bytes
    working: bytes
    time_off: bytes


_PERSON = CalendarAccount.person_id.in_(bindparam("people", expanding=True))
_other_account = aliased(CalendarAccount)
# The picture is large and stands once in the answer, beside the first account.
_FIRST = (
    select(func.min(_other_account.id))
    .where(_other_account.person_id == CalendarAccount.person_id)
    .correlate(CalendarAccount)
    .scalar_subquery()
)
_IS_CHOSEN = (
    exists()
    .where(Calendar.account_id == CalendarAccount.id, Calendar.purpose.in_(CHOSEN))
    .correlate(CalendarAccount)
)
_VIEW = (
    select(
        CalendarAccount.in_step_at,
        CalendarAccount.state,
        CalendarAccount.state_since,
        _IS_CHOSEN.label("is_chosen"),
        CalendarPicture.starts_at,
        CalendarPicture.ends_at,
        CalendarPicture.busy,
        CalendarPicture.working,
        CalendarPicture.time_off,
        CalendarAccount.person_id,
    )
    .outerjoin(
        CalendarPicture,
        (CalendarPicture.person_id == CalendarAccount.person_id) & (CalendarAccount.id == _FIRST),
    )
    .where(_PERSON)
    .order_by(CalendarAccount.id)
)
# From the least to the worst that can be said of an account.
_STATES = ("ok", "unreachable", "broken", "missing", "refused")


def view_row(session: Session, person_id: int) -> ViewRow | None:
    """Accounts and picture in one query; None without an account.

    Accounts without a chosen calendar count only when no account has one.
    """
    return view_rows(session, [person_id]).get(person_id)


def view_rows(session: Session, people: Sequence[int]) -> dict[int, ViewRow]:
    """The same of several people by id, without those who have no account; one query."""
    by_person: dict[int, list[Any]] = {}
    for row in fetch(session, _VIEW, people=list(people)):
        by_person.setdefault(row.person_id, []).append(row)
    return {person_id: _view_row(rows) for person_id, rows in by_person.items()}


def _view_row(rows: Sequence[Any]) -> ViewRow:
    _, _, _, _, start, end, busy, working, time_off, _ = rows[0]
    counting = [row for row in rows if row[3]] or rows
    moments = [row[0] for row in counting if row[0] is not None]
    in_step_at = min(moments) if len(moments) == len(counting) else None
    _, state, since = max(((_STATES.index(row[1]), row[1], row[2]) for row in counting), key=_badness)
    return ViewRow(in_step_at, state, since, _interval(start, end), busy, working, time_off)


def _badness(told: tuple[int, str, datetime]) -> tuple[int, timedelta]:
    # Of several in the same state, what has lasted longest.
    return told[0], datetime.max.replace(tzinfo=UTC) - told[2]


_OWN_SPANS = (
    select(CalendarSpan.uid, CalendarSpan.starts_at, CalendarSpan.ends_at, CalendarSpan.person_id)
    .where(
        CalendarSpan.person_id.in_(bindparam("people", expanding=True)),
        CalendarSpan.ends_at > bindparam("start"),
        CalendarSpan.starts_at < bindparam("end"),
        CalendarSpan.is_own,
    )
    .order_by(CalendarSpan.starts_at)
)


def own_spans(session: Session, person_id: int, span: Interval) -> tuple[OwnSpan, ...]:
    """Occurrences of events that we wrote, as far as they overlap the span, by start."""
    return own_spans_of(session, [person_id], span).get(person_id, ())


def own_spans_of(session: Session, people: Sequence[int], span: Interval) -> dict[int, tuple[OwnSpan, ...]]:
    """The same of several people by id, without those who have none; one query."""
    found: dict[int, list[OwnSpan]] = {}
    rows = fetch(session, _OWN_SPANS, people=list(people), start=span.start, end=span.end)
    for uid, start, end, person_id in rows:
        found.setdefault(person_id, []).append(OwnSpan(uid, start, end))
    return {person_id: tuple(spans) for person_id, spans in found.items()}
