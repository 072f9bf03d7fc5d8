"""Reads over accounts as such: what their owner sees of them, and which are due."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session

from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.calendars.values import AccountView, CalendarChoice, ObjectProblem
from app.lib.db import fetch


def account_views(session: Session, person_id: int) -> list[AccountView]:
    """The person's accounts with their calendars, oldest first; two queries."""
    accounts = session.scalars(
        select(CalendarAccount).where(CalendarAccount.person_id == person_id).order_by(CalendarAccount.id)
    ).all()
    calendars = _choices(session, person_id)
    return [
        AccountView(
            id=row.id,
            kind=row.kind,
            name=row.name,
            url=row.url,
            username=row.username,
            state=row.state,
            state_detail=row.state_detail,
            state_since=row.state_since,
            in_step_at=row.in_step_at,
            calendars=tuple(calendars[row.id]),
            invites_guests=row.invites_guests,
            is_quiet=row.is_quiet,
        )
        for row in accounts
    ]


def _choices(session: Session, person_id: int) -> dict[int, list[CalendarChoice]]:
    problems = (
        select(func.count())
        .where(CalendarObject.calendar_id == Calendar.id, CalendarObject.problem != "")
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Calendar.account_id,
            Calendar.id,
            Calendar.href,
            Calendar.name,
            Calendar.source,
            Calendar.purpose,
            Calendar.receives_bookings,
            problems,
            Calendar.can_write,
            Calendar.holds_events,
        )
        .join(CalendarAccount)
        .where(CalendarAccount.person_id == person_id)
        .order_by(Calendar.id)
    )
    found = defaultdict(list)
    for account_id, *choice in rows:
        found[account_id].append(CalendarChoice(*choice))
    return found


def object_problems(session: Session, person_id: int) -> list[ObjectProblem]:
    """Objects of the person's that could not be read wholly, by calendar."""
    rows = session.execute(
        select(CalendarAccount.id, Calendar.name, CalendarObject.problem)
        .select_from(CalendarObject)
        .join(Calendar, Calendar.id == CalendarObject.calendar_id)
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(CalendarAccount.person_id == person_id, CalendarObject.problem != "")
        .order_by(Calendar.id, CalendarObject.href)
    )
    return [
        ObjectProblem(number, name, *_told(line)) for number, name, told in rows for line in told.splitlines()
    ]


def _told(problem: str) -> tuple[str, str]:
    """Title and reason: our reasons hold no colon, a stranger's title may."""
    title, _, reason = problem.rpartition(": ")
    return title, reason


def caldav_ids(session: Session, person_id: int) -> list[int]:
    """The person's accounts on CalDAV servers, oldest first."""
    wanted = select(CalendarAccount.id).where(
        CalendarAccount.person_id == person_id, CalendarAccount.kind == "caldav"
    )
    return list(session.scalars(wanted.order_by(CalendarAccount.id)))


def stale_ids(session: Session, person_id: int, before: datetime, now: datetime) -> list[int]:
    """The person's CalDAV accounts that are well, were in step before that, and are not due yet."""
    wanted = select(CalendarAccount.id).where(
        CalendarAccount.person_id == person_id,
        CalendarAccount.kind == "caldav",
        CalendarAccount.failures == 0,
        CalendarAccount.in_step_at < before,
        CalendarAccount.next_sync_at > now,
    )
    return list(session.scalars(wanted))


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account to look at now; doubtful is one in trouble or never read."""

    id: int
    person_id: int
    next_sync_at: datetime
    is_doubtful: bool

    @property
    def names(self) -> tuple[int, int]:
        """What the log calls it by."""
        return self.id, self.person_id


# Against other workers, and short, because a killed one leaves it behind; within this process the pool
# keeps an account from being taken twice, and a look that was overtaken writes nothing.
CLAIM = timedelta(seconds=60)
# A moment that lies further ahead than clocks differ was noted while this one was wrong.
SKEW = timedelta(seconds=60)


def is_due(now: Any, skewed: Any, beyond: Any) -> ColumnElement[bool]:
    """Whether an account waits to be looked at and nobody is at it.

    ``skewed`` is now + SKEW and ``beyond`` now + CLAIM: after a clock that was wrong is put right, what was
    noted for its future holds nobody up.
    """
    free = CalendarAccount.claimed_until
    is_ahead = and_(CalendarAccount.failures == 0, CalendarAccount.in_step_at > skewed)
    is_waiting = or_(CalendarAccount.next_sync_at <= now, is_ahead)
    return and_(is_waiting, or_(free.is_(None), free <= now, free > beyond))


_DUE = is_due(bindparam("now"), bindparam("skewed"), bindparam("beyond"))
_DOUBTFUL = (CalendarAccount.failures > 0) | CalendarAccount.in_step_at.is_(None)
_ANY_DUE = select(CalendarAccount.id).where(_DUE).limit(1)
_MOST = 200
_WHICH = {
    is_doubtful: select(CalendarAccount.id, CalendarAccount.person_id, CalendarAccount.next_sync_at)
    .where(_DUE, _DOUBTFUL if is_doubtful else not_(_DOUBTFUL))
    .order_by(CalendarAccount.next_sync_at)
    .limit(_MOST)
    for is_doubtful in (False, True)
}


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "skewed": now + SKEW, "beyond": now + CLAIM}


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether an account waits to be looked at."""
    return fetch(session, _ANY_DUE, **_moments(now)).first() is not None


def due_accounts(session: Session, now: datetime, *, doubtful: bool) -> list[DueAccount]:
    """Accounts to look at now, those that wait longest first: the doubtful ones or the others."""
    return [DueAccount(*row, doubtful) for row in fetch(session, _WHICH[doubtful], **_moments(now))]
