"""Carrying out what the table of a call's life says (app/booking/lifecycle.py), for everybody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking import queries
from app.booking.letters.letter import Occasion
from app.booking.letters.service import knows_last_change, knows_of_clash, post_letter
from app.booking.life.service_time import let_successor_go, take_time
from app.booking.life.words import If, Rule, Tell, Time
from app.booking.lifecycle import TABLE, Event, Status, Who, after, is_active, who_in
from app.booking.models import Booking
from app.booking.offers.service import free_times_near
from app.booking.values import CallValue
from app.booking.writing.service_queue import write_soon
from app.config import Settings
from app.lib.intervals import Interval

# A call that goes to another time, or ends, is not passed on to anybody: whoever wants that asks anew.
_ENDS_PASSING = frozenset({Time.BOTH, Time.NEW, Time.FREE})


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a call; ``actor`` None is the service itself.

    ``to`` is the time that RESCHEDULE asks for, that FOLLOW goes to and that a move arrives at; ``near`` is
    where free times are offered instead, by default the call's own. ``told`` are further facts for the
    letters.
    """

    event: Event
    actor: SignedIn | None = None
    to: Interval | None = None
    near: datetime | None = None
    told: Occasion | None = None


def take(
    session: Session, now: datetime, settings: Settings, row: Booking, step: Step, **detail: Any
) -> CallValue:
    """Let the event happen: status, times, reservation, SEQUENCE, audit log, letters and the calendar's work.

    Under the write lock of everybody whose time it touches; ``detail`` goes into the audit log. Raises
    CannotChange, and SlotTaken when the database refuses the time; nothing is to be committed then.
    """
    before, rule = queries.required_call(session, row.id), TABLE[step.event]
    who = who_in(before, step.actor)
    row.status = after(before, step.event, who, now)
    # First: whoever was to take it over may come along to the new time as its senior.
    if rule.time in _ENDS_PASSING or not is_active(row.status):
        let_successor_go(session, row)
    take_time(session, now, row, rule.time, before, step.to)
    if rule.raises_sequence:
        row.sequence += 1
        if _stays_a_clash(before, row, rule):
            row.written_sequence = row.sequence
    row.changed_at = now
    if row.status == Status.CONFIRMED:
        row.confirmed_at = row.confirmed_at or now
    record(session, now, step.actor, rule.verb, "booking", row.public_id, **detail)
    session.flush()
    call = queries.required_call(session, row.id)
    for tell in rule.tells:
        if _is_told(session, tell.condition, before, call, who, step):
            post_letter(session, now, settings, call, _occasion(session, now, settings, tell, call, step))
    if rule.writes:
        write_soon(session, row.id, row.sequence, rule.writes)
    return call


def _stays_a_clash(before: CallValue, row: Booking, rule: Rule) -> bool:
    """Whether it clashes as before, at its time: such a call is not written, and is still to be followed."""
    is_written = before.written_sequence == before.sequence
    return before.status == row.status == Status.CLASH and is_written and rule.time is Time.KEEP


def _is_told(
    session: Session, condition: If, before: CallValue, call: CallValue, who: Who, step: Step
) -> bool:
    was_promised = before.confirmed_at is not None
    is_overtaken = step.told is not None and step.told.asked is not None
    match condition:
        case If.PROMISED:
            return was_promised
        case If.UNTOLD:
            return was_promised and not knows_last_change(session, call)
        case If.UNPROMISED:
            return not was_promised
        case If.UNPROMISED_BY_OTHERS:
            return not was_promised and who is not Who.CONTACT
        case If.KNOWS_OF_CLASH:
            return knows_of_clash(session, call)
        case If.WISH_OVERTAKEN:
            return is_overtaken
        case If.PROMISED_WISH_OVERTAKEN:
            return is_overtaken and was_promised
    return True


def _occasion(
    session: Session, now: datetime, settings: Settings, tell: Tell, call: CallValue, step: Step
) -> Occasion:
    told = step.told or Occasion(tell.kind)
    free: tuple[Interval, ...] = ()
    if tell.offers:
        free = free_times_near(session, now, settings, call, step.near or call.start)
    return replace(told, kind=tell.kind, at_home=tell.at_home, free=free)
