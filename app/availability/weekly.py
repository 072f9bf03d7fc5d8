"""The form of weekly hours: rows as typed, what its buttons do, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise

from app.availability.typed_times import minutes, read_time, shown
from app.ical.hours import WeeklyRange

KEYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ROWS = 4
_USUAL = ("09:00", "17:00")
_LONGEST_FIELD = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One range as typed."""

    start: str = ""
    end: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.start.strip() and not self.end.strip()


Day = tuple[Row, ...]
# The rows of the seven days, Monday first; a day off has none.
Week = tuple[Day, ...]


class Wrong(StrEnum):
    """What can be wrong with a row."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be taken; ``at`` is ``start`` or ``end``, ``proposal`` what may be meant there.

    ``other`` is the range that an overlapping one runs into.
    """

    weekday: int
    index: int
    at: str
    wrong: Wrong
    proposal: time | None = None
    other: WeeklyRange | None = None


def week_of(ranges: Iterable[WeeklyRange]) -> Week:
    """The form that shows these ranges."""
    days: list[list[Row]] = [[] for _ in KEYS]
    for item in sorted(ranges):
        days[item.weekday].append(Row(shown(item.start), shown(item.end)))
    return tuple(tuple(day) for day in days)


def read_week(fields: Mapping[str, str]) -> Week:
    """The week as sent: ``mon-on``, ``mon-0-start``, ``mon-0-end`` …

    A ticked day without rows gets a blank one, an unticked one loses its rows.
    """
    return tuple(_read_day(fields, key) for key in KEYS)


def _read_day(fields: Mapping[str, str], key: str) -> Day:
    if not fields.get(f"{key}-on"):
        return ()
    rows = []
    for index in range(MOST_ROWS):
        names = f"{key}-{index}-start", f"{key}-{index}-end"
        if any(name in fields for name in names):
            rows.append(Row(*(fields.get(name, "")[:_LONGEST_FIELD] for name in names)))
    return tuple(rows) or (Row(),)


def fields_of(week: Week) -> list[tuple[str, str]]:
    """The week as the form's fields again."""
    fields = []
    for key, day in zip(KEYS, week, strict=True):
        fields += [(f"{key}-on", "1")] if day else []
        for index, row in enumerate(day):
            fields += [(f"{key}-{index}-start", row.start), (f"{key}-{index}-end", row.end)]
    return fields


def add_row(week: Week, weekday: int) -> Week:
    """One more row on a day; the first one holds the usual hours."""
    day = week[weekday]
    if len(day) >= MOST_ROWS:
        return week
    return _with_day(week, weekday, (*day, Row()) if day else (Row(*_USUAL),))


def remove_row(week: Week, weekday: int, index: int) -> Week:
    """The week without one row."""
    return _with_day(week, weekday, tuple(row for n, row in enumerate(week[weekday]) if n != index))


def copy_day(week: Week, weekday: int, targets: Iterable[int]) -> Week:
    """The week with the rows of one day on other days, too."""
    for target in targets:
        week = _with_day(week, target, week[weekday])
    return week


def _with_day(week: Week, weekday: int, day: Day) -> Week:
    return (*week[:weekday], day, *week[weekday + 1 :])


def check_week(week: Week) -> tuple[tuple[WeeklyRange, ...], tuple[RowProblem, ...]]:
    """The ranges that can be read, sorted, and what is wrong with the others.

    Blank rows beside others are left out.
    """
    ranges: list[WeeklyRange] = []
    problems: list[RowProblem] = []
    for weekday, day in enumerate(week):
        read = {index: _read_row(row, weekday, index) for index, row in enumerate(day) if not row.is_blank}
        if day and not read:
            read = {0: RowProblem(weekday, 0, "start", Wrong.EMPTY)}
        sound = {index: item for index, item in read.items() if isinstance(item, WeeklyRange)}
        problems += [item for item in read.values() if isinstance(item, RowProblem)]
        problems += _overlaps(sound)
        ranges += sound.values()
    return tuple(sorted(set(ranges))), tuple(sorted(problems, key=lambda item: (item.weekday, item.index)))


def _read_row(row: Row, weekday: int, index: int) -> WeeklyRange | RowProblem:
    start, end = read_time(row.start), read_time(row.end)
    for at, value, typed in (("start", start, row.start), ("end", end, row.end)):
        if value is None:
            return RowProblem(weekday, index, at, Wrong.UNREADABLE if typed.strip() else Wrong.EMPTY)
    assert start is not None and end is not None
    if minutes(end, is_end=True) <= minutes(start):
        return RowProblem(weekday, index, "end", Wrong.BACKWARDS, _half_a_day_later(start, end))
    return WeeklyRange(weekday, start, end)


def _half_a_day_later(start: time, end: time) -> time | None:
    """What "5" or "5:00" as an end most likely means: the same on the other half of the clock."""
    if end.hour >= 12 or minutes(end) + 720 <= minutes(start):
        return None
    return end.replace(hour=end.hour + 12)


def _overlaps(sound: Mapping[int, WeeklyRange]) -> list[RowProblem]:
    problems = []
    ordered = sorted(sound.items(), key=lambda item: (item[1], item[0]))
    for (_, before), (index, after) in pairwise(ordered):
        if minutes(after.start) < minutes(before.end, is_end=True):
            is_longer = minutes(after.end, is_end=True) > minutes(before.end, is_end=True)
            proposal = before.end if is_longer else None
            problems.append(RowProblem(after.weekday, index, "start", Wrong.OVERLAP, proposal, before))
    return problems
