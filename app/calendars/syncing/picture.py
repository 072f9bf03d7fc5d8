"""What the objects of a calendar mean for whoever wants to book: spans of four kinds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ical.availability import Available
from app.ical.confined import Answer, expand_all, expand_availability_all
from app.ical.errors import UnreadableCalendar
from app.ical.event import is_own_uid
from app.ical.expand import Problem, Span, SpanKind
from app.lib.intervals import Interval
from app.lib.text import scrubbed

BEFORE = timedelta(days=1)
AFTER = timedelta(days=70)
_STEP = timedelta(days=1)
_TIME_OFF_UID = "hours-"
_LONGEST_PROBLEM = 500
_AVAILABILITY = re.compile(r"^BEGIN:VAVAILABILITY[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
BUSY, TENTATIVE, WORKING, TIME_OFF = "busy", "tentative", "working", "time_off"
_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """An occurrence as the replica keeps it; times aware UTC."""

    kind: str
    uid: str
    is_own: bool
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """How a calendar's objects are read: its purpose, its owner's zone and addresses."""

    purpose: str
    zone: str
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """The spans of one object (None: unreadable, keep what was known) and what was wrong with it."""

    spans: tuple[PlacedSpan, ...] | None
    problem: str


def window_of(now: datetime) -> Interval:
    """What is expanded: from yesterday to beyond the longest horizon."""
    return Interval(now - BEFORE, now + AFTER)


def has_moved(expanded: Interval | None, now: datetime) -> bool:
    """Whether the window has moved on by a day since it was expanded, or never was."""
    return expanded is None or window_of(now).start - expanded.start >= _STEP


def place(text: str, window: Interval, reader: Reader) -> Placed:
    """What ``place_all`` says of a single object that no other has a say in."""
    return place_all([text], window, reader)[0]


def place_all(texts: Sequence[str], window: Interval, reader: Reader) -> list[Placed]:
    """Expand objects for their calendar's purpose, in processes that can be killed.

    In working hours, timed events are hours and whole days are time off, whatever their TRANSP says, and
    VAVAILABILITY components of all texts together are hours (RFC 7953: one may overrule another, so all of a
    calendar belong into one call). In a busy calendar everything blocks that is not transparent; whole days
    that the editor of working hours wrote are time off.
    """
    answers = expand_all(texts, window, reader.zone, reader.addresses)
    placed = [_placed_object(answer, reader.purpose) for answer in answers]
    if reader.purpose != "working_hours":
        return placed
    numbers = [number for number, text in enumerate(texts) if has_availability(text)]
    if numbers:
        available = expand_availability_all([texts[number] for number in numbers], window, reader.zone)
        for number, hours in zip(numbers, available, strict=True):
            placed[number] = _with_hours(placed[number], hours, uid_of(texts[number]))
    return placed


def has_availability(text: str) -> bool:
    """Whether a text holds working hours as RFC 7953 writes them."""
    return "VAVAILABILITY" in text.upper() and bool(_AVAILABILITY.search(_FOLD.sub("", text)))


def _placed_object(answer: Answer, purpose: str) -> Placed:
    if isinstance(answer, UnreadableCalendar):
        return Placed(None, scrubbed(f"unreadable: {answer}"))
    spans = (_placed(span, purpose) for span in answer.spans)
    return Placed(tuple(span for span in spans if span is not None), _problem(answer.problems))


def _with_hours(events: Placed, hours: Available, uid: str) -> Placed:
    problem = _lines([*events.problem.splitlines(), *_problem(hours.problems).splitlines()])
    if events.spans is None or hours.spans is None:
        return Placed(None, problem)
    spans = tuple(PlacedSpan(WORKING, uid, False, span.start, span.end) for span in hours.spans)
    return Placed(events.spans + spans, problem)


def _placed(span: Span, purpose: str) -> PlacedSpan | None:
    if purpose == "working_hours":
        kind = TIME_OFF if span.is_all_day else WORKING
        return PlacedSpan(kind, span.uid[:500], False, span.start, span.end)
    if span.kind is SpanKind.FREE:
        return None
    kind = TENTATIVE if span.kind is SpanKind.TENTATIVE else BUSY
    if span.is_all_day and span.uid.startswith(_TIME_OFF_UID):
        kind = TIME_OFF
    return PlacedSpan(kind, span.uid[:500], is_own_uid(span.uid), span.start, span.end)


def _problem(problems: Sequence[Problem]) -> str:
    return _lines(f"{scrubbed(item.summary or item.uid, 100)}: {item.reason}" for item in problems)


def _lines(told: Iterable[str]) -> str:
    """One a line, as many whole lines as the replica keeps."""
    kept = ""
    for line in filter(None, told):
        longer = f"{kept}\n{line}" if kept else line
        if len(longer) > _LONGEST_PROBLEM:
            break
        kept = longer
    return kept


def uid_of(text: str) -> str:
    """The first UID in an object, '' without one."""
    found = _UID.search(_FOLD.sub("", text))
    return found.group(1).strip()[:500] if found else ""
