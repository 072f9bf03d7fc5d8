"""Working hours and time off: what stands in the calendar, and changes on their way to it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.retention.service import Rule
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.availability import queries
from app.availability.errors import CalendarAway
from app.availability.hours_edit import (
    ADD_TIME_OFF,
    WAITING,
    Edit,
    Step,
    read_object,
    removal_wanted,
    stored_steps,
    time_off_wanted,
    week_wanted,
)
from app.availability.hours_place import HoursPlace, place_of
from app.availability.hours_plan import Existing, state_of
from app.availability.models import HoursEdit
from app.availability.offer import Asked
from app.availability.service import judge_starts
from app.availability.slots import Reason, SlotRules
from app.availability.working import newly_outside, working_if
from app.calendars.server.writing import version_of
from app.calendars.service import accounts_of, hours_objects, picture, remember
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.ical.availability_hours import no_week
from app.ical.hours import WeeklyRange
from app.ical.people import Person
from app.jobs.client import enqueue
from app.lib.intervals import Interval
from app.lib.tokens import new_public_id
from app.lib.zones import day_interval

HANDLER = "hours"
_EDITS_KEPT = timedelta(days=90)

JudgedStart = tuple[datetime, Reason | None]


def hours_place(session: Session, person_id: int) -> HoursPlace | None:
    """Where the person's hours live, None when nothing is chosen."""
    return place_of(accounts_of(session, person_id))


def current_hours(session: Session, person_id: int, zone: str) -> list[Existing]:
    """What holds the hours and the time off as the replica has it, with what it means in ``zone``.

    Time off may stand in the calendar of the bookings, beside which nothing else counts.
    """
    place = hours_place(session, person_id)
    found = []
    for href, (etag, text) in hours_objects(session, person_id).items():
        hours = read_object(text, zone)
        is_home = place is not None and place.holds(href)
        if hours is None and place is not None and href == place.href:
            hours = no_week(text)
        if hours is not None and (is_home or hours.is_time_off):
            found.append(Existing(href, version_of(etag, text), text, hours))
    return found


def save_week(
    session: Session,
    now: datetime,
    actor: SignedIn,
    ranges: Sequence[WeeklyRange],
    existing: Sequence[Existing],
    title: str,
) -> str:
    """Keep new weekly hours and enqueue their way to the calendar; the edit's public id.

    ``existing`` is the state that the form showed.
    """
    record(session, now, actor, "changed working hours", "user", actor.id)
    return _keep(session, now, actor.id, week_wanted(ranges, title), state_of(existing))


def add_time_off(
    session: Session,
    now: datetime,
    actor: SignedIn,
    first_day: date,
    last_day: date,
    title: str,
    stand_in: SpecialistProfile | None = None,
) -> str:
    """Keep time off over both days inclusive and enqueue its way to the calendar; the edit's public id.

    Without ``stand_in`` it is left to the usual one.
    """
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    named = None if stand_in is None else Person(stand_in.email, stand_in.name)
    told = days if stand_in is None else {**days, "stand_in": stand_in.name}
    record(session, now, actor, "added time off", "user", actor.id, **told)
    wanted = time_off_wanted(first_day, last_day, title, named, actor.language)
    return _keep(session, now, actor.id, wanted, {})


def remove_time_off(session: Session, now: datetime, actor: SignedIn, existing: Existing) -> str:
    """Keep the wish to remove a time off and enqueue it; the edit's public id."""
    wanted = removal_wanted(existing)
    days = {"first_day": wanted["first_day"], "last_day": wanted["last_day"]}
    record(session, now, actor, "removed time off", "user", actor.id, **days)
    return _keep(session, now, actor.id, wanted, {existing.href: existing.etag})


def _keep(
    session: Session, now: datetime, person_id: int, wanted: dict[str, Any], base: Mapping[str, str]
) -> str:
    row = HoursEdit(
        public_id=new_public_id(), person_id=person_id, wanted=wanted, base=dict(base), created_at=now
    )
    session.add(row)
    session.flush()
    # The id may be one that an edit had before; the key must be new for ever.
    enqueue(session, HANDLER, f"hours:{row.public_id}", row.id, order=f"hours:{person_id}")
    return row.public_id


def edit_by_id(session: Session, edit_id: int) -> Edit | None:
    """The edit with this id."""
    return _first(session, _edits().where(HoursEdit.id == edit_id))


