"""The usual week inside a VAVAILABILITY (RFC 7953): read for a form, and changed where it stands."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.ical.availability import priority_of
from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.hours import HoursObject, WeeklyRange, keep_weekdays, series_times, utc_text, weekly_ranges
from app.ical.lines import ContentLine
from app.ical.rules import WEEKDAYS
from app.ical.series import Reading, read_event_times
from app.ical.writing import PRODUCT, clean_line
from app.ical.zone_book import NamedZone, ZoneBook, open_book
from app.ical.zones import timezone

_BOUNDS = ("DTEND", "DURATION", "RRULE", "RDATE")


@dataclass(frozen=True, slots=True)
class _Weekly:
    """An AVAILABLE that the form can show: plain, weekly, without end, in the owner's zone."""

    reading: Reading
    ranges: tuple[WeeklyRange, ...]


def read_availability(text: str, zone: str) -> HoursObject | None:
    """What a form can show of the usual week, ``zone`` (IANA) being the specialist's.

    None when the text holds no VAVAILABILITY or cannot be read. The usual week is the VAVAILABILITY without
    an end, of several that of the highest priority, which rules the others.
    """
    try:
        root = read_components(text)
    except UnreadableCalendar:
        return None
    components = list(root.walk("VAVAILABILITY"))
    if not components:
        return None
    usual = _usual(components)
    weekly = _weekly(usual, open_book(root, zone), zone) if usual else []
    plain = {id(item.reading.component) for item in weekly}
    others = [item for item in components if item is not usual]
    others += [item for item in (_available(usual) if usual else ()) if id(item) not in plain]
    main = usual or components[0]
    return HoursObject(
        uid=main.text("UID"),
        ranges=tuple(sorted({one for item in weekly for one in item.ranges})),
        is_simple=not others,
        is_time_off=False,
        first_day=None,
        last_day=None,
        summary=main.text("SUMMARY"),
        is_availability=True,
        others=tuple(_title(item) for item in others),
    )


def no_week(text: str) -> HoursObject:
    """What a form shows of a text in which read_availability finds nothing: it is simple when it is empty."""
    try:
        read_components(text)
        others: tuple[str, ...] = ()
    except UnreadableCalendar:
        others = ("",)
    return HoursObject("", (), not others, False, None, None, "", is_availability=True, others=others)


def write_availability(
    uid: str, ranges: Collection[WeeklyRange], zone: str, first_day: date, stamped_at: datetime
) -> str:
    """One VAVAILABILITY with these weekly hours; each range of a weekday an AVAILABLE, as Nextcloud does.

    Raises ValueError when there is no such zone or ``stamped_at`` has none.
    """
    start = [ContentLine("VERSION", "VERSION:2.0"), ContentLine("PRODID", f"PRODID:{PRODUCT}")]
    root = Component("", [], [Component("VCALENDAR", start)])
    return _changed(root, uid, ranges, zone, first_day, stamped_at)


def with_week(
    text: str, uid: str, ranges: Collection[WeeklyRange], zone: str, first_day: date, stamped_at: datetime
) -> str:
    """The same text with other weekly hours; new ones begin with ``first_day``.

    The smallest change: an AVAILABLE keeps the weekdays on which its range is still wanted, with its
    exceptions; only what nothing covers is added. All else stays as it stood: other VAVAILABILITY, what the
    form cannot show, unknown properties. ``uid`` is for what is added. Raises UnreadableCalendar when the
    text is no calendar, and as write_availability does.
    """
    return _changed(read_components(text), uid, ranges, zone, first_day, stamped_at)


def _changed(
    root: Component,
    uid: str,
    ranges: Collection[WeeklyRange],
    zone: str,
    first_day: date,
    stamped_at: datetime,
) -> str:
    usual = _usual(list(root.walk("VAVAILABILITY")))
    if usual is None:
        usual = Component("VAVAILABILITY", _stamped([("UID", clean_line(uid))], stamped_at))
        root.children[0].children.append(usual)
    missing, is_changed = set(ranges), False
    for item in _weekly(usual, open_book(root, zone), zone):
        kept = frozenset(one.weekday for one in item.ranges if one in ranges)
        missing -= set(item.ranges)
        if not kept:
            usual.children = [child for child in usual.children if child is not item.reading.component]
        elif len(kept) < len(item.ranges):
            keep_weekdays(item.reading, kept, stamped_at)
        is_changed = is_changed or len(kept) < len(item.ranges)
    usual.children += [_new(uid, one, zone, first_day, stamped_at) for one in sorted(missing)]
    if missing and not any(item.text("TZID") == zone for item in root.walk("VTIMEZONE")):
        root.children[0].children.insert(0, timezone(zone))
    if missing or is_changed:
        _renew(usual, stamped_at)
    return "".join(child.write() for child in root.children)


def _usual(components: Iterable[Component]) -> Component | None:
    endless = [item for item in components if not any(item.first(name) for name in _BOUNDS)]
    return min(endless, key=priority_of, default=None)


def _available(component: Component) -> list[Component]:
    return [child for child in component.children if child.name == "AVAILABLE"]


def _weekly(component: Component, book: ZoneBook, zone: str) -> list[_Weekly]:
    """The AVAILABLE that a form can show; those with overridden occurrences are none of them."""
    items = _available(component)
    uids = Counter(item.text("UID") for item in items if item.first("UID"))
    found = []
    for item in items:
        reading = read_event_times(item, book)
        if reading is None or reading.zone != NamedZone(zone) or uids[item.text("UID")] > 1:
            continue
        if item.first("RECURRENCE-ID") is None and (ranges := weekly_ranges(reading, book)):
            found.append(_Weekly(reading, ranges))
    return found


def _title(component: Component) -> str:
    if component.text("SUMMARY"):
        return component.text("SUMMARY")
    titles = dict.fromkeys(item.text("SUMMARY") for item in _available(component))
    return ", ".join(filter(None, titles))


def _new(uid: str, one: WeeklyRange, zone: str, first_day: date, stamped_at: datetime) -> Component:
    mark = f"{uid}-{WEEKDAYS[one.weekday]}-{one.start:%H%M}-{one.end:%H%M}"
    times = series_times(frozenset({one.weekday}), one.start, one.end, zone, first_day)
    return Component("AVAILABLE", _stamped([("UID", clean_line(mark))], stamped_at, times))


def _stamped(
    pairs: Iterable[tuple[str, str]], stamped_at: datetime, more: Iterable[tuple[str, str]] = ()
) -> list[ContentLine]:
    words = [*pairs, ("DTSTAMP", utc_text(stamped_at)), *more]
    return [ContentLine(name.partition(";")[0], f"{name}:{value}") for name, value in words]


def _renew(component: Component, stamped_at: datetime) -> None:
    """DTSTAMP and LAST-MODIFIED are now, a SEQUENCE rises (RFC 5545, 3.8.7)."""
    stamp = utc_text(stamped_at)
    fresh = {"DTSTAMP": stamp, "LAST-MODIFIED": stamp}
    if component.first("SEQUENCE"):
        fresh["SEQUENCE"] = str(component.number("SEQUENCE") + 1)
    lines = [line for line in component.lines if line.name not in fresh]
    component.lines = lines + [ContentLine(name, f"{name}:{value}") for name, value in fresh.items()]
