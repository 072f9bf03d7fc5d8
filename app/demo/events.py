"""Events of the demo's calendars as values, and as the text that a calendar client would store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.ical.components import Component
from app.ical.lines import ContentLine, escape
from app.ical.writing import PRODUCT
from app.ical.zones import timezone


@dataclass(frozen=True, slots=True)
class Moved:
    """One occurrence of a series at another time: the day it would have been on, and where it is now."""

    from_day: date
    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """An event as a person would have entered it.

    Times are on the wall clock of ``zone`` (IANA); the end may lie on ``end_day`` and in ``end_zone``.
    Without ``start`` it lasts all day, ``end_day`` included. ``skipped`` are days on which the series does
    not take place; ``properties`` are further lines as they stand in the file.
    """

    uid: str
    title: str
    day: date
    start: time | None = None
    end: time | None = None
    zone: str = ""
    end_day: date | None = None
    end_zone: str = ""
    rule: str = ""
    skipped: tuple[date, ...] = ()
    moved: tuple[Moved, ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The last part of the object's href."""
        return f"{self.uid.partition('@')[0]}.ics"


def text_of(event: DemoEvent, stamped_at: datetime) -> str:
    """The event as iCalendar (RFC 5545) with the zones that it needs."""
    zones = [timezone(name) for name in sorted({event.zone, event.end_zone} - {""})]
    parts = [_component(event, stamped_at, None)]
    parts += [_component(event, stamped_at, moved) for moved in event.moved]
    head = [_line("VERSION", "2.0"), _line("PRODID", PRODUCT)]
    return Component("VCALENDAR", head, [*zones, *parts]).write()


def _component(event: DemoEvent, stamped_at: datetime, moved: Moved | None) -> Component:
    lines = [_line("UID", event.uid), _line("DTSTAMP", f"{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")]
    if event.start is None or event.end is None:
        last = event.end_day or event.day
        lines += [_day("DTSTART", event.day), _day("DTEND", last + timedelta(days=1))]
    elif moved is not None:
        lines += [
            _wall("RECURRENCE-ID", moved.from_day, event.start, event.zone),
            _wall("DTSTART", moved.day, moved.start, event.zone),
            _wall("DTEND", moved.day, moved.end, event.zone),
        ]
    else:
        end_day, end_zone = event.end_day or event.day, event.end_zone or event.zone
        lines += [
            _wall("DTSTART", event.day, event.start, event.zone),
            _wall("DTEND", end_day, event.end, end_zone),
        ]
        lines += [_line("RRULE", event.rule)] if event.rule else []
        lines += [_wall("EXDATE", day, event.start, event.zone) for day in event.skipped]
    lines.append(_line("SUMMARY", escape(event.title)))
    lines += [ContentLine(raw.partition(":")[0].partition(";")[0], raw) for raw in event.properties]
    return Component("VEVENT", lines)


def _line(name: str, value: str) -> ContentLine:
    return ContentLine(name, f"{name}:{value}")


def _day(name: str, day: date) -> ContentLine:
    return ContentLine(name, f"{name};VALUE=DATE:{day:%Y%m%d}")


def _wall(name: str, day: date, clock: time, zone: str) -> ContentLine:
    return ContentLine(name, f"{name};TZID={zone}:{day:%Y%m%d}T{clock:%H%M%S}")
