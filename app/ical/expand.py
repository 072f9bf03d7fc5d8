"""A calendar's text to the spans of time that it takes: the only reader of other people's events."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar as UnreadableCalendar
from app.ical.group import Ground, Group
from app.ical.series import Reason
from app.ical.spans import Expansion, Problem, Span, SpanKind, kind_of
from app.ical.zone_book import ZoneBook, open_book
from app.lib.intervals import Interval

# More than any calendar of a person holds within a few months.
MOST_SPANS = 100_000

Guard = Callable[[], AbstractContextManager[None]]


def expand(
    text: str | bytes,
    window: Interval,
    zone: str,
    owner_addresses: frozenset[str] = frozenset(),
    *,
    guard: Guard = nullcontext,
    is_recurring: bool = True,
) -> Expansion:
    """What a calendar takes of a window; ``zone`` (IANA) is for floating times and whole days.

    CANCELLED events, those that one of ``owner_addresses`` declined, and those without length are left out;
    transparent ones come as FREE. Raises UnreadableCalendar when the text as a whole cannot be trusted.

    ``guard`` is entered for each event and may end it by Overrun: its first occurrence stays. The same goes
    for every recurring event when ``is_recurring`` is False, and after MOST_SPANS.
    """
    return expand_root(
        read_components(text), window, zone, owner_addresses, guard=guard, is_recurring=is_recurring
    )


def expand_root(
    root: Component,
    window: Interval,
    zone: str,
    owner_addresses: frozenset[str] = frozenset(),
    *,
    guard: Guard = nullcontext,
    is_recurring: bool = True,
) -> Expansion:
    """The same of what ``read_components`` gave."""
    book = open_book(root, zone)
    owners = frozenset(address.lower().removeprefix("mailto:") for address in owner_addresses)
    groups = _by_uid(root)
    spans: list[Span] = []
    problems = list(_said_of_the_whole(root, book, window))
    for components in groups.values():
        group = Group(Ground(window, book, owners, is_recurring and len(spans) < MOST_SPANS))
        spans += group.read(components, guard)
        problems += group.problems
    spans.sort(key=lambda span: (span.start, span.end, span.uid))
    return Expansion(tuple(spans), tuple(dict.fromkeys(problems)))


def _by_uid(root: Component) -> dict[str, list[Component]]:
    groups: dict[str, list[Component]] = {}
    for number, component in enumerate(root.walk("VEVENT")):
        groups.setdefault(component.text("UID") or f"\n{number}", []).append(component)
    return groups


def _said_of_the_whole(root: Component, book: ZoneBook, window: Interval) -> Iterator[Problem]:
    """What the owner should hear that no single event is to blame for."""
    if any(child.name == "VCALENDAR" for item in root.children for child in item.children):
        yield Problem("", "", Reason.INNER_CALENDAR)
    contradicted = {tzid for tzid in book.definitions if book.is_contradicted(tzid, window)}
    if not contradicted:
        return
    for component in root.walk("VEVENT"):
        line = component.first("DTSTART")
        tzid = line.parameter("TZID") if line else ""
        if tzid in contradicted:
            contradicted.discard(tzid)
            yield Problem("", f"{component.text('SUMMARY')[:200]} ({tzid})".strip(), Reason.ZONE_MISMATCH)


__all__: Sequence[str] = [
    "Expansion", "Guard", "Problem", "Span", "SpanKind", "UnreadableCalendar", "expand", "expand_root",
    "kind_of",
]  # fmt: skip
