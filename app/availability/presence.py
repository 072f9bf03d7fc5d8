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


@dataclass(frozen=True, slots=True)
class Presence:
    """How a specialist can be reached.

    ``until`` is the end of the present working range when in, the next moment at which they are free when
    on a call or away; None when that is not known.
    """

    state: State
    until: datetime | None


UNKNOWN = Presence(State.UNKNOWN, None)


def presence_at(
    now: datetime, working: Sequence[Interval], calls: Sequence[Interval], busy: Sequence[Interval]
) -> Presence:
    """Presence from merged lists that reach from ``now`` into the next days.

    ``working`` is what is left of the hours inside the service window without holidays and time off,
    ``calls`` are booked calls, ``busy`` other entries of the calendar.
    """
    present = next((item for item in working if item.start <= now < item.end), None)
    is_on_call = any(item.start <= now < item.end for item in calls)
    is_busy = any(item.start <= now < item.end for item in busy)
    if is_on_call:
        return Presence(State.ON_CALL, _next_free(now, working, calls, busy))
    if present is not None and not is_busy:
        return Presence(State.IN, present.end)
    return Presence(State.AWAY, _next_free(now, working, calls, busy))


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
