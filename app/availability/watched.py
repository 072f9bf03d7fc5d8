"""How somebody's calendars stand altogether, from the facts of their accounts."""

from dataclasses import dataclass
from datetime import datetime

from app.availability.offer import CalendarStatus
from app.lib.intervals import Interval

# From good to bad; of several accounts the worst is told.
_STATES = ("ok", "unreachable", "broken", "missing", "refused")


@dataclass(frozen=True, slots=True)
class AccountFact:
    """An account: when it was last in step, its state and since when, and whether a calendar of it counts."""

    in_step_at: datetime | None
    state: str
    since: datetime
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class WatchedPerson:
    """A specialist or senior with their calendar accounts."""

    user_id: int
    public_id: str
    name: str
    accounts: list[AccountFact]


def status_of(person: WatchedPerson, believed: Interval) -> CalendarStatus:
    """How their calendars stand, as slots see it; ``believed`` is when one must have been read last."""
    if not person.accounts:
        return CalendarStatus("no_calendar", None, None)
    counting = [item for item in person.accounts if item.is_chosen] or person.accounts
    moments = [item.in_step_at for item in counting if item.in_step_at is not None]
    as_of = min(moments) if len(moments) == len(counting) and counting[0].is_chosen else None
    worst = max(counting, key=lambda item: (_rank(item.state), -item.since.timestamp()))
    if as_of is None:
        return CalendarStatus("calendar_away", None, worst.since, worst.state)
    if not believed.start <= as_of <= believed.end:
        return CalendarStatus("calendar_away", as_of, as_of, worst.state)
    return CalendarStatus("ok", as_of, worst.since, worst.state)


def _rank(state: str) -> int:
    return _STATES.index(state) if state in _STATES else len(_STATES)
