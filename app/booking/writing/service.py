"""What the database says and learns while a booking is written into the calendar; no network here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.service import history, record
from app.booking import queries
from app.booking.events import as_persons
from app.booking.guests.queries import attendees
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import knows_of_clash, post_letter
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event, Status
from app.booking.models import Booking
from app.booking.offers.service import own_writes
from app.booking.values import CallValue
from app.booking.writing.plan import Home, Task, home_of, lies_in
from app.booking.writing.queries import homes
from app.booking.writing.service_copy import read_copies
from app.calendars.errors import NoCalendar
from app.calendars.server.writing import version_of
from app.calendars.service import objects_with_uid, picture, remember
from app.calendars.values import Fetched, Standing
from app.config import Settings
from app.ical.people import has_people
from app.lib.crashpoints import reached
from app.lib.intervals import Interval


def read_task(session: Session, booking_id: int) -> Task | None:
    """The booking as it is now; None when it does not exist (any more)."""
    row = session.execute(
        select(Booking.href, Booking.etag, Booking.calendar_id, Booking.specialist_id).where(
            Booking.id == booking_id
        )
    ).first()
    if row is None:
        return None
    known, call = homes(session, row.specialist_id), queries.required_call(session, booking_id)
    found_in: set[int] = set()
    if row.calendar_id is None:
        standing = objects_with_uid(session, row.specialist_id, call.uid)
        found_in = {item.calendar_id for item in standing if item.href == row.href}
    home = home_of(known, row.calendar_id, row.href, found_in)
    target = next((item for item in known if item.receives_bookings), None)
    task = Task(call, row.href, row.etag, home, target, copies=read_copies(session, call))
    return _with_guests(session, task) if home and home.lists_guests else task


def _with_guests(session: Session, task: Task) -> Task:
    people, there = tuple(attendees(session, task.call.id)), standing(session, task)
    lacks = there is not None and not has_people(there.text, task.call.uid, as_persons(people))
    return replace(task, attendees=people, lacks_guests=lacks)


def places(session: Session, task: Task) -> list[Standing]:
    """What has the booking's UID: first where it was written, then in its own calendar, then elsewhere.

    Hrefs are paths: on another account the same one is another place.
    """
    found = [
        item
        for item in objects_with_uid(session, task.call.specialist.user_id, task.call.uid)
        if lies_in(item.href, item.calendar_href)
    ]
    own = task.home.calendar_id if task.home else None
    return sorted(
        found,
        key=lambda item: (not task.is_place(item), item.calendar_id != own, item.calendar_id, item.href),
    )


def standing(session: Session, task: Task) -> Standing | None:
    """The booking's event where it was written, by the replica; None when nothing stands there."""
    return next((item for item in places(session, task) if task.is_place(item)), None)


def is_free(session: Session, task: Task) -> bool:
    """Whether nothing but the booking's own event takes its specialist's time, by the replica.

    Looked at without buffers: they are a comfort, the call itself is the promise. Raises NoCalendar.
    """
    return is_free_for(session, task.call.specialist.user_id, task)


def is_free_for(session: Session, person_id: int, task: Task) -> bool:
    """The same for anybody who takes part."""
    span = task.target
    view = picture(session, person_id, span)
    if view is None:
        raise NoCalendar("no_account")
    own = own_writes(queries.written_calls(session, person_id, span))
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


def confirm(session: Session, now: datetime, settings: Settings, task: Task, stored: Fetched) -> bool:
    """The calendar has it: confirmed, the old time freed, the invitation posted.

    False when the booking was changed meanwhile; then only what was written is kept in mind.
    """
    row = _row(session, task)
    _keep(session, now, row, task, stored)
    if not is_unchanged(session, task):
        return False
    row.written_sequence, row.calendar_trouble = row.sequence, ""
    row.missing_since = row.asked_at = None
    event = _what_is_confirmed(task.call)
    if event is not None:
        old, reason = (task.call.span, _why_moved(session, task.call)) if task.call.move else (None, "")
        told = Occasion(Kind.UPDATED, old=old, reason=reason)
        step = Step(event, to=task.call.move or task.call.span, told=told)
        take(session, now, settings, row, step, start=task.target.start.isoformat())
    reached("confirming")
    return True


def _why_moved(session: Session, call: CallValue) -> str:
    """What was written by whoever asked for the new time."""
    asked = [fact for fact in history(session, "booking", call.public_id) if fact.verb == "move_asked"]
    return str(asked[-1].detail.get("reason", "")) if asked else ""


def _what_is_confirmed(call: CallValue) -> Event | None:
    """What it means that the calendar has the event; None when it only has it once more."""
    if call.confirmed_at is None:
        return Event.CONFIRM
    if call.move is not None:
        return Event.ARRIVE
    return Event.SETTLE if call.status == Status.CLASH else None


