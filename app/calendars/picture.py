"""What the objects of a calendar mean for whoever wants to book: spans of four kinds."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ical.errors import UnreadableCalendar
from app.ical.event import is_own_uid
from app.ical.expand import Expansion, Span, SpanKind, expand
from app.lib.intervals import Interval
from app.lib.text import scrubbed

BEFORE = timedelta(days=1)
AFTER = timedelta(days=70)
_STEP = timedelta(days=1)
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
    """Expand an object for its calendar's purpose.

    In working hours, timed events are hours and whole days are time off, whatever their TRANSP says; in a
    busy calendar everything blocks that is not transparent.
    """
    try:
        expansion = expand(text, window, reader.zone, reader.addresses)
    except UnreadableCalendar as error:
        return Placed(None, scrubbed(f"unreadable: {error}"))
    spans = (_placed(span, reader.purpose) for span in expansion.spans)
    return Placed(tuple(span for span in spans if span is not None), _problem(expansion))


def _placed(span: Span, purpose: str) -> PlacedSpan | None:
    if purpose == "working_hours":
        kind = TIME_OFF if span.is_all_day else WORKING
        return PlacedSpan(kind, span.uid[:500], False, span.start, span.end)
    if span.kind is SpanKind.FREE:
        return None
    kind = TENTATIVE if span.kind is SpanKind.TENTATIVE else BUSY
    return PlacedSpan(kind, span.uid[:500], is_own_uid(span.uid), span.start, span.end)


def _problem(expansion: Expansion) -> str:
    told = (f"{problem.summary or problem.uid}: {problem.reason}" for problem in expansion.problems)
    return scrubbed("; ".join(told))


def uid_of(text: str) -> str:
    """The first UID in an object, '' without one."""
    found = _UID.search(_FOLD.sub("", text))
    return found.group(1).strip()[:500] if found else ""


def may_be_declined(text: str) -> bool:
    """Whether the owner's addresses matter for reading this object at all."""
    return "DECLINED" in _FOLD.sub("", text).upper()
