"""What has to happen next so that the calendar says what the booking says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from app.booking.events import event_for_specialist, has_our_words, with_attendees
from app.booking.guests.values import AttendeeValue
from app.booking.lifecycle import STANDING, Status
from app.booking.values import CallValue
from app.calendars.values import Standing
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.ical.edited import amended, read_edited
from app.ical.errors import UnreadableCalendar
from app.ical.event import CalendarEvent, read_event, write_event
from app.lib.intervals import Interval

# The event of a call that was called off is not looked for any more this long after its time.
FORGOTTEN = timedelta(days=1)
# Servers refuse larger objects; what an owner attached to one may be that large.
_LARGEST = 100_000


class Action(Enum):
    """A step of a booking's writing."""

    WRITE = auto()
    REMOVE = auto()
    EXPIRE = auto()
    DROP_MOVE = auto()
    LOOK = auto()
    REHOME = auto()
    COPY = auto()


@dataclass(frozen=True, slots=True)
class Home:
    """A connected calendar that an event of ours can stand in.

    ``lists_guests``: its owner wants attendees in our events there, and the server is known to mail nobody.
    """

    account_id: int
    calendar_id: int
    href: str
    receives_bookings: bool
    lists_guests: bool = False


def home_of(
    homes: Sequence[Home], calendar_id: int | None, href: str, found_in: Collection[int] = ()
) -> Home | None:
    """The calendar that an event stands in; None when it is not connected any more.

    Two servers may have calendars at equal addresses: of one that was let go and perhaps chosen anew, only
    finding the event there (``found_in``: calendars with an object of its UID) tells that it is the same.
    """
    if calendar_id is not None:
        return next((home for home in homes if home.calendar_id == calendar_id), None)
    return next((home for home in homes if home.calendar_id in found_in and lies_in(href, home.href)), None)


