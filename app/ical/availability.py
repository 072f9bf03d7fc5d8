"""Availability (RFC 7953): when somebody can be asked for a call, out of VAVAILABILITY components."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.ical.budget import is_filtered_out
from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.expand import Guard, Problem, Span, expand_root
from app.ical.lines import ContentLine
from app.ical.moments import stamp_of
from app.ical.rules import BadRule, read_rule
from app.ical.series import Reason, nominal, read_event_times
from app.ical.zone_book import ZoneBook, open_book
from app.lib.intervals import Interval, intersect, merge, subtract

# Nobody has that many; more is an attack on whoever reads them.
_MOST = 200
_LOWEST = 10
_ALWAYS = Interval(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
# An unknown zone is read in the calendar's or the owner's; whatever else is wrong makes no hours.
_HARMLESS = frozenset({Reason.UNKNOWN_ZONE, Reason.ZONE_MISMATCH, Reason.INNER_CALENDAR})


@dataclass(frozen=True, slots=True)
class Available:
    """What one text adds to the working hours: merged spans, None when nothing of it can be read.

    ``problems`` is for the owner: what was left out. An AVAILABLE that cannot be read wholly gives no hours.
    """

    spans: tuple[Interval, ...] | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Block:
    """One VAVAILABILITY: its owner is away over ``bounds`` but for ``free``, unless a higher one rules."""

    text: int
    priority: int
    bounds: Interval
    is_sound: bool
    free: list[Interval] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ground:
    window: Interval
    zone: str
    guard: Guard


def expand_availability(
    texts: Sequence[str], window: Interval, zone: str, *, guard: Guard = nullcontext
) -> list[Available]:
    """The working hours of a window by all of a person's availability texts, one answer for each text.

    ``zone`` (IANA) is the owner's, for floating times. All texts of a person belong into one call, for
    they are combined by PRIORITY (section 4; 1 is the highest, 0 or none the lowest): a higher one rules
    wherever it lasts, and so a change of one text can change what the others come to. Of equal ones that
    overlap each may say no. Outside every VAVAILABILITY there are no hours; any BUSYTYPE is away. A text
    without VAVAILABILITY gives no hours. Never raises: what cannot be read comes back with ``spans`` None.
    ``guard`` as in expand: an AVAILABLE that overruns it gives no hours.
    """
    ground = _Ground(window, zone, guard)
    blocks: list[_Block] = []
    answers: list[list[Interval] | None] = []
    problems: list[list[Problem]] = []
    for number, text in enumerate(texts):
        told: list[Problem] = []
        try:
            blocks += _read(text, number, ground, told)
            answers.append([])
        except UnreadableCalendar as error:
            told.append(Problem("", "", f"unreadable: {error}"))
            answers.append(None)
        problems.append(told)
    for number, spans in _combined(blocks, window):
        found = answers[number]
        if found is not None:
            found += spans
    return [
        Available(None if spans is None else tuple(merge(spans)), tuple(dict.fromkeys(told)))
        for spans, told in zip(answers, problems, strict=True)
    ]


def priority_of(component: Component) -> int:
    """The rank of a VAVAILABILITY: 1 is the highest, 10 stands for 0 and for none, the lowest (section 4)."""
    priority = component.number("PRIORITY")
    return priority if 1 <= priority < _LOWEST else _LOWEST


def _combined(blocks: Sequence[_Block], window: Interval) -> Iterator[tuple[int, list[Interval]]]:
    """Text number and what each block comes to, from the highest priority down."""
    open_time = [window]
    for priority in sorted({block.priority for block in blocks}):
        level = [block for block in blocks if block.priority == priority]
        away = merge(span for block in level for span in subtract([block.bounds], block.free))
        for block in level:
            yield block.text, subtract(intersect(intersect([block.bounds], block.free), open_time), away)
        open_time = subtract(open_time, merge(block.bounds for block in level))


def _read(text: str, number: int, ground: _Ground, problems: list[Problem]) -> list[_Block]:
    """The blocks of one text with their free times; raises UnreadableCalendar."""
    root = read_components(text)
    book = open_book(root, ground.zone)
    components = list(root.walk("VAVAILABILITY"))
    if len(components) > _MOST:
        raise UnreadableCalendar(f"{len(components)} VAVAILABILITY components")
    blocks = [_block(component, number, book, problems) for component in components]
    free = _free(root, components, ground, book, problems)
    for index, block in enumerate(blocks):
        if block.is_sound:
            block.free = merge(Interval(span.start, span.end) for at, span in free if at == index)
    return blocks


def _block(component: Component, number: int, book: ZoneBook, problems: list[Problem]) -> _Block:
    priority = priority_of(component)
    try:
        return _Block(number, priority, _bounds(component, book), is_sound=True)
    except (ArithmeticError, ValueError):
        # When it holds is unknown: nobody is called in hours that may not be.
        problems.append(Problem(component.text("UID"), component.text("SUMMARY"), Reason.NO_START))
        return _Block(number, priority, _ALWAYS, is_sound=False)


def _bounds(component: Component, book: ZoneBook) -> Interval:
    """From DTSTART to DTEND or DURATION, each of which may be missing: no bound (3.1). Raises ValueError."""
    if any(component.first(name) for name in ("RRULE", "RDATE")):
        raise ValueError("a VAVAILABILITY does not recur")
    end = component.first("DTEND")
    if component.first("DTSTART") is None:
        return _ALWAYS if end is None else Interval(_ALWAYS.start, book.to_utc(stamp_of(end)))
    reading = read_event_times(component, book)
    if reading is None or Reason.NO_END in reading.reasons:
        raise ValueError("bounds that cannot be read")
    start = reading.zone.to_utc(reading.start.wall)
    if end is None and component.first("DURATION") is None:
        return Interval(start, _ALWAYS.end)
    if not nominal(reading.length):
        raise ValueError("lasts no time")
    span = reading.span(reading.start.wall, reading.length)
    if span.start != start:
        raise ValueError("ends before it starts")
    return span


def _free(
    root: Component,
    blocks: Sequence[Component],
    ground: _Ground,
    book: ZoneBook,
    problems: list[Problem],
) -> list[tuple[int, Span]]:
    """The occurrences of all AVAILABLE, with the number of the VAVAILABILITY they stand in.

    They have the times of events (3.1), overrides by RECURRENCE-ID and all: as events they are read.
    """
    events: list[Component] = []
    items: dict[str, tuple[int, Component]] = {}
    for index, block in enumerate(blocks):
        numbers: dict[str, int] = {}
        for position, item in enumerate(child for child in block.children if child.name == "AVAILABLE"):
            # Our own mark for a UID, which counts inside its VAVAILABILITY alone.
            number = numbers.setdefault(item.text("UID") or f"\n{position}", position)
            mark = f"{index}/{number}"
            items.setdefault(mark, (index, item))
            lines = [line for line in item.lines if line.name != "UID"]
            events.append(Component("VEVENT", [ContentLine("UID", f"UID:{mark}"), *lines]))
    said = [line for item in root.children for line in item.all("X-WR-TIMEZONE")]
    whole = Component("VCALENDAR", said[:1], [*root.walk("VTIMEZONE"), *events])
    expansion = expand_root(Component("", [], [whole]), ground.window, ground.zone, guard=ground.guard)
    useless = set()
    for problem in expansion.problems:
        uid = items[problem.uid][1].text("UID") if problem.uid in items else ""
        problems.append(Problem(uid[:500], problem.summary, problem.reason))
        useless |= set() if problem.reason in _HARMLESS else {problem.uid}
    anchors = {_anchor(component, book) for component in events}
    return [
        (items[span.uid][0], span)
        for span in expansion.spans
        if span.uid not in useless and (span.uid, span.start) not in anchors
    ]


def _anchor(component: Component, book: ZoneBook) -> tuple[str, datetime] | None:
    """UID and DTSTART when the rule forbids that very day: the RFC's own examples anchor so, on a Sunday."""
    reading, line = read_event_times(component, book), component.first("RRULE")
    if reading is None or line is None:
        return None
    try:
        rule = read_rule(line.value, reading.start, reading.zone, book)
    except BadRule:
        return None
    if not is_filtered_out(rule, reading.start.wall):
        return None
    return component.text("UID"), reading.zone.to_utc(reading.start.wall)
