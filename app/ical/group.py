"""The events that share a UID: masters, and the overrides of their occurrences."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.ical.budget import Overrun
from app.ical.components import Component
from app.ical.moments import Length, Stamp, stamp_of
from app.ical.series import Reading, Reason, Start, nominal, on_wall, read_event_times, starts
from app.ical.spans import Problem, Span, SpanKind, kind_of
from app.ical.zone_book import ZoneBook
from app.lib.intervals import Interval

_NONE = timedelta(0)
_BROKEN = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
_LONGEST_UID, _LONGEST_SUMMARY = 500, 200


@dataclass(frozen=True, slots=True)
class Ground:
    """What all events of a calendar are read on; not ``is_recurring``: of a series only its first."""

    window: Interval
    book: ZoneBook
    owners: frozenset[str]
    is_recurring: bool = True


@dataclass(frozen=True, slots=True)
class _Override:
    """An event with a RECURRENCE-ID: which occurrence it stands for, and its own reading."""

    stamp: Stamp
    is_onward: bool
    reading: Reading


class Group:
    """The events that share a UID; ``problems`` after reading: what was wrong with them."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.window, self.book = ground, ground.window, ground.book
        self.masters: dict[tuple[datetime, str], Reading] = {}
        self.overrides: dict[object, _Override] = {}
        self.problems: list[Problem] = []
        self._kinds: dict[int, tuple[str, SpanKind | None]] = {}

    def read(
        self, components: Sequence[Component], guard: Callable[[], AbstractContextManager[None]]
    ) -> list[Span]:
        """The spans of all of them; where the whole cannot be read in time, those of each event alone."""
        try:
            with guard():
                self._sort(components)
                return self._spans()
        except Overrun:
            self._complain(components[0], Reason.TOO_MANY)
        except _BROKEN:
            self._complain(components[0], Reason.BROKEN)
        return [span for component in components for span in self._alone(component)]

    def _alone(self, component: Component) -> list[Span]:
        try:
            reading = read_event_times(component, self.book)
            return self._placed(reading, reading.start.wall, reading.length) if reading else []
        except _BROKEN:
            return []

    def _sort(self, components: Iterable[Component]) -> None:
        """Into masters and overrides; of equals the higher SEQUENCE counts, then the later in the file."""
        for component in sorted(components, key=lambda item: item.number("SEQUENCE")):
            reading = read_event_times(component, self.book)
            if reading is None:
                self._complain(component, Reason.NO_START)
                continue
            override = self._as_override(component, reading)
            if override is None:
                self.masters[(reading.start.wall, reading.start.tzid)] = reading
            else:
                self.overrides[self._key(override.stamp)] = override

    def _as_override(self, component: Component, reading: Reading) -> _Override | None:
        line = component.first("RECURRENCE-ID")
        if line is None:
            return None
        try:
            stamp = stamp_of(line)
        except ValueError:
            reading.reasons.append(Reason.BAD_DATE)
            return None
        return _Override(stamp, line.parameter("RANGE").upper() == "THISANDFUTURE", reading)

    def _key(self, stamp: Stamp) -> date | datetime:
        return stamp.wall.date() if stamp.is_date else self.book.to_utc(stamp)

    def _spans(self) -> list[Span]:
        found: list[Span] = []
        for master in self.masters.values():
            found += self._series(master)
        for override in self.overrides.values():
            found += self._placed(override.reading, override.reading.start.wall, override.reading.length)
        for reading in [*self.masters.values(), *(item.reading for item in self.overrides.values())]:
            for reason in reading.reasons:
                self._complain(reading.component, reason)
        return found

    def _series(self, master: Reading) -> list[Span]:
        moved = self._moved(master)
        onward = sorted(
            ((wall, item.reading) for wall, item in moved.items() if item.is_onward), key=lambda pair: pair[0]
        )
        shift = max(
            (_reach(since, item, on_wall(item.start, master, self.book)) for since, item in onward),
            default=_NONE,
        )
        found: list[Span] = []
        for start in self._starts(master, shift):
            if start.wall in moved:
                continue
            reading, wall, length = master, start.wall, start.length
            for since, changed in onward:
                if since < start.wall:
                    shift = on_wall(changed.start, master, self.book) - since
                    reading, wall, length = changed, start.wall + shift, changed.length
            found += self._placed(reading, wall, length)
        # A day that a zone skipped is that moment of the next (Samoa, 30 December 2011).
        return list(dict.fromkeys(found))

    def _starts(self, master: Reading, shift: timedelta) -> list[Start]:
        if self.ground.is_recurring or not master.is_repeated:
            return starts(master, self.window, self.book, shift)
        master.reasons.append(Reason.TOO_MANY)
        return [Start(master.start.wall, master.length)]

    def _moved(self, master: Reading) -> dict[datetime, _Override]:
        """The overrides by the start, on the master's clock, of the occurrence they stand for."""
        found: dict[datetime, _Override] = {}
        for override in self.overrides.values():
            # One beyond all calendars (year 9999, hours ahead) stands for no occurrence.
            with suppress(OverflowError):
                found[on_wall(override.stamp, master, self.book)] = override
        return found

    def _placed(self, reading: Reading, wall: datetime, length: Length) -> list[Span]:
        uid, kind = self._kind(reading.component)
        if kind is None:
            return []
        span = reading.span(wall, length)
        if span.start == span.end or not span.overlaps(self.window):
            return []
        return [Span(uid, kind, span.start, span.end, reading.start.is_date)]

    def _kind(self, component: Component) -> tuple[str, SpanKind | None]:
        if id(component) not in self._kinds:
            uid = component.text("UID")[:_LONGEST_UID]
            self._kinds[id(component)] = uid, kind_of(component, self.ground.owners)
        return self._kinds[id(component)]

    def _complain(self, component: Component, reason: Reason) -> None:
        uid, summary = component.text("UID")[:_LONGEST_UID], component.text("SUMMARY")[:_LONGEST_SUMMARY]
        self.problems.append(Problem(uid, summary, reason))


def _reach(since: datetime, changed: Reading, begins: datetime) -> timedelta:
    return abs(begins - since) + abs(nominal(changed.length))
