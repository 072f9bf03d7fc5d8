"""What weekly ranges come to on the days of a span, for the preview of hours that are not saved yet."""

from collections.abc import Collection, Iterable, Sequence

from app.ical.hours import WeeklyRange
from app.lib.intervals import Interval, intersect, merge, subtract
from app.lib.zones import days_touched, wall_interval


def occurrences(ranges: Iterable[WeeklyRange], span: Interval, zone: str) -> list[Interval]:
    """The ranges on every day of ``zone`` that the span touches, merged."""
    by_day: dict[int, list[WeeklyRange]] = {}
    for item in ranges:
        by_day.setdefault(item.weekday, []).append(item)
    return merge(
        wall_interval(day, item.start, item.end, zone)
        for day in days_touched(span, zone)
        for item in by_day.get(day.weekday(), ())
    )


def working_if(
    wanted: Collection[WeeklyRange],
    current: Collection[WeeklyRange],
    working: Sequence[Interval],
    span: Interval,
    zone: str,
) -> list[Interval]:
    """The working hours that saving ``wanted`` in place of ``current`` would leave, as a merged list.

    ``working`` is what the calendar comes to now. Exceptions of ranges that stay (a week left out in
    another client) stay; so do hours that the form does not hold, like every second Monday.
    """
    usual = occurrences(current, span, zone)
    kept = occurrences(set(wanted) & set(current), span, zone)
    left_out = subtract(kept, working)
    foreign = subtract(working, usual)
    return merge([*subtract(occurrences(wanted, span, zone), left_out), *foreign])


def newly_outside(
    taken: Iterable[Interval], before: Sequence[Interval], after: Sequence[Interval]
) -> list[Interval]:
    """Those of ``taken`` (calls with their buffers) that lie further outside the hours than before.

    Further, because a buffer may always have spilled out of the hours.
    """
    return [item for item in taken if _inside(item, after) < _inside(item, before)]


def _inside(item: Interval, hours: Sequence[Interval]) -> float:
    return sum(part.length.total_seconds() for part in intersect([item], hours))
