"""Whether a specialist can be reached now, and until when that holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.lib.intervals import Interval, merge, subtract

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
# What the list of slots tells anyway: presence must not tell the minute at which a private entry ends.
_STEP = timedelta(minutes=30)


class State(StrEnum):
    """``unknown`` is said when the calendar cannot be read."""

    IN = "in"
    ON_CALL = "on_call"
    AWAY = "away"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why somebody is away: it is out of their hours, their calendar is busy, time off, a day off for all."""

    HOURS = "hours"
    BUSY = "busy"
    TIME_OFF = "time_off"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Presence:
    """How a specialist can be reached.

    ``until`` is the end of the present working range when in, the next moment at which they are free when
    on a call or away; None when that is not known. ``why`` and ``holiday`` (its name) only when away.
    """

    state: State
    until: datetime | None
    why: Why | None = None
    holiday: str = ""


UNKNOWN = Presence(State.UNKNOWN, None)


def presence_at(
    now: datetime,
    working: Sequence[Interval],
    calls: Sequence[Interval],
    busy: Sequence[Interval],
    time_off: Sequence[Interval] = (),
    holiday: str = "",
) -> Presence:
    """Presence from merged lists that reach from ``now`` into the next days.

    ``working`` is what is left of the hours inside the service window without holidays and time off,
    ``calls`` are booked calls, ``busy`` other entries of the calendar. ``time_off`` and the name of today's
    ``holiday`` tell why they are away.
    """
    present = next((item for item in working if item.start <= now < item.end), None)
    free_at = _next_free(now, working, calls, busy)
    if _is_within(now, calls):
        return Presence(State.ON_CALL, free_at)
    if present is None:
        why = Why.HOLIDAY if holiday else Why.TIME_OFF if _is_within(now, time_off) else Why.HOURS
        return Presence(State.AWAY, free_at, why, holiday)
    if _is_within(now, busy):
        return Presence(State.AWAY, free_at, Why.BUSY)
    return Presence(State.IN, present.end)


def _is_within(now: datetime, spans: Sequence[Interval]) -> bool:
    return any(item.start <= now < item.end for item in spans)


def _next_free(
    now: datetime, working: Sequence[Interval], calls: Sequence[Interval], busy: Sequence[Interval]
) -> datetime | None:
    known = {item.start for item in working} | {item.end for item in calls}
    for free in subtract(working, merge([*calls, *busy])):
        start = free.start if free.start in known else _rounded_up(free.start)
        if start > now and start < free.end:
            return start
    return None


def reachable_in(
    working: Sequence[Interval], calls: Sequence[Interval], busy: Sequence[Interval]
) -> list[Interval]:
    """When a specialist is in and free, in order, from the same merged lists.

    Where a range begins or ends between two working hours' ends it does so at a full or half hour, so that
    it does not tell the minutes of a private entry.
    """
    known = {item.start for item in working} | {item.end for item in working}
    found = []
    for free in subtract(working, merge([*calls, *busy])):
        start = free.start if free.start in known else _rounded_up(free.start)
        end = free.end if free.end in known else _rounded_up(free.end + timedelta.resolution) - _STEP
        if start < end:
            found.append(Interval(start, end))
    return found


def _rounded_up(moment: datetime) -> datetime:
    past = (moment - _ZERO) % _STEP
    return moment + _STEP - past if past else moment
