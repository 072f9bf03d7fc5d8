"""Whose calendars were changed or read so lately that what follows from it may be on its way."""

from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from app.availability.models import HoursEdit
from app.calendars.models import CalendarAccount


def freshly_changed(session: Session, since: datetime) -> set[int]:
    """The people whose calendars were read, or written by the editor of hours, since then."""
    read = select(CalendarAccount.person_id).where(CalendarAccount.in_step_at >= since)
    written = select(HoursEdit.person_id).where(HoursEdit.finished_at >= since)
    return set(session.scalars(union(read, written)))
