"""Administrators are told of days on which nobody serves a company."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.time_off.letter import Left, Nobody, write_alarm, write_closed
from app.availability.time_off.spans import Stretches, all_within, from_text, to_text, without
from app.config import Settings
from app.customers.models import TimeOff
from app.customers.people.queries_closing import closed_and_assigned, counting_on, left_to_nobody
from app.customers.queries_roster import Days, companies_between, everybody_away
from app.customers.roster import Away, Person, uncovered
from app.lib.wording import local_date
from app.mail.service import post

_NAMED = 10
# No person has this id: PostgreSQL lets two workers look at once.
ALARM_LOCK = -2


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is to be told of a row, once for each ``key``.

    The same days are told anew after somebody stood in meanwhile: the time of the last telling is in the key.
    """

    item: Nobody
    key: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is to be told, and by row the days without anybody that are told then, where they changed."""

    new: Sequence[Alarm]
    days: Mapping[int, str]

    def __bool__(self) -> bool:
        return bool(self.new or self.days)


def alarms(session: Session, now: datetime, settings: Settings) -> Alarms:
    """What changed in who is covered; three queries, and one for each of whom more days have nobody.

    Looked at anew each time, whatever changed: time off, who stands in, whose account is closed.
    """
    today = local_date(now, settings.service_time_zone)
    rows, people = everybody_away(session, today)
    away = [row.away for row in rows]
    counting = _counting_on(session, people, away, today)
    new, changed = list[Alarm](), dict[int, str]()
    for row in rows:
        own_id = row.away.specialist_id
        told, known = from_text(row.alarmed_days, own_id, today), dict[int, Stretches]()
        for number in (own_id, *counting.get(own_id, ())):
            bare = _bare(row.away, number, people, away, today)
            if not all_within(bare, told.get(number, ())):
                item = _nobody(session, row, people[number], people[own_id], bare)
                if item is None:
                    continue
                new.append(Alarm(item, _key(row, to_text({number: bare}, own_id))))
            if bare:
                known[number] = bare
        if known != told:
            changed[row.id] = to_text(known, own_id)
    return Alarms(new, changed)


def _counting_on(
    session: Session, people: Mapping[int, Person], away: Sequence[Away], today: date
) -> dict[int, list[int]]:
    """Closed accounts with companies, by who usually stands in, is in service, and has time off."""
    wanted = {item.specialist_id for item in away if people[item.specialist_id].is_active}
    found = dict[int, list[int]]()
    if wanted:
        for number, stand_in_id in closed_and_assigned(session, wanted, today):
            found.setdefault(stand_in_id, []).append(number)
    return found


def _bare(
    days: Away, number: int, people: Mapping[int, Person], away: Sequence[Away], today: date
) -> Stretches:
    """Those of these days, from today on, on which nobody serves whom a specialist is dedicated to.

    Where they are somebody else's, without those that the specialist's own time off tells of.
    """
    bare = uncovered(number, people, away, max(days.first_day, today), days.last_day)
    if number == days.specialist_id:
        return bare
    return without(bare, [(item.first_day, item.last_day) for item in away if item.specialist_id == number])


def _nobody(session: Session, row: Days, whose: Person, who: Person, bare: Stretches) -> Nobody | None:
    """What is to be told of bare days; None where no company has this specialist then."""
    profile, span = whose.profile, (bare[0][0], bare[-1][1])
    names, count = companies_between(session, profile.user_id, *span, _NAMED)
    if not count:
        return None
    stand_in = "" if profile.user_id == who.profile.user_id else who.profile.name
    return Nobody(row.id, profile.name, profile.public_id, *span, names, count, stand_in)


def _key(row: Days, days: str) -> str:
    told = f"{days} {row.alarmed_at or ''}"
    return f"time-off:{row.public_id}:nobody:{sha256(told.encode()).hexdigest()[:16]}"


def tell(session: Session, now: datetime, settings: Settings) -> None:
    """Mail what is new to all administrators, each in their language; repeated, it does nothing.

    One at a time (see ALARM_LOCK): whoever comes second finds nothing new.
    """
    found = alarms(session, now, settings)
    administrators = _administrators(session)
    for row_id, days in found.days.items():
        _mark(session, row_id, alarmed_days=days)
    for alarm in found.new:
        item = alarm.item
        for reader in administrators:
            thread = f"time-off:{item.row_id}:{reader.id}"
            post(session, now, f"{alarm.key}:{reader.id}", thread, write_alarm(item, reader, settings))
        told: dict[str, Any] = {"first": item.first.isoformat(), "last": item.last.isoformat()}
        told["companies"] = item.count
        record(session, now, None, "nobody stands in", "time_off", item.row_id, name=item.name, **told)
        _mark(session, item.row_id, alarmed_at=now)


@contextmanager
def telling_of_closed(
    session: Session, now: datetime, settings: Settings, user_ids: Collection[int]
) -> Iterator[None]:
    """Around what becomes of these accounts: mail all administrators which companies nobody serves after it.

    Those of an account that is closed, and those of one that was closed before and loses its usual stand-in.
    Days on which who stands in has time off are told by the periodic pass.
    """
    today = local_date(now, settings.service_time_zone)
    concerned = counting_on(session, user_ids)
    before = left_to_nobody(session, concerned, today)
    yield
    for number, (profile, first) in left_to_nobody(session, concerned, today).items():
        if number in before:
            continue
        # Those that they were to serve from a later day on, too.
        names, count = companies_between(session, number, first, date.max, _NAMED)
        if count:
            left = Left(profile.name, profile.public_id, first if first > today else None, names, count)
            _tell_closed(session, now, settings, number, left)


def _tell_closed(session: Session, now: datetime, settings: Settings, user_id: int, left: Left) -> None:
    for reader in _administrators(session):
        thread = f"closed:{user_id}:{reader.id}"
        draft = write_closed(left, reader, settings)
        post(session, now, f"{thread}:{now:%Y%m%dT%H%M%S%f}", thread, draft)
    record(session, now, None, "nobody stands in", "user", user_id, companies=left.count)


def _mark(session: Session, row_id: int, **values: Any) -> None:
    session.execute(update(TimeOff).where(TimeOff.id == row_id).values(**values))


def _administrators(session: Session) -> list[SignedIn]:
    columns = (User.id, User.public_id, User.name, User.email, User.role, User.language, User.time_zone)
    wanted = select(*columns).where(User.role == ADMINISTRATOR, User.is_active).order_by(User.id)
    return [SignedIn(*row) for row in session.execute(wanted)]
