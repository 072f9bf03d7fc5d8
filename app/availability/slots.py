"""Which times can be booked: the same closed ranges answer for the list, one start and the preview."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from app.lib.intervals import Interval
from app.lib.zones import day_interval, days_touched, local

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
# The smallest step of a datetime: turns "after this moment" into a half-open range.
_NEXT = timedelta.resolution

_START, _END = attrgetter("start"), attrgetter("end")

# Starts that are closed, from the first up to, and without, the second. Tuples, because thousands of
# Interval objects would cost more than all the rest.
_Range = tuple[datetime, datetime]


class Reason(StrEnum):
    """Why a start is closed, in the order in which the reasons are told.

    ``calendar_away`` is said of all starts of a day whose calendar cannot be read, where others' can.
    """

    OFF_GRID = "off_grid"
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    OPTION_ENDS = "option_ends"
    WINDOW = "window"
    HOLIDAY = "holiday"
    HOURS = "hours"
    TIME_OFF = "time_off"
    BUSY = "busy"
    TAKEN = "taken"
    CAP = "cap"
    CALENDAR_AWAY = "calendar_away"


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What a call type asks of a time.

    ``daily_cap`` and ``weekly_cap`` limit the calls of one specialist on a day and in a week; 0 is no limit.
    """

    length: timedelta
    grid: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    notice: timedelta
    horizon: timedelta
    daily_cap: int
    weekly_cap: int = 0

    def taken_by(self, start: datetime) -> Interval:
        """What a call that begins at ``start`` takes of its specialist's time: the call and its buffers."""
        return Interval(start - self.buffer_before, start + self.length + self.buffer_after)


@dataclass(frozen=True, slots=True)
class Situation:
    """A specialist's time as far as it matters for a span; the lists are merged (app/lib/intervals.py).

    The call must lie in ``working`` and ``window`` and outside ``time_off``; its buffers may spill out of
    the hours, but not into ``busy`` (the calendar) or ``reserved`` (our calls and holds with their buffers).
    Days (``holidays``, ``booked_per_day``, ``last_day``) and the grid are those of ``zone``, the service
    zone; ``last_day`` is the last on which the option is paid for. ``booked_per_week`` counts by the Monday
    that an ISO week begins with.
    """

    working: Sequence[Interval]
    busy: Sequence[Interval]
    time_off: Sequence[Interval]
    reserved: Sequence[Interval]
    window: Sequence[Interval]
    holidays: frozenset[date]
    zone: str
    booked_per_day: Mapping[date, int]
    last_day: date | None = None
    booked_per_week: Mapping[date, int] = field(default_factory=dict)


def find_slots(
    rules: SlotRules, situation: Situation, span: Interval, now: datetime, beside: Sequence[Situation] = ()
) -> list[Interval]:
    """The calls that can be booked with a start in ``span`` (half-open), in order.

    With ``beside``, others who take part: a start is open when it is open for each of them.
    """
    calls = _calls_starting_in(span, rules, situation.zone)
    ranges = (item for _, found in _closed_for_any(rules, situation, beside, span, now) for item in found)
    slots: list[Interval] = []
    free_from = span.start
    for first, end in (*sorted(ranges), (_FOREVER, _FOREVER)):
        if first > free_from:
            low, high = bisect_left(calls, free_from, key=_START), bisect_left(calls, first, key=_START)
            slots.extend(calls[low:high])
        free_from = max(free_from, end)
    return slots


def refusal(
    rules: SlotRules, situation: Situation, start: datetime, now: datetime, beside: Sequence[Situation] = ()
) -> Reason | None:
    """Why a call cannot begin at ``start``; None exactly when find_slots offers it."""
    if not is_on_grid(start, rules.grid, situation.zone):
        return Reason.OFF_GRID
    span = Interval(start, start + _NEXT)
    for reason, ranges in _closed_for_any(rules, situation, beside, span, now):
        if any(first <= start < end for first, end in ranges):
            return reason
    return None


def judged_starts(
    rules: SlotRules, situation: Situation, span: Interval, now: datetime, beside: Sequence[Situation] = ()
) -> list[tuple[datetime, Reason | None]]:
    """Every start of the grid in ``span`` with the reason why it is closed, None when it is open."""
    calls = _calls_starting_in(span, rules, situation.zone)
    reasons: list[Reason | None] = [None] * len(calls)
    for reason, ranges in _closed_for_any(rules, situation, beside, span, now):
        for first, end in ranges:
            low, high = bisect_left(calls, first, key=_START), bisect_left(calls, end, key=_START)
            reasons[low:high] = [told or reason for told in reasons[low:high]]
    return [(call.start, reason) for call, reason in zip(calls, reasons, strict=True)]


def is_on_grid(start: datetime, grid: timedelta, zone: str) -> bool:
    """Whether the wall clock of ``zone`` then shows a multiple of ``grid`` since midnight."""
    wall = local(start, zone)
    since_midnight = timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)
    return not wall.microsecond and since_midnight % grid == timedelta(0)