def _keep(session: Session, now: datetime, row: Booking, task: Task, stored: Fetched) -> None:
    """Remember what stands there since our write: the next look must not take it for the owner's doing.

    The replica is brought up to it only where it still has the version before: whatever else it has came by
    a look, and may be what the owner did right after the write. Nothing would ever tell of that again.
    """
    if row.specialist_id != task.call.specialist.user_id:
        # Somebody else has taken it over: what was written in the old place goes again.
        return
    row.href, row.etag = stored.href, version_of(stored.etag, stored.text)
    if task.home:
        row.calendar_id = task.home.calendar_id
    there = standing(session, task)
    if there is not None and version_of(there.etag, there.text) == task.etag:
        account = there.account_id
        remember(session, now, row.specialist_id, stored.href, stored.etag, stored.text, account_id=account)


def decline(
    session: Session, now: datetime, settings: Settings, task: Task, stored: Fetched | None = None
) -> None:
    """Somebody who takes part is not free: the slot is freed, others are offered; ``stored`` goes again."""
    if stored is not None:
        _keep(session, now, _row(session, task), task, stored)
    _end(session, now, settings, task, Event.DECLINE)


def expire(session: Session, now: datetime, settings: Settings, task: Task) -> None:
    """The calendar never answered before the call's time: both sides are told that it does not take place."""
    _end(session, now, settings, task, Event.EXPIRE)


def _end(session: Session, now: datetime, settings: Settings, task: Task, event: Event) -> None:
    if not is_unchanged(session, task):
        return
    row = _row(session, task)
    take(session, now, settings, row, Step(event))
    row.calendar_trouble = ""


def find_clash(session: Session, now: datetime, settings: Settings, task: Task, stored: Fetched) -> None:
    """Something stands beside the event: the time stays reserved, both sides are told to settle it."""
    row = _row(session, task)
    _keep(session, now, row, task, stored)
    if not is_unchanged(session, task):
        return
    row.written_sequence, row.calendar_trouble = row.sequence, ""
    take(session, now, settings, row, Step(Event.FIND_CLASH))


def drop_move(
    session: Session, now: datetime, settings: Settings, task: Task, stored: Fetched | None = None
) -> None:
    """The new time cannot be had: the old one stands, and the contact is told with others to choose from."""
    row = _row(session, task)
    if stored is not None:
        _keep(session, now, row, task, stored)
    if not is_unchanged(session, task):
        return
    wish = Occasion(Kind.NOT_MOVED, asked=task.target)
    step = Step(Event.DROP_MOVE, near=task.target.start, told=wish)
    take(session, now, settings, row, step, wanted=task.target.start.isoformat())


def clashes_ahead(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Id and SEQUENCE of the calls to come that meet another appointment."""
    wanted = select(Booking.id, Booking.sequence).where(
        Booking.status == Status.CLASH, Booking.starts_at > now
    )
    return [(row.id, row.sequence) for row in session.execute(wanted)]


def tell_of_clash(session: Session, now: datetime, settings: Settings, booking_id: int) -> None:
    """The contact hears of a clash that their specialist has not settled for long."""
    call = queries.required_call(session, booking_id)
    if call.status == Status.CLASH:
        post_letter(session, now, settings, call, Occasion(Kind.CLASH))


def untold_clashes(session: Session, since: datetime, now: datetime) -> list[tuple[int, int]]:
    """Id and specialist of calls ahead that clash since before ``since`` without their contact knowing."""
    old = queries.calls(
        session, Booking.status == Status.CLASH, Booking.starts_at > now, Booking.changed_at <= since
    )
    return [(call.id, call.specialist.user_id) for call in old if not knows_of_clash(session, call)]


def note_removed(session: Session, now: datetime, task: Task, removed: Sequence[Standing]) -> None:
    """The calendar has no event of the booking any more."""
    row = _row(session, task)
    account = task.home.account_id if task.home else None
    remember(session, now, row.specialist_id, task.href, "", None, account_id=account)
    for item in removed:
        remember(session, now, row.specialist_id, item.href, "", None, account_id=item.account_id)
    row.etag, row.written_sequence, row.calendar_trouble = "", None, ""
    reached("removing")


def note_place(session: Session, task: Task, place: Standing) -> None:
    """The event is at another href; what was made of it there is looked at when it is written next."""
    row = _row(session, task)
    row.href, row.etag, row.calendar_id = place.href, "", place.calendar_id


def rehome(session: Session, now: datetime, task: Task, home: Home) -> None:
    """The event shall stand in another calendar: it is to be written there afresh."""
    row = _row(session, task)
    row.href, row.etag = f"{home.href.rstrip('/')}/{task.call.uid}.ics", ""
    row.calendar_id, row.written_sequence = home.calendar_id, None
    row.missing_since = row.asked_at = None
    record(session, now, None, "rehomed", "booking", row.public_id)


def note_trouble(session: Session, booking_id: int, trouble: str) -> None:
    """Why the calendar does not have it yet, for the specialist and the administrator."""
    row = session.get_one(Booking, booking_id)
    row.calendar_trouble = trouble[:200]


def _row(session: Session, task: Task) -> Booking:
    return session.get_one(Booking, task.call.id, populate_existing=True)


def is_unchanged(session: Session, task: Task) -> bool:
    """Whether the booking is still as the round began with it."""
    now_there = read_task(session, task.call.id)
    return now_there is not None and now_there.version == task.version
