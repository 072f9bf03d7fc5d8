"""What the database says and learns while a booking is written into the calendar; no network here."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.service import history, record
from app.availability.service import release, settle
from app.booking import queries
from app.booking.letters.letter import Kind, Occasion
from app.booking.letters.service import post_letter
from app.booking.lifecycle import Status, Step, after
from app.booking.models import Booking
from app.booking.offers.service import free_times_near, own_writes
from app.booking.values import CallValue
from app.booking.writing.plan import Task
from app.calendars.errors import NoCalendar
from app.calendars.service import picture
from app.config import Settings
from app.lib.crashpoints import reached
from app.lib.intervals import Interval


def read_task(session: Session, booking_id: int) -> Task | None:
    """The booking as it is now; None when it does not exist (any more)."""
    row = session.execute(select(Booking.href, Booking.etag).where(Booking.id == booking_id)).first()
    return None if row is None else Task(queries.required_call(session, booking_id), row.href, row.etag)


def is_free(session: Session, task: Task) -> bool:
    """Whether nothing but the booking's own event takes its specialist's time, by the replica.

    Looked at without buffers: they are a comfort, the call itself is the promise. Raises NoCalendar.
    """
    host, span = task.call.specialist.user_id, task.target
    view = picture(session, host, span)
    if view is None:
        raise NoCalendar("no_account")
    own = own_writes(queries.written_calls(session, host, span))
    moved = [
        Interval(item.start, item.end)
        for item in view.own
        if item.uid != task.call.uid and (item.uid, item.start, item.end) not in own
    ]
    return not any(span.overlaps(other) for other in (*view.busy, *view.time_off, *moved))


def known_starts(session: Session, call: CallValue) -> frozenset[datetime]:
    """Every start that was ever asked for: an event of ours at one of them is not somebody's change."""
    facts = history(session, "booking", call.public_id)
    asked = {datetime.fromisoformat(fact.detail["start"]) for fact in facts if "start" in fact.detail}
    return frozenset({*asked, call.start, *([call.move.start] if call.move else [])})


def confirm(session: Session, now: datetime, settings: Settings, task: Task, etag: str) -> bool:
    """The calendar has it: confirmed, the old time freed, the invitation posted.

    False when the booking was changed meanwhile; then only the ETag of what was written is kept.
    """
    row = _row(session, task)
    row.etag = etag
    if not _is_unchanged(session, task):
        return False
    is_first, moved_from = row.confirmed_at is None, task.call.span if task.call.move else None
    was_clash = row.status == Status.CLASH
    row.status = after(row.status, Step.CONFIRM)
    row.written_sequence, row.calendar_trouble = row.sequence, ""
    if task.call.move is not None:
        row.starts_at, row.ends_at = task.call.move.start, task.call.move.end
        row.move_starts_at = row.move_ends_at = None
        span = task.call.rules.taken_by(row.starts_at)
        settle(session, row.specialist_id, span, booking_id=row.id)
    if is_first or moved_from or was_clash:
        row.confirmed_at = row.confirmed_at or now
        row.changed_at = now
        verb, kind = _outcome(is_first, moved_from is not None)
        record(session, now, None, verb, "booking", row.public_id, start=row.starts_at.isoformat())
        call = queries.required_call(session, row.id)
        post_letter(session, now, settings, call, Occasion(kind, old=moved_from))
    reached("confirming")
    return True


def _outcome(is_first: bool, is_move: bool) -> tuple[str, Kind]:
    if is_first:
        return "confirmed", Kind.INVITATION
    return ("moved", Kind.UPDATED) if is_move else ("clash_settled", Kind.SETTLED)


def decline(session: Session, now: datetime, settings: Settings, task: Task) -> None:
    """Something stood in the calendar before the event was written: the slot is freed, others are offered."""
    if not _is_unchanged(session, task):
        return
    _end(session, now, task, Step.DECLINE, "declined")
    call = queries.required_call(session, task.call.id)
    free = free_times_near(session, now, settings, call, call.start)
    post_letter(session, now, settings, call, Occasion(Kind.DECLINED, free=free))


