"""Reminders of calls, by mail; which is due is said by due.py."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking import queries
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion, write_letter
from app.booking.letters.service import thread_of
from app.booking.lifecycle import Status
from app.booking.models import Booking
from app.booking.reminding.due import due, following
from app.config import Settings
from app.mail.service import post, withdraw

_A_PASS = 200


def remind_of(session: Session, now: datetime, row: Booking, start: datetime) -> None:
    """From now on the call is reminded of at this start, and at no other."""
    stop_reminding(session, row)
    row.remind_at = following(start, row.rules["reminders"], now)


def stop_reminding(session: Session, row: Booking) -> None:
    """The call's time counts no more: no further reminders of it, nor those that did not go out yet."""
    row.remind_at = None
    pattern = f"booking:{row.id}:%:{Kind.REMINDER.value}:%"
    withdraw(session, thread_of(row.id, row.contact_id), pattern)


def waiting(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Id and specialist of the calls of which a reminder may be due, the most urgent first.

    Only of what stands: a call beside which something else appeared, or that is on its way to another time,
    is reminded of when it is known what becomes of it.
    """
    rows = session.execute(
        select(Booking.id, Booking.specialist_id)
        .where(
            Booking.remind_at <= now,
            Booking.status == Status.CONFIRMED,
            Booking.move_starts_at.is_(None),
            Booking.starts_at > now,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(_A_PASS)
    )
    return [(row.id, row.specialist_id) for row in rows]


def remind(session: Session, now: datetime, settings: Settings, booking_id: int) -> None:
    """Post what is due of one call and note when the next is; needs its specialist's write lock.

    The mail's key names the start that it is about, not the SEQUENCE: a new time is reminded of anew, the
    same time never twice. It is not sent any more once the call has begun.
    """
    row = session.get_one(Booking, booking_id, populate_existing=True)
    if row.status != Status.CONFIRMED or row.move_starts_at is not None:
        return
    if row.remind_at is None or row.remind_at > now:
        return
    call = queries.required_call(session, booking_id)
    # From the rules, not from the wish: who wants reminders again is not sent the old ones.
    minutes = due(call.start, row.rules["reminders"], row.remind_at, now)
    row.remind_at = following(call.start, row.rules["reminders"], now)
    if minutes not in call.reminders:
        return
    key = f"booking:{call.id}:{call.start:%Y%m%dT%H%M}:{Kind.REMINDER.value}:{call.contact_id}:{minutes}"
    letter = write_letter(call, Occasion(Kind.REMINDER, at=now), settings)
    post(session, now, key, thread_of(call.id, call.contact_id), letter, useful_until=call.start)
