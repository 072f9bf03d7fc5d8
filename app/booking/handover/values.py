"""A hand-over of a company, and how it goes with its calls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.customers.profiles import SpecialistProfile
from app.lib.zones import to_utc

NOTE_LIMIT = 4000
REASON_LIMIT = 500


class Stage(StrEnum):
    """How far a hand-over is."""

    PLANNED = "planned"
    TELLING = "telling"
    MOVING = "moving"
    DONE = "done"
    ENDED = "ended"


class CallState(StrEnum):
    """What became of one call (see HandOverCall)."""

    WAITING = "waiting"
    STUCK = "stuck"
    KEPT = "kept"
    MOVED = "moved"
    OVER = "over"


SETTLED = frozenset({CallState.KEPT, CallState.MOVED, CallState.OVER})


@dataclass(frozen=True, slots=True)
class HandOverValue:
    """A company passes from one specialist (None: nobody) to another on a day of the service zone.

    ``note`` is what its planner wrote, ``leaving_note`` what who leaves did, ``ended_reason`` why it was
    declined. ``planner_id`` is who planned it, None when their account is gone.
    """

    id: int
    public_id: str
    company_id: int
    company_public_id: str
    company_name: str
    leaving: SpecialistProfile | None
    coming: SpecialistProfile
    planner_id: int | None
    starts_on: date
    note: str
    leaving_note: str
    ended_reason: str
    planned_at: datetime
    confirmed_at: datetime | None
    told_at: datetime | None
    moved_at: datetime | None
    called_off_at: datetime | None

    @property
    def stage(self) -> Stage:
        """How far it is."""
        if self.called_off_at is not None:
            return Stage.ENDED
        if self.confirmed_at is None:
            return Stage.PLANNED
        if self.told_at is None:
            return Stage.TELLING
        return Stage.MOVING if self.moved_at is None else Stage.DONE

    def begins_at(self, zone: str) -> datetime:
        """The first moment of its day in the service zone."""
        return to_utc(self.starts_on, time(0), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class PassingCall:
    """How it goes with one call; ``reason`` is a word for what keeps it."""

    booking_id: int
    state: CallState
    reason: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One contact of the company and the mail that tells them: ``state`` as in OutgoingMail, '' for none."""

    name: str
    email: str
    state: str


def first_day(starts_on: date, today: date) -> date:
    """From which day a hand-over counts that is confirmed ``today``: never from a day that has begun."""
    return max(starts_on, today + timedelta(days=1))