def expire(session: Session, now: datetime, settings: Settings, task: Task) -> None:
    """The calendar never answered before the call's time: both sides are told that it does not take place."""
    if not _is_unchanged(session, task):
        return
    _end(session, now, task, Step.EXPIRE, "expired")
    call = queries.required_call(session, task.call.id)
    post_letter(session, now, settings, call, Occasion(Kind.EXPIRED))
    post_letter(session, now, settings, call, Occasion(Kind.EXPIRED, at_home=True))


def find_clash(session: Session, now: datetime, settings: Settings, task: Task, etag: str) -> None:
    """Something stands beside the event: the time stays reserved, both sides are told to settle it."""
    row = _row(session, task)
    row.etag = etag
    if not _is_unchanged(session, task):
        return
    row.status = after(row.status, Step.FIND_CLASH)
    if task.call.move is not None:
        _forget_move(session, row, task)
    row.written_sequence, row.changed_at, row.calendar_trouble = row.sequence, now, ""
    record(session, now, None, "clash", "booking", row.public_id)
    call = queries.required_call(session, row.id)
    post_letter(session, now, settings, call, Occasion(Kind.CLASH))
    post_letter(session, now, settings, call, Occasion(Kind.CLASH, at_home=True))


def drop_move(
    session: Session, now: datetime, settings: Settings, task: Task, etag: str | None = None
) -> None:
    """The new time cannot be had: the old one stands, and the contact is told with others to choose from."""
    row = _row(session, task)
    row.etag = row.etag if etag is None else etag
    if not _is_unchanged(session, task):
        return
    row.status = after(row.status, Step.DROP_MOVE)
    _forget_move(session, row, task)
    row.changed_at = now
    wanted = task.target.start.isoformat()
    record(session, now, None, "move_dropped", "booking", row.public_id, wanted=wanted)
    call = queries.required_call(session, row.id)
    free = free_times_near(session, now, settings, call, task.target.start)
    post_letter(session, now, settings, call, Occasion(Kind.NOT_MOVED, old=task.target, free=free))


def clashes_ahead(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Id and SEQUENCE of the calls to come that meet another appointment."""
    wanted = select(Booking.id, Booking.sequence).where(
        Booking.status == Status.CLASH, Booking.starts_at > now
    )
    return [(row.id, row.sequence) for row in session.execute(wanted)]


def note_removed(session: Session, task: Task) -> None:
    """The calendar has no event of the booking any more."""
    row = _row(session, task)
    row.etag, row.written_sequence, row.calendar_trouble = "", None, ""
    reached("removing")


def note_place(session: Session, task: Task, href: str, etag: str) -> None:
    """The event is, or shall be, at another href."""
    row = _row(session, task)
    row.href, row.etag = href, etag


def note_trouble(session: Session, booking_id: int, trouble: str) -> None:
    """Why the calendar does not have it yet, for the specialist and the administrator."""
    row = session.get_one(Booking, booking_id)
    row.calendar_trouble = trouble[:200]


def _row(session: Session, task: Task) -> Booking:
    return session.get_one(Booking, task.call.id, populate_existing=True)


def _is_unchanged(session: Session, task: Task) -> bool:
    now_there = read_task(session, task.call.id)
    return now_there is not None and now_there.version == task.version


def _end(session: Session, now: datetime, task: Task, step: Step, verb: str) -> None:
    row = _row(session, task)
    row.status = after(row.status, step)
    row.move_starts_at = row.move_ends_at = None
    row.changed_at, row.calendar_trouble = now, ""
    release(session, booking_id=row.id)
    record(session, now, None, verb, "booking", row.public_id)


def _forget_move(session: Session, row: Booking, task: Task) -> None:
    row.move_starts_at = row.move_ends_at = None
    settle(session, row.specialist_id, task.call.rules.taken_by(task.call.start), booking_id=row.id)
