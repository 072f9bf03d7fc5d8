"""Whether the service is fit to work: what load balancers and operators ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs.service import DEAD_AFTER, last_heartbeat
from app.operations import queries


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer; ``detail`` says what is wrong or how old something is."""

    name: str
    is_ok: bool
    detail: str


def readiness(session: Session, now: datetime, settings: Settings, migrations: str) -> list[Check]:
    """Database, migrations, the worker's heartbeat and the age of the calendars, in this order.

    A calendar that is away is a fact to show, not a reason to take the whole service out of rotation:
    only when every account is older than ``CALENDAR_MAX_AGE`` is the check red.
    """
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return [Check("database", False, type(error).__name__)]
    checks = [Check("database", True, "answers"), _migrations(session, migrations)]
    if not checks[-1].is_ok:
        return checks
    return [*checks, _worker(session, now), _calendars(session, now, settings.calendar_max_age)]


def _migrations(session: Session, folder: str) -> Check:
    head = ScriptDirectory(folder).get_current_head()
    current = queries.schema_version(session)
    return Check("migrations", current == head, f"at {current}, newest {head}")


def _worker(session: Session, now: datetime) -> Check:
    seen = last_heartbeat(session)
    if seen is None:
        return Check("worker", False, "never seen: start one with 'flask --app wsgi worker'")
    age = int((now - seen).total_seconds())
    return Check("worker", now - seen < DEAD_AFTER, f"last seen {age} s ago")


def _calendars(session: Session, now: datetime, max_age: timedelta) -> Check:
    ages = queries.calendar_ages(session, now)
    late = sorted(name for name, age in ages.items() if age is None or age > max_age)
    if not ages:
        return Check("calendars", True, "none connected")
    detail = "all in step" if not late else f"older than {int(max_age.total_seconds())} s: {', '.join(late)}"
    return Check("calendars", len(late) < len(ages), detail)
