"""Administrators are told of days on which nobody serves a company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.time_off.letter import Nobody, write_alarm, write_closed
from app.config import Settings
from app.customers.models import TimeOff
from app.customers.people.queries_closing import closed_with
from app.customers.queries_roster import away_around, companies_between, everybody_away
from app.customers.roster import uncovered
from app.lib.wording import local_date
from app.mail.service import post

_NAMED = 10


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is to be told, and the rows of which it was told and that are covered again."""

    new: Sequence[Nobody]
    over: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.new or self.over)


def alarms(session: Session, now: datetime, settings: Settings) -> Alarms:
    """What changed in who is covered; two queries, and one for each row with days without anybody."""
    today = local_date(now, settings.service_time_zone)
    rows, people = everybody_away(session, today)
    away = [row.away for row in rows]
    new, over = list[Nobody](), list[int]()
    for row in rows:
        specialist_id = row.away.specialist_id
        first, last = max(row.away.first_day, today), row.away.last_day
        bare = uncovered(specialist_id, people, away, first, last)
        if not bare and row.alarmed_at is not None:
            over.append(row.id)
        if bare and row.alarmed_at is None:
            days = bare[0][0], bare[-1][1]
            names, count = companies_between(session, specialist_id, *days, _NAMED)
            if count:
                new.append(Nobody(row.id, people[specialist_id].profile.name, *days, names, count))
    return Alarms(new, over)


def tell(session: Session, now: datetime, settings: Settings) -> None:
    """Mail what is new to all administrators, each in their language; repeated, it does nothing."""
    found = alarms(session, now, settings)
    administrators = _administrators(session)
    for item in found.new:
        for reader in administrators:
            thread = f"time-off:{item.row_id}:{reader.id}"
            post(
                session,
                now,
                f"{thread}:nobody:{now:%Y%m%dT%H%M%S}",
                thread,
                write_alarm(item, reader, settings),
            )
        told: dict[str, Any] = {"first": item.first.isoformat(), "last": item.last.isoformat()}
        told["companies"] = item.count
        record(session, now, None, "nobody stands in", "time_off", item.row_id, name=item.name, **told)
    _mark(session, [item.row_id for item in found.new], now)
    _mark(session, found.over, None)


def tell_closed(session: Session, now: datetime, settings: Settings, user_id: int) -> None:
    """Mail all administrators which companies nobody serves now that an account is closed.

    Those of that person, and those of others with a closed account whose usual stand-in they were; time off
    is looked at by the periodic pass.
    """
    today = local_date(now, settings.service_time_zone)
    administrators = _administrators(session)
    for closed in closed_with(session, user_id):
        away, people = away_around(session, [closed], today)
        names, count = companies_between(session, closed, today, today, _NAMED)
        if not count or not uncovered(closed, people, away, today, today):
            continue
        name = people[closed].profile.name
        for reader in administrators:
            thread = f"closed:{closed}:{reader.id}"
            draft = write_closed(name, names, count, reader, settings)
            post(session, now, f"{thread}:{now:%Y%m%dT%H%M%S%f}", thread, draft)
        record(session, now, None, "nobody stands in", "user", closed, companies=count)


def _mark(session: Session, rows: Sequence[int], at: datetime | None) -> None:
    if rows:
        session.execute(update(TimeOff).where(TimeOff.id.in_(rows)).values(alarmed_at=at))


def _administrators(session: Session) -> list[SignedIn]:
    columns = (User.id, User.public_id, User.name, User.email, User.role, User.language, User.time_zone)
    wanted = select(*columns).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id)
    return [SignedIn(*row) for row in session.execute(wanted)]
