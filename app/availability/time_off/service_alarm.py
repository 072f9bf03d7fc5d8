"""Administrators are told of days on which nobody serves a company."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.time_off.letter import Nobody, write_alarm, write_closed
from app.availability.time_off.spans import all_within, from_text, to_text
from app.config import Settings
from app.customers.models import TimeOff
from app.customers.people.queries_closing import counting_on, left_to_nobody
from app.customers.queries_roster import Days, companies_between, everybody_away
from app.customers.roster import uncovered
from app.lib.wording import local_date
from app.mail.service import post

_NAMED = 10
# No person has this id: PostgreSQL lets two workers look at once.
ALARM_LOCK = -2


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is to be told of a row; ``days`` are its days without anybody, ``key`` names them for the post.

    The same days are told anew after somebody stood in meanwhile: the time of the last telling is in the key.
    """

    item: Nobody
    days: str
    key: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is to be told, and what is left, by row, of days that were told and of which some are covered."""

    new: Sequence[Alarm]
    over: Mapping[int, str]

    def __bool__(self) -> bool:
        return bool(self.new or self.over)


def alarms(session: Session, now: datetime, settings: Settings) -> Alarms:
    """What changed in who is covered; two queries, and one for each row with more days without anybody.

    Looked at anew each time, whatever changed: time off, who stands in, whose account is closed.
    """
    today = local_date(now, settings.service_time_zone)
    rows, people = everybody_away(session, today)
    away = [row.away for row in rows]
    new, over = list[Alarm](), dict[int, str]()
    for row in rows:
        specialist_id = row.away.specialist_id
        first, last = max(row.away.first_day, today), row.away.last_day
        bare = uncovered(specialist_id, people, away, first, last)
        told, days = from_text(row.alarmed_days, today), to_text(bare)
        if not all_within(bare, told):
            span = bare[0][0], bare[-1][1]
            names, count = companies_between(session, specialist_id, *span, _NAMED)
            if count:
                item = Nobody(row.id, people[specialist_id].profile.name, *span, names, count)
                new.append(Alarm(item, days, _key(row, days)))
                continue
        if row.alarmed_days and not all_within(told, bare):
            over[row.id] = days if all_within(bare, told) else ""
    return Alarms(new, over)


def _key(row: Days, days: str) -> str:
    told = f"{days} {row.alarmed_at or ''}"
    return f"time-off:{row.public_id}:nobody:{sha256(told.encode()).hexdigest()[:16]}"


def tell(session: Session, now: datetime, settings: Settings) -> None:
    """Mail what is new to all administrators, each in their language; repeated, it does nothing.

    One at a time (see ALARM_LOCK): whoever comes second finds nothing new.
    """
    found = alarms(session, now, settings)
    administrators = _administrators(session)
    for alarm in found.new:
        item = alarm.item
        for reader in administrators:
            thread = f"time-off:{item.row_id}:{reader.id}"
            post(session, now, f"{alarm.key}:{reader.id}", thread, write_alarm(item, reader, settings))
        told: dict[str, Any] = {"first": item.first.isoformat(), "last": item.last.isoformat()}
        told["companies"] = item.count
        record(session, now, None, "nobody stands in", "time_off", item.row_id, name=item.name, **told)
        _mark(session, item.row_id, alarmed_days=alarm.days, alarmed_at=now)
    for row_id, days in found.over.items():
        _mark(session, row_id, alarmed_days=days)


@contextmanager
def telling_of_closed(
    session: Session, now: datetime, settings: Settings, user_ids: Collection[int]
) -> Iterator[None]:
    """Around what becomes of these accounts: mail all administrators which companies nobody serves after it.

    Those of an account that is closed, and those of one that was closed before and loses its usual stand-in.
    Time off is looked at by the periodic pass.
    """
    today = local_date(now, settings.service_time_zone)
    concerned = counting_on(session, user_ids)
    before = left_to_nobody(session, concerned, today)
    yield
    for number, name in left_to_nobody(session, concerned, today).items():
        if number not in before:
            _tell_closed(session, now, settings, number, name)


def _tell_closed(session: Session, now: datetime, settings: Settings, user_id: int, name: str) -> None:
    today = local_date(now, settings.service_time_zone)
    names, count = companies_between(session, user_id, today, today, _NAMED)
    if not count:
        return
    for reader in _administrators(session):
        thread = f"closed:{user_id}:{reader.id}"
        draft = write_closed(name, names, count, reader, settings)
        post(session, now, f"{thread}:{now:%Y%m%dT%H%M%S%f}", thread, draft)
    record(session, now, None, "nobody stands in", "user", user_id, companies=count)


def _mark(session: Session, row_id: int, **values: Any) -> None:
    session.execute(update(TimeOff).where(TimeOff.id == row_id).values(**values))


def _administrators(session: Session) -> list[SignedIn]:
    columns = (User.id, User.public_id, User.name, User.email, User.role, User.language, User.time_zone)
    wanted = select(*columns).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id)
    return [SignedIn(*row) for row in session.execute(wanted)]
