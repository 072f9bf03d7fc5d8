"""What a series is asked for by, what stands against each of its calls, and what it became."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.booking.offers.wish import Wishes
from app.booking.values import BookingRequest, CallTypeValue, CallValue
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every ``weeks`` weeks: ``count`` calls, or else all that begin before the moment ``until``."""

    weeks: int
    count: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What a contact asks for: ``call`` is the first one, whose words and key stand for all.

    ``skip`` are planned starts that are left out, ``instead`` other starts by the planned ones.
    ``specialists`` are the public ids of who was shown to take calls, by their starts; of all others it is
    that of ``call``.
    """

    call: BookingRequest
    repeat: Repeat
    skip: frozenset[datetime] = frozenset()
    instead: Mapping[datetime, datetime] = field(default_factory=dict)
    specialists: Mapping[datetime, str] = field(default_factory=dict)

    def shown_at(self, start: datetime) -> str:
        """The public id of who was shown to take a call then; empty for whoever does."""
        return self.specialists.get(start, self.call.specialist)


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A planned start; ``near`` are free times in its place when it cannot be booked.

    ``why`` says what speaks against it ('' nothing): a Reason (app/availability/slots.py), or ``yours`` for a
    time that the contact has already.
    """

    start: datetime
    why: str = ""
    near: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class CallWithAnother:
    """A call of a series that ``specialist`` takes now and not who was shown.

    ``start`` was chosen for the planned ``call``, of which ``why`` says what speaks against that.
    """

    call: PlannedCall
    start: datetime
    specialist: SpecialistProfile


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """All calls of a series as they could be booked now; with ``senior`` at times that are free for both.

    ``is_cut`` says that it went on beyond what one series may hold, ``room`` how many calls of the kind the
    company may still book (None: any number). ``wishes`` know whom each time is with.
    """

    contact: ContactProfile
    wishes: Wishes
    specialist: SpecialistProfile
    call_type: CallTypeValue
    calls: tuple[PlannedCall, ...]
    is_cut: bool
    room: int | None
    senior: SpecialistProfile | None = None


@dataclass(frozen=True, slots=True)
class SeriesValue:
    """A series with those of its calls that the reader may see, in the order of their times."""

    public_id: str
    weeks: int
    contact_id: int
    calls: Sequence[CallValue]
