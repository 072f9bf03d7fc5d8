"""What has to happen next so that the calendar says what the booking says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from app.booking.events import event_for_specialist
from app.booking.lifecycle import Status
from app.booking.values import CallValue
from app.ical.event import CalendarEvent, read_event
from app.lib.intervals import Interval

# The event of a call that was called off is not looked for any more this long after its time.
_FORGOTTEN = timedelta(days=1)


class Action(Enum):
    """The next step of a booking's writing."""

    NOTHING = auto()
    WRITE = auto()
    REMOVE = auto()
    EXPIRE = auto()
    DROP_MOVE = auto()
    LOOK = auto()


@dataclass(frozen=True, slots=True)
class Task:
    """A booking as it was read; ``etag`` is what its event had when it was last written, '' if never."""

    call: CallValue
    href: str
    etag: str

    @property
    def version(self) -> tuple[str, int, Interval, Interval | None]:
        """What must be unchanged for a step on the network to count."""
        return self.call.status, self.call.sequence, self.call.span, self.call.move

    @property
    def target(self) -> Interval:
        """When the event should stand in the calendar."""
        return self.call.move or self.call.span

    @property
    def is_promise(self) -> bool:
        """Whether this time still has to be looked at: nobody was told of it as confirmed."""
        return self.call.status == Status.PENDING or self.call.move is not None


def next_action(task: Task, now: datetime) -> Action:
    """The next step; a promise that its own time has overtaken ends here."""
    call = task.call
    if not call.is_active:
        return Action.REMOVE if now < call.end + _FORGOTTEN else Action.NOTHING
    if call.move is not None and call.move.start <= now:
        return Action.DROP_MOVE
    if call.status == Status.PENDING:
        return Action.EXPIRE if task.target.start <= now else Action.WRITE
    if call.move is not None:
        return Action.DROP_MOVE if call.start <= now else Action.WRITE
    if call.status == Status.CLASH:
        return Action.LOOK if now < call.start else Action.NOTHING
    is_behind = call.written_sequence != call.sequence
    return Action.WRITE if is_behind and now < call.end else Action.NOTHING


def wanted_event(task: Task, public_url: str) -> CalendarEvent:
    """What should stand in the calendar."""
    return event_for_specialist(task.call, task.target, public_url)


def reconciled(text: str, wanted: CalendarEvent, known_starts: frozenset[datetime]) -> CalendarEvent | None:
    """The wanted event over one that was changed meanwhile: title, notes and place stay the owner's.

    None when the owner has moved it to a time that was never ours, or when it is not this event at all:
    that is not for us to overwrite.
    """
    there = read_event(text, wanted.uid)
    if there is None or there.starts_at not in known_starts:
        return None
    if there.ends_at - there.starts_at != wanted.ends_at - wanted.starts_at:
        return None
    return replace(wanted, summary=there.summary, description=there.description, location=there.location)


def stands_at(text: str, task: Task) -> bool:
    """Whether the stored object is the booking's, at the booking's time."""
    there = read_event(text, task.call.uid)
    return there is not None and Interval(there.starts_at, there.ends_at) == task.call.span


def is_event_of(text: str, uid: str) -> bool:
    """Whether the stored object is the booking's, whatever became of its time."""
    return read_event(text, uid) is not None
