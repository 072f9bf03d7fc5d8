"""What the worker does to a call once its calendar has answered, without a calendar."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.booking import queries
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event
from app.booking.models import Booking
from app.booking.values import CallValue
from app.calendars.models import CalendarAccount
from app.lib.db import write
from tests.booking.core.desk import Desk


def confirm(desk: Desk, call: CallValue) -> CallValue:
    """The calendar has the call."""
    return _settle(desk, call, Event.CONFIRM)


def arrive(desk: Desk, call: CallValue) -> CallValue:
    """The calendar has its new time."""
    return _settle(desk, call, Event.ARRIVE)


def pass_to(desk: Desk, now: datetime) -> None:
    """The time goes on, and the calendars were read."""
    desk.now = now
    desk.session.execute(update(CalendarAccount).values(in_step_at=now))
    desk.session.commit()


def _settle(desk: Desk, call: CallValue, event: Event) -> CallValue:
    def work(session: Session) -> CallValue:
        there = queries.required_call(session, call.id)
        row, to = session.get_one(Booking, call.id, populate_existing=True), there.move or there.span
        start = to.start.isoformat()
        return take(session, desk.now, desk.settings, row, Step(event, to=to), start=start)

    return write(desk.session, [call.specialist.user_id], work)
