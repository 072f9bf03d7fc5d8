"""Days away as the calendars say, and how they differ from those that are written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from app.lib.intervals import Interval
from app.lib.zones import local, to_utc

_NOON = time(12)
_DAY = timedelta(days=1)

# An occurrence of an event: its UID and its first day.
Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Whole days, both included, and whom they name as stand-in."""

    last_day: date
    stand_in_id: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be written down: new and other days by key, and the keys of those that are gone."""

    added: Mapping[Key, DaysOff]
    changed: Mapping[Key, DaysOff]
    gone: tuple[Key, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


def days_of(span: Interval, zone: str) -> tuple[date, date] | None:
    """The days of the service zone whose noon lies in a span, first and last; None for none."""
    first, last = local(span.start, zone).date(), local(span.end, zone).date()
    if to_utc(first, _NOON, zone) < span.start:
        first += _DAY
    if to_utc(last, _NOON, zone) >= span.end:
        last -= _DAY
    return (first, last) if first <= last else None


def days_off(occurrences: Iterable[tuple[str, Interval, int | None]], zone: str) -> dict[Key, DaysOff]:
    """The days of all occurrences; of two that begin on one day the longer one counts."""
    found: dict[Key, DaysOff] = {}
    for uid, span, stand_in_id in occurrences:
        days = days_of(span, zone)
        if days is None:
            continue
        key = (uid, days[0])
        if key not in found or found[key].last_day < days[1]:
            found[key] = DaysOff(days[1], stand_in_id)
    return found


def difference(
    wanted: Mapping[Key, DaysOff], kept: Mapping[Key, DaysOff], today: date, *, is_complete: bool
) -> Difference:
    """What differs among the days that are not over.

    Without ``is_complete`` the calendars are not all known: then nothing is gone.
    """
    ahead = {key: days for key, days in wanted.items() if days.last_day >= today}
    gone = [key for key, days in kept.items() if days.last_day >= today and key not in wanted]
    # Whose last day was put back into the past is over, and not gone.
    over = {key: days for key, days in wanted.items() if key in kept and kept[key].last_day >= today}
    changed = {key: days for key, days in {**ahead, **over}.items() if key in kept and kept[key] != days}
    return Difference(
        added={key: days for key, days in ahead.items() if key not in kept},
        changed=changed,
        gone=tuple(gone) if is_complete else (),
    )


def overlapping(days: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    """Whether any of these stretches of days meets the one from ``first`` to ``last``."""
    return any(begins <= last and first <= ends for begins, ends in days)


# Stretches of days in order, each with its first and its last.
Stretches = Sequence[tuple[date, date]]


def to_text(days: Mapping[int, Stretches], own_id: int) -> str:
    """Stretches of days by whom nobody stands in for, as they are kept.

    "2026-12-07/2026-12-11 17:2026-12-14/2026-12-14": without an id those of whose days away they are.
    """
    return " ".join(
        f"{'' if number == own_id else f'{number}:'}{first.isoformat()}/{last.isoformat()}"
        for number in sorted(days)
        for first, last in days[number]
    )


def from_text(text: str, own_id: int, today: date) -> dict[int, Stretches]:
    """What is kept of the days that are not over, by whom nobody stands in for."""
    found: dict[int, list[tuple[date, date]]] = {}
    for part in text.split():
        whose, _, days = part.rpartition(":")
        first, last = (date.fromisoformat(day) for day in days.split("/"))
        if last >= today:
            found.setdefault(int(whose or own_id), []).append((max(first, today), last))
    return dict(found)


def without(days: Stretches, others: Stretches) -> Stretches:
    """The days that are in none of the others."""
    left = list(days)
    for first, last in others:
        parts = [
            ((begins, min(ends, first - _DAY)), (max(begins, last + _DAY), ends)) for begins, ends in left
        ]
        left = [part for pair in parts for part in pair if part[0] <= part[1]]
    return left


def all_within(days: Stretches, others: Stretches) -> bool:
    """Whether every day is in the others too."""
    return all(any(a <= first and last <= z for a, z in others) for first, last in days)
