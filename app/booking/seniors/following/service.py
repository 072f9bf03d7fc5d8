"""What seniors do with the events of calls that they were brought into; under all these people's locks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SENIOR
from app.booking import queries
from app.booking.following.service_scene import note_place, written_by_us
from app.booking.following.verdict import Doubt, Outcome, decide
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.life.service import Step
from app.booking.lifecycle import Event
from app.booking.models import Booking, BookingCopy
from app.booking.seniors.following import queries as lookups
from app.booking.seniors.service import leave
from app.booking.values import CallValue
from app.booking.writing.plan import Home, home_of, lies_in
from app.booking.writing.queries import homes, looked_at
from app.booking.writing.service_queue import write_soon
from app.calendars.reconcile import Finding, Owner, compare, is_doubtful
from app.calendars.service import objects_with_uid
from app.config import Settings
from app.customers.profiles import SpecialistProfile, as_user
from app.lib.crashpoints import reached


@dataclass(frozen=True, slots=True)
class _Scene:
    """One look at a senior's calendars as the replica has them."""

    session: Session
    now: datetime
    settings: Settings
    homes: Sequence[Home]
    looked_at: datetime | None


def follow_senior(
    session: Session, now: datetime, settings: Settings, person_id: int, copy_ids: Sequence[int]
) -> None:
    """Do what follows from how a senior's events stand: gone, they are off the call; moved, it is put back.

    What would take them off in numbers that nobody means is put back too.
    """
    scene = _Scene(session, now, settings, homes(session, person_id), looked_at(session, person_id))
    rows = [session.get_one(BookingCopy, number, populate_existing=True) for number in copy_ids]
    gone = [row for row in rows if _follow_one(scene, row)]
    session.flush()
    if is_doubtful(len(gone), lookups.count_ahead(session, person_id, now)):
        for row in gone:
            _put_back(scene, row)
        return
    for row in gone:
        _let_go(scene, row)


def _follow_one(scene: _Scene, row: BookingCopy) -> bool:
    """Do what follows for one event; True when it is gone for certain, which others decide on."""
    call = queries.required_call(scene.session, row.booking_id)
    senior = call.senior
    if senior is None or senior.user_id != row.person_id or row.written_sequence != call.sequence:
        return False
    if not call.is_active or call.move is not None or call.start <= scene.now:
        return False
    found = objects_with_uid(scene.session, row.person_id, call.uid)
    standing = [item for item in found if lies_in(item.href, item.calendar_href)]
    home = home_of(scene.homes, row.calendar_id, row.href)
    written = written_by_us(row, call, home, scene.settings.public_url, senior)
    finding = compare(written, standing, Owner(senior.time_zone))
    match decide(finding, Doubt(row.missing_since, None, call.changed_at), scene.looked_at):
        case Outcome.KEEP:
            _keep(row, finding)
        case Outcome.MOVE:
            _move_back(scene, row, call, senior, finding)
        case Outcome.MISSED:
            row.missing_since = scene.looked_at
        case Outcome.GONE:
            return True
    return False


def _keep(row: BookingCopy, finding: Finding) -> None:
    """It stands at its time; title, notes and calendar are its owner's."""
    row.missing_since = None
    if finding.place is not None:
        note_place(row, finding.place)


def _move_back(
    scene: _Scene, row: BookingCopy, call: CallValue, senior: SpecialistProfile, finding: Finding
) -> None:
    """Its time is not theirs to choose: written again where it belongs, and told once for each place."""
    _keep(row, finding)
    _put_back(scene, row)
    told = Occasion(Kind.SENIOR_KEPT, at_home=True, there=finding.span, why="kept")
    theirs = replace(call, specialist=senior, senior=None)
    post_letter(scene.session, scene.now, scene.settings, theirs, told)


def _put_back(scene: _Scene, row: BookingCopy) -> None:
    booking = scene.session.get_one(Booking, row.booking_id)
    row.missing_since = row.written_sequence = None
    write_soon(scene.session, booking.id, booking.sequence, f"copy-{scene.now:%Y%m%dT%H%M%S}")
    reached("copy_put_back")


def _let_go(scene: _Scene, row: BookingCopy) -> None:
    """The senior took the call out of their calendar: they are off it, and the others are told."""
    booking = scene.session.get_one(Booking, row.booking_id, populate_existing=True)
    call = queries.required_call(scene.session, row.booking_id)
    row.missing_since = None
    if call.senior is not None:
        step = Step(Event.LOSE_SENIOR, as_user(call.senior, SENIOR))
        leave(scene.session, scene.now, scene.settings, booking, step, via="calendar")
    reached("senior_left")