def edit_by_public_id(session: Session, person_id: int, public_id: str) -> Edit | None:
    """The person's own edit with this public id."""
    wanted = _edits().where(HoursEdit.person_id == person_id, HoursEdit.public_id == public_id)
    return _first(session, wanted)


def waiting_edits(session: Session, person_id: int) -> list[Edit]:
    """The person's edits that have not reached the calendar yet, oldest first."""
    wanted = _edits().where(HoursEdit.person_id == person_id, HoursEdit.state == WAITING)
    return [_edit(row) for row in session.execute(wanted.order_by(HoursEdit.id))]


def write_down_steps(session: Session, edit_id: int, steps: Sequence[Step]) -> None:
    """Keep what is about to be written, so that an attempt after a crash does the same and no more."""
    row = session.get_one(HoursEdit, edit_id)
    row.wanted = {**row.wanted, "steps": stored_steps(steps)}


def note_step(
    session: Session,
    now: datetime,
    edit: Edit,
    step: Step,
    account_id: int,
    etag: str,
    text: str | None,
) -> None:
    """A step has reached the server: into the replica, and into the base of whatever waits behind it.

    ``account_id`` is the account it was written on, ``text`` what stands there now (None: deleted). A second
    change that was saved while the first waited was made in the knowledge of the first.
    """
    remember(session, now, edit.person_id, step.href, etag, text, account_id=account_id)
    waiting = select(HoursEdit).where(HoursEdit.person_id == edit.person_id, HoursEdit.state == WAITING)
    for row in session.scalars(waiting):
        if row.wanted["kind"] != edit.kind:
            continue
        base = {href: known for href, known in row.base.items() if href != step.href}
        row.base = base if text is None else {**base, step.href: version_of(etag, text)}


def finish(session: Session, now: datetime, edit_id: int, state: str, detail: str = "") -> None:
    """The edit has ended; ``state`` is done, conflict or failed."""
    session.execute(
        update(HoursEdit)
        .where(HoursEdit.id == edit_id, HoursEdit.state == WAITING)
        .values(state=state, detail=detail[:500], finished_at=now)
    )


def preview(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    wanted: Collection[WeeklyRange],
    current: Collection[WeeklyRange],
) -> tuple[list[JudgedStart], int]:
    """The starts in ``span`` as they would be with ``wanted`` in place of ``current``, each with its reason.

    And how many booked calls ahead would fall outside the hours. Raises CalendarAway.
    """
    ahead = Interval(min(now, span.start), now + rules.horizon)
    view = picture(session, specialist.user_id, ahead)
    if view is None:
        raise CalendarAway("no_calendar", None)
    calls = queries.booked(session, specialist.user_id, ahead)
    after = working_if(wanted, current, view.working, ahead, specialist.time_zone)
    # Our own events are told as calls, where a reservation stands for them.
    own = frozenset(
        (item.uid, item.start, item.end)
        for item in view.own
        if any(call.contains(Interval(item.start, item.end)) for call in calls)
    )
    asked: Asked = {"own": own, "working_override": after}
    judged = judge_starts(session, now, settings, specialist, rules, span, **asked)
    return judged, len(newly_outside(calls, view.working, after))


def calls_in(session: Session, edit: Edit) -> int:
    """How many booked calls lie inside a time off that was added."""
    if edit.kind != ADD_TIME_OFF:
        return 0
    first, last = edit.days
    span = Interval(day_interval(first, edit.zone).start, day_interval(last, edit.zone).end)
    return len(queries.booked(session, edit.person_id, span))


def retention_rules(_settings: Settings, now: datetime) -> tuple[Rule, ...]:
    """How long changes are kept that are over."""
    return (Rule(HoursEdit.id, HoursEdit.finished_at <= now - _EDITS_KEPT),)


def _edits() -> Select[HoursEdit, str]:
    return select(HoursEdit, User.time_zone).join(User, User.id == HoursEdit.person_id)


def _first(session: Session, wanted: Select[HoursEdit, str]) -> Edit | None:
    row = session.execute(wanted).one_or_none()
    return None if row is None else _edit(row)


def _edit(row: Row[HoursEdit, str]) -> Edit:
    edit, zone = row
    return Edit(
        id=edit.id,
        public_id=edit.public_id,
        person_id=edit.person_id,
        zone=zone,
        wanted=edit.wanted,
        base=edit.base,
        state=edit.state,
        detail=edit.detail,
        created_at=edit.created_at,
    )
