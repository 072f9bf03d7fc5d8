"""Calls follow what their specialist does in the calendar; all of it under that person's write lock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SPECIALIST
from app.availability.errors import CalendarAway
from app.availability.queries import reserved
from app.availability.service import why_closed
from app.availability.slots import Reason
from app.booking import queries
from app.booking.following import queries as lookups
from app.booking.following.calling_off.service import ask_about, ask_whether_moved, call_off
from app.booking.following.service_scene import Judged, Scene, judge, note_place, open_scene, version_at
from app.booking.following.verdict import Outcome, are_too_many, rules_for_specialists, wrong_length
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event, Status
from app.booking.models import Booking
from app.booking.offers.service import own_writes
from app.booking.seniors.service import why_not_free
from app.booking.values import CallValue
from app.booking.writing.plan import Task
from app.booking.writing.service_queue import write_soon
from app.calendars.reconcile import Change, Finding, is_doubtful
from app.calendars.service import remember
from app.calendars.values import Fetched
from app.config import Settings
from app.customers.profiles import SpecialistProfile, as_user
from app.lib.crashpoints import reached
from app.lib.intervals import Interval

_DAY = timedelta(days=1)


def follow(
    session: Session, now: datetime, settings: Settings, person_id: int, booking_ids: Sequence[int]
) -> None:
    """Do what follows for these calls of one specialist from what stands in the calendars; mails included.

    What a look would call off or move in numbers that nobody means is asked about instead.
    """
    scene = open_scene(session, now, settings, person_id)
    rows = [_row(session, number) for number in booking_ids]
    judged = [found for found in (judge(scene, row) for row in rows) if found is not None]
    moved = [found for found in judged if found.outcome is Outcome.MOVE]
    if are_too_many(len(moved)):
        for found in moved:
            # From here on only what is changed once more is news; and it may be written over.
            if found.finding.place is not None:
                note_place(found.row, found.finding.place)
        ask_whether_moved(session, now, settings, [found.row for found in moved])
        judged = [found for found in judged if found.outcome is not Outcome.MOVE]
    gone = [found.row for found in judged if _follow_one(scene, found)]
    if not gone:
        return
    session.flush()
    missed = lookups.count_missed(session, person_id, now)
    if is_doubtful(missed, lookups.count_ahead(session, person_id, now)):
        ask_about(session, now, settings, gone)
        return
    for row in gone:
        call_off(session, now, settings, row)


def meet(session: Session, now: datetime, settings: Settings, task: Task, current: Fetched) -> None:
    """A wish met a move that the specialist made first: theirs counts, and is judged here.

    A contact's new time is given up; one mail tells of both. A call that was not confirmed yet is, at the
    time that its specialist chose.
    """
    row = _row(session, task.call.id)
    call = queries.required_call(session, row.id)
    account = task.home.account_id if task.home else None
    remember(session, now, row.specialist_id, current.href, current.etag, current.text, account_id=account)
    reached("met")
    if (call.status, call.sequence, call.move) != (task.call.status, task.call.sequence, task.call.move):
        return
    if call.move is not None:
        step = Step(Event.DROP_MOVE)
        take(session, now, settings, row, step, wanted=call.move.start.isoformat())
    row.written_sequence = row.sequence
    go_along(session, now, settings, row, asked=call.move)


def go_along(
    session: Session, now: datetime, settings: Settings, row: Booking, asked: Interval | None = None
) -> None:
    """Do what follows for this one call, whatever else was changed; ``asked``: a wish that was overtaken."""
    scene = open_scene(session, now, settings, row.specialist_id)
    found = judge(scene, row)
    if found is not None:
        _follow_one(scene, found, asked)


def where_it_stands(session: Session, now: datetime, settings: Settings, row: Booking) -> Interval | None:
    """When the event takes place in the calendar now; None when it is not there or cannot be read."""
    found = judge(open_scene(session, now, settings, row.specialist_id), row)
    return None if found is None else found.finding.span


def _row(session: Session, booking_id: int) -> Booking:
    return session.get_one(Booking, booking_id, populate_existing=True)


def _follow_one(scene: Scene, found: Judged, asked: Interval | None = None) -> bool:
    """Do what follows for one call; True when its event is gone for certain, which others decide on."""
    row, finding = found.row, found.finding
    match found.outcome:
        case Outcome.KEEP:
            _keep(scene, row, found.call, finding)
        case Outcome.MOVE:
            _move(scene, row, found.call, finding, asked)
        case Outcome.MISSED:
            row.missing_since = scene.looked_at
        case Outcome.GONE:
            # Whatever stands there later, be it the very same version again, is looked at afresh.
            row.etag = "" if finding.place is None else version_at(finding.place)
            return True
    return False


def _keep(scene: Scene, row: Booking, call: CallValue, finding: Finding) -> None:
    """It stands at its time: title and notes are the owner's, and so are further occurrences."""
    _note(scene, row, call, finding)
    _tell_of_series(scene, call, finding)
    if Change.UNREADABLE in finding.changes:
        _tell_once(scene, call, Kind.UNREADABLE)
    if call.status == Status.CLASH and Change.UNREADABLE not in finding.changes:
        write_soon(scene.session, row.id, row.sequence, f"look-{scene.now:%Y%m%dT%H%M%S}")


