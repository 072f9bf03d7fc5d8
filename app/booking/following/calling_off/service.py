"""Calls whose event is gone: called off, or their specialist is asked and answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SPECIALIST
from app.booking import queries
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event
from app.booking.models import Booking
from app.config import Settings
from app.customers.profiles import as_user
from app.lib.crashpoints import reached


def call_off(session: Session, now: datetime, settings: Settings, row: Booking) -> None:
    """The specialist took the call out of their calendar: it is free, and its contact is offered others."""
    call = queries.required_call(session, row.id)
    row.missing_since = row.asked_at = None
    step = Step(Event.CALL_OFF, as_user(call.specialist, SPECIALIST))
    take(session, now, settings, row, step, via="calendar")
    reached("calling_off")


def ask_about(session: Session, now: datetime, settings: Settings, gone: Sequence[Booking]) -> None:
    """Nothing is called off on doubt: the specialist is asked, by one mail and on their schedule."""
    for row in gone:
        row.asked_at = now
        record(session, now, None, "asked", "booking", row.public_id)
    calls = tuple(queries.required_call(session, row.id) for row in gone)
    post_letter(session, now, settings, calls[0], Occasion(Kind.VANISHED, at_home=True, calls=calls))


def ask_whether_moved(session: Session, now: datetime, settings: Settings, moved: Sequence[Booking]) -> None:
    """So many moves at a time are not followed unasked: one mail, and the question on the schedule."""
    for row in moved:
        row.asked_at = now
        record(session, now, None, "asked_move", "booking", row.public_id)
    calls = tuple(queries.required_call(session, row.id) for row in moved)
    post_letter(session, now, settings, calls[0], Occasion(Kind.MOVED_MANY, at_home=True, calls=calls))
