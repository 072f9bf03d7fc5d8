"""When the calls of a series are, and what stands against them; nothing here looks anything up."""

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.availability.slots import Reason
from app.booking.rules import fingerprint
from app.booking.series.errors import SeriesRefused
from app.booking.series.values import PlannedCall, Repeat, SeriesRequest
from app.lib.intervals import Interval
from app.lib.zones import local, to_utc

FEWEST, MOST = 2, 12
YOURS = "yours"
# So far ahead that there is nothing to choose instead.
BEYOND = frozenset({Reason.HORIZON, Reason.OPTION_ENDS})

_OFFERED = 3


def planned_starts(first: datetime, repeat: Repeat, zone: str) -> tuple[list[datetime], bool]:
    """The starts of a series, at the same time on the wall clock of ``zone`` (the service's), UTC.

    A series holds 12 calls at most; the second value says whether it would have gone on until its last day.
    Raises SeriesRefused.
    """
    if repeat.weeks not in {1, 2}:
        raise SeriesRefused("series_weeks")
    if repeat.until is None:
        if repeat.count is None or not FEWEST <= repeat.count <= MOST:
            raise SeriesRefused("series_count")
        return [_nth(first, number, repeat.weeks, zone) for number in range(repeat.count)], False
    starts = [_nth(first, number, repeat.weeks, zone) for number in range(MOST + 1)]
    within = [start for start in starts if start < repeat.until]
    if len(within) < FEWEST:
        raise SeriesRefused("series_short")
    return within[:MOST], len(within) > MOST


def _nth(first: datetime, number: int, weeks: int, zone: str) -> datetime:
    if not number:
        return first
    wall = local(first, zone)
    return to_utc(wall.date() + timedelta(weeks=number * weeks), wall.time(), zone)


def chosen_starts(request: SeriesRequest, planned: Sequence[datetime]) -> dict[datetime, datetime]:
    """The start to book for each planned one that is not left out; raises SeriesRefused."""
    if not set(planned) >= {*request.skip, *request.instead}:
        raise SeriesRefused("series_start")
    chosen = {start: request.instead.get(start, start) for start in planned if start not in request.skip}
    if not chosen:
        raise SeriesRefused("series_empty")
    return chosen


def reach_of(repeat: Repeat) -> timedelta:
    """How far from a planned start another one is looked for: half of the way to the next call."""
    return timedelta(weeks=repeat.weeks) / 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands against the starts of a span: ``reasons`` holds those of the grid, in order.

    ``own`` are the starts that the contact has already; ``length`` is that of a call.
    """

    span: Interval
    reasons: Mapping[datetime, Reason | None]
    own: frozenset[datetime]
    length: timedelta

    def why(self, start: datetime) -> str:
        """What speaks against a start, '' when it can be booked; see PlannedCall."""
        if start in self.own:
            return YOURS
        if start in self.reasons:
            return self.reasons[start] or ""
        if start < self.span.start:
            return Reason.PAST
        return Reason.HORIZON if start >= self.span.end else Reason.OFF_GRID

    def planned(self, start: datetime, repeat: Repeat, *, why: str | None = None) -> PlannedCall:
        """The call that is planned at this start; ``why`` where more is known than the outlook says."""
        told = self.why(start) if why is None else why
        is_hopeless = not told or told in BEYOND
        return PlannedCall(start, told, () if is_hopeless else self._near(start, reach_of(repeat)))

    def _near(self, start: datetime, reach: timedelta) -> tuple[Interval, ...]:
        """The three open times nearest to a start, in order; half-open, so that no two calls share one."""
        times = list(self.reasons)
        around = times[bisect_left(times, start - reach) : bisect_left(times, start + reach)]
        open_times = [item for item in around if item != start and not self.why(item)]
        nearest = sorted(open_times, key=lambda item: abs(item - start))[:_OFFERED]
        return tuple(Interval(item, item + self.length) for item in sorted(nearest))


def call_key(key: str, index: int) -> str:
    """The idempotency key of a call of the series with this key."""
    return f"{key}:{index}"


def series_fingerprint(request: SeriesRequest) -> str:
    """The digest of what was asked for, as of a single call (app/booking/rules.py)."""
    repeat = request.repeat
    until = repeat.until.isoformat() if repeat.until else ""
    parts = [fingerprint(request.call), str(repeat.weeks), str(repeat.count), until]
    parts += [f"skip={start.isoformat()}" for start in sorted(request.skip)]
    parts += [f"{old.isoformat()}={new.isoformat()}" for old, new in sorted(request.instead.items())]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
