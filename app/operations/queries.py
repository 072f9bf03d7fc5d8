"""What the checks read."""

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.models import CalendarAccount


def schema_version(session: Session) -> str | None:
    """The migration the database stands at; None when it has never been migrated."""
    try:
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        session.rollback()
        return None


def calendar_ages(session: Session, now: datetime) -> dict[str, timedelta | None]:
    """How long ago the oldest of each person's accounts was in step, by address; None for never."""
    rows = session.execute(
        select(User.email, CalendarAccount.in_step_at).join(User, User.id == CalendarAccount.person_id)
    )
    ages: dict[str, timedelta | None] = {}
    for email, in_step in rows:
        age, known = None if in_step is None else now - in_step, ages.get(email, timedelta(0))
        ages[email] = None if age is None or known is None else max(age, known)
    return ages
