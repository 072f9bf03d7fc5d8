"""What an event of a call does to the time of everybody who takes part; all of them, or none."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.availability.service import has, release, release_person, reserve, reserve_move, settle
from app.booking.life.words import Time
from app.booking.models import Booking
from app.booking.reminding.service import remind_of, stop_reminding
from app.booking.seniors.people import people_of
from app.booking.seniors.queries import copy_of
from app.booking.values import CallValue
from app.lib.intervals import Interval


def take_time(
    session: Session, now: datetime, row: Booking, what: Time, call: CallValue, to: Interval | None
) -> None:
    """Reserve and free as the table says, and set the row's times; raises SlotTaken when anybody is taken."""
    match what:
        case Time.FREE:
            stop_reminding(session, row)
            row.move_starts_at = row.move_ends_at = None
            release(session, booking_id=row.id)
        case Time.OLD:
            if call.move is not None:
                row.move_starts_at = row.move_ends_at = None
                _keep_old(session, row, call)
        case Time.BOTH if to is not None:
            row.move_starts_at, row.move_ends_at = to.start, to.end
            if call.move is not None:
                _drop_new(session, row, call)
            for person in people_of(row):
                reserve_move(session, now, person, call.rules.taken_by(to.start), booking_id=row.id)
        case Time.NEW if to is not None:
            remind_of(session, now, row, to.start)
            row.starts_at, row.ends_at = to.start, to.end
            row.move_starts_at = row.move_ends_at = None
            taken = call.rules.taken_by(to.start)
            for person in people_of(row):
                reserve_move(session, now, person, taken, booking_id=row.id)
                settle(session, person, taken, booking_id=row.id)


def bring_in(session: Session, now: datetime, row: Booking, call: CallValue) -> None:
    """Reserve the call's time, and the one that it is on its way to, for the senior too; raises SlotTaken."""
    if row.senior_id is None:
        return
    reserve(session, now, row.senior_id, call.rules.taken_by(call.start), kind="booking", booking_id=row.id)
    if call.move is not None:
        wanted = call.rules.taken_by(call.move.start)
        reserve_move(session, now, row.senior_id, wanted, booking_id=row.id)


def take_out(session: Session, row: Booking) -> None:
    """The senior takes no part any more; their time is free."""
    if row.senior_id is not None:
        release_person(session, row.senior_id, booking_id=row.id)
        copy = copy_of(session, row.id, row.senior_id)
        if copy is not None:
            copy.joined_at = None
        row.senior_id = None


def let_successor_go(session: Session, row: Booking) -> None:
    """Nobody is to take the call over any more: their time is free, their event goes when it is written."""
    if row.successor_id is not None:
        release_person(session, row.successor_id, booking_id=row.id)
        row.successor_id = None


def _keep_old(session: Session, row: Booking, call: CallValue) -> None:
    """Only the old time, for those who have it: a senior who came along with the move goes with it."""
    old = call.rules.taken_by(call.start)
    if row.senior_id is not None and not has(session, row.senior_id, old, booking_id=row.id):
        take_out(session, row)
    for person in people_of(row):
        settle(session, person, old, booking_id=row.id)


def _drop_new(session: Session, row: Booking, call: CallValue) -> None:
    """Give up the time that the call was on its way to, because it goes elsewhere now."""
    old = call.rules.taken_by(call.start)
    for person in people_of(row):
        if has(session, person, old, booking_id=row.id):
            settle(session, person, old, booking_id=row.id)
        else:
            release_person(session, person, booking_id=row.id)