def lies_in(href: str, calendar_href: str) -> bool:
    """Whether an object's href is one of this calendar's."""
    return href.startswith(calendar_href.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class Copy:
    """The event in the calendar of a senior, or of who takes the call over, as a Task has the specialist's.

    ``person`` None: they have nothing to do with the call any more, and it goes. ``sequence`` is the one last
    written, None when it is to be written anew. ``has_joined``: the call's guests know that its owner
    takes part.
    """

    id: int
    person_id: int
    person: SpecialistProfile | None
    href: str
    etag: str
    sequence: int | None
    has_joined: bool
    home: Home | None
    target_home: Home | None

    def is_due(self, call: CallValue, now: datetime) -> bool:
        """Whether it is to be written, or to be taken out because nobody takes part any more.

        Who was to take the call over does so or is let go, however late that is.
        """
        if self.person_id == call.successor_id:
            return True
        if self.person is None:
            return now < call.end + FORGOTTEN
        return not (self.has_joined and self.sequence == call.sequence) and now < call.start


@dataclass(frozen=True, slots=True)
class Task:
    """A booking as it was read; ``etag`` is what its event had when it was last written, '' if never.

    ``home`` is the calendar of ``href``, None when it is not connected any more; ``target_home`` the one
    that takes bookings now. ``attendees`` are those that the event lists, nobody in a calendar that lists
    none; ``lacks_guests`` when it does not list them so yet. ``copies`` are the events in the calendars of
    seniors.
    """

    call: CallValue
    href: str
    etag: str
    home: Home | None
    target_home: Home | None
    attendees: tuple[AttendeeValue, ...] = ()
    lacks_guests: bool = False
    copies: tuple[Copy, ...] = ()

    @property
    def version(self) -> tuple[str, int, Interval, Interval | None, int | None, tuple[AttendeeValue, ...]]:
        """What must be unchanged for a step on the network to count."""
        call = self.call
        return call.status, call.sequence, call.span, call.move, call.successor_id, self.attendees

    def is_place(self, item: Standing) -> bool:
        """Whether an object stands where the event was written."""
        return item.href == self.href and self.home is not None and item.calendar_id == self.home.calendar_id

    @property
    def target(self) -> Interval:
        """When the event should stand in the calendar."""
        return self.call.move or self.call.span

    @property
    def is_promise(self) -> bool:
        """Whether this time still has to be looked at: nobody was told of it as confirmed."""
        return self.call.status == Status.PENDING or self.call.move is not None

    def due_copies(self, now: datetime) -> Sequence[Copy]:
        """The events of seniors that are due beside the specialist's own.

        While a promise waits only those that are to go: the others are written along with it.
        """
        due = [copy for copy in self.copies if copy.is_due(self.call, now)]
        return [copy for copy in due if copy.person is None] if self.is_promise else due

    @property
    def zone(self) -> str:
        """The owner's zone, for what they wrote without one."""
        return self.call.specialist.time_zone


def due_actions(task: Task, now: datetime) -> Sequence[Action]:
    """The steps that are due, in order; each can be made whatever became of those before it.

    A promise that its own time has overtaken ends here.
    """
    call = task.call
    if not call.is_active:
        is_remembered = call.status not in STANDING and now < call.end + FORGOTTEN
        return [Action.REMOVE] if is_remembered else []
    own = _own_action(task, now)
    if task.is_promise:
        own = _end_of_promise(task, now) or own or Action.WRITE
    due = [] if own is None else [own]
    if task.due_copies(now):
        due.append(Action.COPY)
    if own is None and call.status == Status.CLASH and now < call.start:
        due.append(Action.LOOK)
    return due


def _end_of_promise(task: Task, now: datetime) -> Action | None:
    """How a promise ends that was not kept in time; None while it still can be."""
    call, is_pending = task.call, task.call.status == Status.PENDING
    if call.move is not None and (call.move.start <= now or (call.start <= now and not is_pending)):
        return Action.DROP_MOVE
    return Action.EXPIRE if is_pending and task.target.start <= now else None


def _own_action(task: Task, now: datetime) -> Action | None:
    """What the specialist's own event needs, if anything."""
    call = task.call
    if task.home is None and now < call.start:
        return Action.REHOME
    is_behind = call.written_sequence != call.sequence or task.lacks_guests
    return Action.WRITE if call.status != Status.CLASH and is_behind and now < call.end else None


def wanted_event(task: Task, settings: Settings) -> CalendarEvent:
    """What should stand in the calendar."""
    event = event_for_specialist(task.call, task.target, settings.public_url)
    if not task.attendees:
        return event
    return with_attendees(event, task.call, task.attendees, settings.organizer_address)


def reconciled(
    text: str,
    wanted: CalendarEvent,
    owner: SpecialistProfile,
    known_starts: frozenset[datetime] | None,
) -> tuple[str, CalendarEvent] | None:
    """The object to write over the one that stands there, and what it says.

    Title, notes, alarms and whatever else the owner made of it stay (in notes as we wrote them the names of
    those who take part are renewed); one that is cancelled there is written afresh. None when the owner has
    moved it to a time that was never ours (``known_starts``; None: its time is known already), or when it is
    not this event at all: that is not for us to overwrite.
    """
    try:
        there = read_edited(text, wanted.uid, owner.time_zone)
        if known_starts is not None and not _is_ours(there.span, wanted, known_starts):
            return None
        notes = (
            wanted.description
            if has_our_words(there.description, wanted, owner.language)
            else there.description
        )
        says = replace(wanted, summary=there.summary, description=notes)
        written = amended(text, says, owner.time_zone)
    except UnreadableCalendar:
        return None
    if there.is_off or len(written.encode()) > _LARGEST:
        return write_event(wanted), wanted
    return written, says


def _is_ours(there: Interval, wanted: CalendarEvent, known_starts: frozenset[datetime]) -> bool:
    return there.start in known_starts and there.length == wanted.ends_at - wanted.starts_at


class Stand(Enum):
    """How an event stands in the calendar, beside where it was written."""

    HERE = auto()
    ELSEWHERE = auto()
    OFF = auto()
    UNREADABLE = auto()


def how_it_stands(text: str, task: Task, known_starts: Collection[datetime] = ()) -> Stand:
    """Whether the stored object stands where it should, or at a time of ours (``known_starts``)."""
    try:
        there = read_edited(text, task.call.uid, task.zone)
    except UnreadableCalendar:
        return Stand.UNREADABLE
    if there.is_off:
        return Stand.OFF
    is_ours = there.span.start in {task.target.start, *known_starts}
    return Stand.HERE if is_ours and there.span.length == task.target.length else Stand.ELSEWHERE


def is_event_of(text: str, uid: str) -> bool:
    """Whether the stored object is the booking's, whatever became of its time."""
    return read_event(text, uid) is not None
