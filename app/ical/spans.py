"""What a calendar's events come to: spans of time, and what was wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.ical.components import Component


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


def kind_of(component: Component, owners: frozenset[str]) -> SpanKind | None:
    """What an event means; None when it does not count at all.

    ``owners``: whose declining counts, mail addresses in lower case.
    """
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
