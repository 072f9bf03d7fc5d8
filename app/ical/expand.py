"""A calendar's text to the spans of time that it takes: the only reader of other people's events."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar as UnreadableCalendar
from app.ical.moments import Length, Stamp, stamp_of
from app.ical.series import Reading, Reason, nominal, on_wall, read_event_times, starts
from app.ical.zone_book import ZoneBook, open_book
from app.lib.intervals import Interval

_NONE = timedelta(0)


class SpanKind(StrEnum):
    """What an occurrence means for whoever wants to book."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Span:
    """One occurrence, whole, in UTC."""

    uid: str
    kind: SpanKind
    start: datetime
    end: datetime
    is_all_day: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """An event that could not be read wholly, or costs too much; what can be placed of it blocks."""

    uid: str
    summary: str
    reason: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """The occurrences that overlap a window, by start, and what was wrong."""

    spans: tuple[Span, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Override:
    """An event with a RECURRENCE-ID: which occurrence it stands for, and its own reading."""

    stamp: Stamp
    is_onward: bool
    reading: Reading


def expand(
    text: str | bytes, window: Interval, zone: str, owner_addresses: frozenset[str] = frozenset()
) -> Expansion:
    """What a calendar takes of a window; ``zone`` (IANA) is for floating times and whole days.

    CANCELLED events, those that one of ``owner_addresses`` declined, and those without length are left out;
    transparent ones come as FREE. Raises UnreadableCalendar when the text as a whole cannot be trusted.
    """
    root = read_components(text)
    book = open_book(root, zone)
    groups: dict[str, list[Component]] = {}
    for number, component in enumerate(root.walk("VEVENT")):
        groups.setdefault(component.text("UID") or f"\n{number}", []).append(component)
    owners = frozenset(address.lower().removeprefix("mailto:") for address in owner_addresses)
    spans: list[Span] = []
    problems: list[Problem] = []
    for components in groups.values():
        group = _Group(window, book, owners)
        spans += group.read(components)
        problems += group.problems
    spans.sort(key=lambda span: (span.start, span.end, span.uid))
    return Expansion(tuple(spans), tuple(dict.fromkeys(problems)))


class _Group:
    """The events that share a UID: masters and the overrides of their occurrences."""

    def __init__(self, window: Interval, book: ZoneBook, owners: frozenset[str]) -> None:
        self.window, self.book, self.owners = window, book, owners
        self.masters: dict[tuple[datetime, str], Reading] = {}
        self.overrides: dict[object, _Override] = {}
        self.problems: list[Problem] = []

    def read(self, components: Sequence[Component]) -> list[Span]:
        """The spans of all of them; where the whole cannot be read, those of each event alone."""
        try:
            self._sort(components)
            return self._spans()
        except (ArithmeticError, LookupError, TypeError, ValueError):
            self._complain(components[0], Reason.BROKEN)
            return [span for component in components for span in self._alone(component)]

    def _alone(self, component: Component) -> list[Span]:
        try:
            reading = read_event_times(component, self.book)
            return self._placed(reading, reading.start.wall, reading.length) if reading else []
        except (ArithmeticError, LookupError, TypeError, ValueError):
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
        for start in starts(master, self.window, self.book, shift):
            if start.wall in moved:
                continue
            reading, wall, length = master, start.wall, start.length
            for since, changed in onward:
                if since < start.wall:
                    shift = on_wall(changed.start, master, self.book) - since
                    reading, wall, length = changed, start.wall + shift, changed.length
            found += self._placed(reading, wall, length)
        return found

    def _moved(self, master: Reading) -> dict[datetime, _Override]:
        """The overrides by the start, on the master's clock, of the occurrence they stand for."""
        found: dict[datetime, _Override] = {}
        for override in self.overrides.values():
            # One beyond all calendars (year 9999, hours ahead) stands for no occurrence.
            with suppress(OverflowError):
                found[on_wall(override.stamp, master, self.book)] = override
        return found

    def _placed(self, reading: Reading, wall: datetime, length: Length) -> list[Span]:
        kind = kind_of(reading.component, self.owners)
        span = reading.span(wall, length)
        if kind is None or span.start == span.end or not span.overlaps(self.window):
            return []
        return [Span(reading.component.text("UID"), kind, span.start, span.end, reading.start.is_date)]

    def _complain(self, component: Component, reason: Reason) -> None:
        self.problems.append(Problem(component.text("UID"), component.text("SUMMARY"), reason))


def _reach(since: datetime, changed: Reading, begins: datetime) -> timedelta:
    return abs(begins - since) + abs(nominal(changed.length))


def kind_of(component: Component, owners: frozenset[str]) -> SpanKind | None:
    """What an event means; None when it does not count at all."""
    status = component.text("STATUS").upper()
    if status in ("CANCELLED", "CANCELED") or _is_declined(component, owners):
        return None
    transparency = component.text("TRANSP").upper()
    if not transparency:
        transparency = "TRANSPARENT" if component.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE" else ""
    if transparency == "TRANSPARENT":
        return SpanKind.FREE
    return SpanKind.TENTATIVE if status == "TENTATIVE" else SpanKind.BUSY


def _is_declined(component: Component, owners: frozenset[str]) -> bool:
    return any(
        line.parameter("PARTSTAT").upper() == "DECLINED"
        and line.value.strip().lower().removeprefix("mailto:") in owners
        for line in (component.all("ATTENDEE") if owners else ())
    )


__all__ = ["Expansion", "Problem", "Span", "SpanKind", "UnreadableCalendar", "expand"]