def _closed_for_any(
    rules: SlotRules, situation: Situation, beside: Sequence[Situation], span: Interval, now: datetime
) -> Iterator[tuple[Reason, list[_Range]]]:
    """The first one's reasons, then the others: whatever keeps one of them, they are not free together."""
    yield from _closed(rules, situation, span, now)
    for other in beside:
        for reason, ranges in _closed(rules, other, span, now):
            yield (Reason.TAKEN if reason is Reason.TAKEN else Reason.BUSY), ranges


def _closed(
    rules: SlotRules, situation: Situation, span: Interval, now: datetime
) -> Iterator[tuple[Reason, list[_Range]]]:
    """For each reason, in the order of Reason, the starts that it closes; complete within ``span``."""
    none = timedelta(0)
    near = span.padded(rules.buffer_before, rules.length + rules.buffer_after)
    last = situation.last_day
    yield Reason.PAST, [(_NEVER, now)]
    yield Reason.NOTICE, [(_NEVER, now + rules.notice)]
    yield Reason.HORIZON, [(now + rules.horizon + _NEXT, _FOREVER)]
    if last is not None:
        yield Reason.OPTION_ENDS, [(day_interval(last, situation.zone).end, _FOREVER)]
    yield Reason.WINDOW, _leaving(_near(situation.window, near), rules.length)
    yield Reason.HOLIDAY, _touching(_days(situation.holidays, near, situation.zone), rules.length, none)
    yield Reason.HOURS, _leaving(_near(situation.working, near), rules.length)
    yield Reason.TIME_OFF, _touching(_near(situation.time_off, near), rules.length, none)
    padded = rules.length + rules.buffer_after
    yield Reason.BUSY, _touching(_near(situation.busy, near), padded, rules.buffer_before)
    yield Reason.TAKEN, _touching(_near(situation.reserved, near), padded, rules.buffer_before)
    capped = _capped(rules, situation, near)
    yield Reason.CAP, [(day.start, day.end) for day in _days(capped, near, situation.zone)]


def _capped(rules: SlotRules, situation: Situation, near: Interval) -> list[date]:
    """The days near a span on which no more calls may begin."""
    per_day, per_week = situation.booked_per_day.get, situation.booked_per_week.get
    return [
        day
        for day in days_touched(near, situation.zone)
        if 0 < rules.daily_cap <= per_day(day, 0) or 0 < rules.weekly_cap <= per_week(monday_of(day), 0)
    ]


def monday_of(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def _near(merged: Sequence[Interval], span: Interval) -> Sequence[Interval]:
    """Those of the merged intervals that overlap ``span``."""
    first = bisect_right(merged, span.start, key=_END)
    return merged[first : bisect_left(merged, span.end, lo=first, key=_START)]


def _days(days: Sequence[date] | frozenset[date], near: Interval, zone: str) -> list[Interval]:
    if not days:
        return []
    # A margin of a day on both sides: the near span is in UTC, the days are those of the zone.
    first, last = near.start.date() - timedelta(days=1), near.end.date() + timedelta(days=1)
    return [day_interval(day, zone) for day in sorted(days) if first <= day <= last]


def _leaving(allowed: Sequence[Interval], length: timedelta) -> list[_Range]:
    """The starts whose call would not lie wholly inside one of the merged ``allowed``."""
    ranges: list[_Range] = []
    closed_from = _NEVER
    for item in allowed:
        latest = item.end - length
        if item.start <= latest:
            ranges.append((closed_from, item.start))
            closed_from = latest + _NEXT
    ranges.append((closed_from, _FOREVER))
    return ranges


def _touching(taken: Sequence[Interval], after: timedelta, before: timedelta) -> list[_Range]:
    """The starts whose span from ``before`` them to ``after`` them would overlap one of the intervals."""
    opens = _NEXT - after
    return [(item.start + opens, item.end + before) for item in taken]


def starts_in(span: Interval, rules: SlotRules, zone: str) -> list[datetime]:
    """The starts of the grid in a span, be they open or not, in order."""
    return [call.start for call in _calls_starting_in(span, rules, zone)]


def _calls_starting_in(span: Interval, rules: SlotRules, zone: str) -> list[Interval]:
    """The calls of the grid that begin in ``span``, in order."""
    if span.start >= span.end:
        return []
    days = days_touched(span, zone)
    calls = [call for day in days for call in _calls_of_day(day, rules.grid, rules.length, zone)]
    return calls[bisect_left(calls, span.start, key=_START) : bisect_left(calls, span.end, key=_START)]


@lru_cache(maxsize=4096)
def _calls_of_day(day: date, grid: timedelta, length: timedelta, zone: str) -> tuple[Interval, ...]:
    """The calls of the grid that begin on a day; kept, because every listing asks for the same ones."""
    whole = day_interval(day, zone)
    # On a day on which the clock changes, the wall clock itself is asked minute by minute.
    step = grid if whole.length == timedelta(days=1) else timedelta(minutes=1)
    moments = [whole.start + n * step for n in range(-(-whole.length // step))]
    return tuple(Interval(start, start + length) for start in moments if is_on_grid(start, grid, zone))
