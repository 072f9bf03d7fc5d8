"""Which zone a TZID of a calendar means: decided for each file alone, nothing remembered between files."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.ical.components import Component
from app.ical.file_zone import read_zone
from app.ical.lines import ContentLine
from app.ical.moments import Stamp
from app.lib import zones
from app.lib.intervals import Interval

_SUFFIX = re.compile(r"([A-Za-z_+-]+/[A-Za-z_+-]+(?:/[A-Za-z_+-]+)?)$")
# Longer than any name of a zone; a search in a megabyte of letters would never end.
_LONGEST_NAME = 100
_MOST_LOOKS = 400
_UTC_NAMES = frozenset({"UTC", "GMT", "Z", "ETC/UTC", "TZONE://MICROSOFT/UTC"})
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


class Zone(Protocol):
    """A clock on the wall somewhere."""

    def to_utc(self, wall: datetime) -> datetime:
        """The UTC moment of a naive wall-clock time."""
        ...

    def to_wall(self, moment: datetime) -> datetime:
        """The naive wall-clock time of a UTC moment."""
        ...


@dataclass(frozen=True, slots=True)
class NamedZone:
    """An IANA zone."""

    name: str

    def to_utc(self, wall: datetime) -> datetime:
        """The UTC moment; gaps and overlaps by RFC 5545, 3.3.5."""
        try:
            return zones.to_utc(wall.date(), wall.time(), self.name)
        except OverflowError:
            return _EARLIEST if wall.year < 5000 else _LATEST

    def to_wall(self, moment: datetime) -> datetime:
        """The naive wall-clock time."""
        return zones.local(moment, self.name).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class FixedZone:
    """A fixed distance from UTC."""

    offset: timedelta

    def to_utc(self, wall: datetime) -> datetime:
        """The UTC moment."""
        try:
            return (wall - self.offset).replace(tzinfo=UTC)
        except OverflowError:
            return _EARLIEST if wall.year < 5000 else _LATEST

    def to_wall(self, moment: datetime) -> datetime:
        """The naive wall-clock time."""
        return moment.astimezone(UTC).replace(tzinfo=None) + self.offset


@dataclass(slots=True)
class ZoneBook:
    """The zones of one calendar file: ``default`` is its owner's, ``calendar`` what it says of itself."""

    default: Zone
    calendar: Zone | None = None
    definitions: dict[str, Component] = field(default_factory=dict)
    _known: dict[str, Zone | None] = field(default_factory=dict)

    def zone_of(self, stamp: Stamp) -> Zone:
        """The zone of a value: its offset, its TZID, else the owner's."""
        if stamp.offset is not None:
            return FixedZone(stamp.offset)
        if not stamp.tzid or stamp.is_date:
            return self.default
        return self.named(stamp.tzid) or self.calendar or self.default

    def is_unknown(self, stamp: Stamp) -> bool:
        """Whether the value names a zone that neither the file nor tzdata explains."""
        is_named = bool(stamp.tzid) and stamp.offset is None and not stamp.is_date
        return is_named and self.named(stamp.tzid) is None

    def to_utc(self, stamp: Stamp) -> datetime:
        """The UTC moment of a value."""
        return self.zone_of(stamp).to_utc(stamp.wall)

    def named(self, tzid: str) -> Zone | None:
        """The zone of a TZID, None when nothing explains it."""
        if tzid not in self._known:
            self._known[tzid] = self._resolve(tzid)
        return self._known[tzid]

    def is_contradicted(self, tzid: str, window: Interval) -> bool:
        """Whether the file defines an IANA zone (tzdata's wins) otherwise than tzdata within the window."""
        definition = self.definitions.get(tzid)
        if definition is None or not zones.is_zone(tzid):
            return False
        parts = tuple((child.name, tuple(child.lines)) for child in definition.children)
        return _differs(tzid, parts, window)

    def _resolve(self, tzid: str) -> Zone | None:
        if zones.is_zone(tzid):
            return NamedZone(tzid)
        definition = self.definitions.get(tzid)
        defined = read_zone(definition) if definition is not None else None
        return defined or _by_name(tzid.strip())


# Most objects of a calendar bring the same definition; nothing but its whole text is remembered by.
@lru_cache(maxsize=256)
def _differs(tzid: str, parts: tuple[tuple[str, tuple[ContentLine, ...]], ...], window: Interval) -> bool:
    defined = read_zone(Component("VTIMEZONE", [], [Component(name, list(lines)) for name, lines in parts]))
    if defined is None:
        return False
    step = max(timedelta(days=1), window.length / _MOST_LOOKS)
    moments = (window.start + number * step for number in range(int(window.length / step) + 1))
    named = NamedZone(tzid)
    return any(defined.to_wall(moment) != named.to_wall(moment) for moment in moments)


def _by_name(tzid: str) -> Zone | None:
    if tzid.upper() in _UTC_NAMES:
        return FixedZone(timedelta(0))
    if tzid in WINDOWS_TO_OLSON:
        return NamedZone(WINDOWS_TO_OLSON[tzid])
    if zones.is_zone(tzid):
        return NamedZone(tzid)
    # /mozilla.org/20070129_1/Europe/Berlin and the like end in the name that counts.
    match = _SUFFIX.search(tzid[-_LONGEST_NAME:])
    while match:
        if zones.is_zone(match[1]):
            return NamedZone(match[1])
        match = _SUFFIX.search(match[1].partition("/")[2])
    return None


def open_book(root: Component, zone: str) -> ZoneBook:
    """The zones of a file; ``zone`` (IANA) is its owner's, for floating times and unknown names."""
    book = ZoneBook(NamedZone(zone))
    for component in root.walk("VTIMEZONE"):
        book.definitions.setdefault(component.text("TZID"), component)
    # X-WR-TIMEZONE serves unknown names only: floating times are the owner's, and UTC stays UTC.
    said = next((item.text("X-WR-TIMEZONE") for item in root.children if item.first("X-WR-TIMEZONE")), "")
    book.calendar = book.named(said) if said else None
    return book
