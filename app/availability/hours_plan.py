"""What to write so that the calendar holds the weekly hours that are wanted, and nothing foreign is lost."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from app.ical.hours import HoursObject, WeeklyRange


@dataclass(frozen=True, slots=True)
class Existing:
    """An object of the working-hours calendar with what it means."""

    href: str
    etag: str
    text: str
    hours: HoursObject


@dataclass(frozen=True, slots=True)
class Reduction:
    """An existing object that keeps only these weekdays."""

    object: Existing
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An existing availability (RFC 7953) that gets this week in place of its own."""

    object: Existing
    ranges: tuple[WeeklyRange, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, in this order: new events (each one range on some weekdays), availabilities,
    reductions, deletions."""

    creates: tuple[tuple[WeeklyRange, ...], ...]
    updates: tuple[Reduction, ...]
    deletes: tuple[Existing, ...]
    rewrites: tuple[Rewrite, ...] = ()


def editable(existing: Iterable[Existing]) -> list[Existing]:
    """The objects that the form shows and may change: plain weekly events, and availabilities."""
    return [item for item in existing if item.hours.is_simple or item.hours.is_availability]


def left_alone(existing: Iterable[Existing]) -> list[Existing]:
    """The hours that the form cannot show, like every second Monday; they stay as they are.

    Of an availability that is a part of it.
    """
    return [item for item in existing if not item.hours.is_simple and not item.hours.is_time_off]


def ranges_of(existing: Iterable[Existing]) -> tuple[WeeklyRange, ...]:
    """The weekly ranges that the form shows."""
    return tuple(sorted({item for one in editable(existing) for item in one.hours.ranges}))


def make_plan(existing: Sequence[Existing], wanted: Collection[WeeklyRange]) -> Plan:
    """The smallest change from what is there to what is wanted.

    An event keeps the weekdays on which its range is still wanted, with its exceptions; it is reduced to
    them, or deleted when none is left. Only what nothing covers is created: in the first availability when
    there is one (its calendar may take nothing else), else as events.
    """
    updates: list[Reduction] = []
    deletes: list[Existing] = []
    weeks: list[tuple[Existing, list[WeeklyRange]]] = []
    missing = set(wanted)
    for item in editable(existing):
        kept = [one for one in item.hours.ranges if one in wanted]
        missing -= set(kept)
        if item.hours.is_availability:
            weeks.append((item, kept))
        elif not kept:
            deletes.append(item)
        elif len(kept) < len(item.hours.ranges):
            updates.append(Reduction(item, frozenset(one.weekday for one in kept)))
    if weeks:
        weeks[0][1].extend(missing)
        missing = set()
    rewrites = (Rewrite(item, tuple(sorted(week))) for item, week in weeks if {*week} != {*item.hours.ranges})
    return Plan(_grouped(missing), tuple(updates), tuple(deletes), tuple(rewrites))


def _grouped(ranges: Iterable[WeeklyRange]) -> tuple[tuple[WeeklyRange, ...], ...]:
    groups: dict[tuple[time, time], list[WeeklyRange]] = {}
    for item in sorted(ranges):
        groups.setdefault((item.start, item.end), []).append(item)
    return tuple(tuple(group) for _, group in sorted(groups.items()))


def state_of(existing: Iterable[Existing]) -> dict[str, str]:
    """What an edit of the weekly hours is made from: href to ETag, time off apart."""
    return {item.href: item.etag for item in existing if not item.hours.is_time_off}


def version_of(existing: Iterable[Existing]) -> str:
    """A short digest of state_of, which the form carries to tell what it was made from."""
    rows = sorted(state_of(existing).items())
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]