def _note(scene: Scene, row: Booking, call: CallValue, finding: Finding) -> None:
    row.missing_since = row.asked_at = None
    if finding.place is None:
        return
    if Change.MOVED_CALENDAR in finding.changes:
        who = as_user(call.specialist, SPECIALIST)
        record(scene.session, scene.now, who, "changed_calendar", "booking", row.public_id)
    note_place(row, finding.place)


def _tell_of_series(scene: Scene, call: CallValue, finding: Finding) -> None:
    if Change.MADE_RECURRING in finding.changes:
        _tell_once(scene, call, Kind.MADE_RECURRING)


def _tell_once(scene: Scene, call: CallValue, kind: Kind) -> None:
    """Once for a call, whatever its SEQUENCE becomes: it says the same again."""
    told = Occasion(kind, at_home=True)
    post_letter(scene.session, scene.now, scene.settings, replace(call, sequence=0), told)


def _move(scene: Scene, row: Booking, call: CallValue, finding: Finding, asked: Interval | None) -> None:
    span = finding.span
    if span is None:
        return
    try:
        why = _objection(scene, call, span)
    except CalendarAway:
        # An old picture says nothing about the new time: once it is fresh again.
        return
    _note(scene, row, call, finding)
    _tell_of_series(scene, call, finding)
    if why:
        _misplace(scene, row, span, why, asked)
    else:
        _take_along(scene, row, call, span, asked)


def _objection(scene: Scene, call: CallValue, span: Interval) -> str:
    """What speaks against the time that the specialist chose; '' for nothing. Raises CalendarAway."""
    if wrong_length(span, call.rules):
        return "length"
    host: SpecialistProfile = call.specialist
    own = own_writes(queries.written_calls(scene.session, host.user_id, span))
    anywhere = [Interval(span.start - _DAY, span.end + _DAY)]
    reason = why_closed(
        scene.session,
        scene.now,
        scene.settings,
        host,
        rules_for_specialists(call.rules),
        span.start,
        own=own | {(call.uid, span.start, span.end)},
        without_booking=call.id,
        working_override=anywhere,
    )
    if reason is not None:
        return reason.value
    taken = call.rules.taken_by(span.start)
    others = reserved(scene.session, scene.now, host.user_id, taken, without_booking=call.id)
    if others:
        return Reason.TAKEN.value
    return "senior" if _keeps_senior_out(scene, call, span) else ""


def _keeps_senior_out(scene: Scene, call: CallValue, span: Interval) -> bool:
    """Whether the senior who takes part is not free at the time that the specialist chose."""
    if call.senior is None:
        return False
    moved = replace(call, start=span.start, end=span.end)
    return why_not_free(scene.session, scene.now, scene.settings, moved, call.senior) is not None


def _take_along(scene: Scene, row: Booking, call: CallValue, span: Interval, asked: Interval | None) -> None:
    """The call takes place when its specialist put it: SEQUENCE + 1, one mail, and the calendar's copy."""
    session, now = scene.session, scene.now
    start = span.start.isoformat()
    told = Occasion(Kind.FOLLOWED, old=call.span, asked=asked)
    step = Step(Event.FOLLOW, as_user(call.specialist, SPECIALIST), to=span, told=told)
    take(session, now, scene.settings, row, step, start=start)
    row.calendar_trouble = ""
    if call.confirmed_at is None:
        record(session, now, None, "confirmed", "booking", row.public_id, start=start)
    reached("following")


def _misplace(scene: Scene, row: Booking, span: Interval, why: str, asked: Interval | None) -> None:
    """The call keeps its time; its specialist is told what speaks against the one they chose."""
    call = queries.required_call(scene.session, row.id)
    told = Occasion(Kind.MISPLACED, there=span, why=why, asked=asked)
    step = Step(Event.MISPLACE, as_user(call.specialist, SPECIALIST), told=told)
    take(scene.session, scene.now, scene.settings, row, step, there=span.start.isoformat(), why=why)
