"""What follows for a call from what its specialist did to its event."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from app.availability.slots import SlotRules
from app.calendars.reconcile import Change, Finding, is_certain
from app.lib.intervals import Interval

_NONE = timedelta(0)
# Nobody but the specialist decides how often and how far ahead they move their own calls.
_NO_CAP = 1_000_000
_ANY_DAY = timedelta(days=3650)
# More than that within a minute is a program's doing, or a slip (faults.md, P7).
_MOVED_BY_HAND = 3


class Outcome(Enum):
    """What to do.

    KEEP: it stands at its time (or cannot be read): remember where and in which version. MOVE: judge the new
    time. WAIT: nothing can be said yet. MISSED: not there in one complete look so far. GONE: in two.
    """

    KEEP = auto()
    MOVE = auto()
    WAIT = auto()
    MISSED = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Since when the event is missed and asked about, and when the call was last changed by us."""

    missing_since: datetime | None
    asked_at: datetime | None
    changed_at: datetime


def decide(finding: Finding, doubt: Doubt, looked_at: datetime | None) -> Outcome:
    """What to do about one event; ``looked_at`` is when the last complete look at all calendars began.

    A look that began before our own last change proves nothing about what came of it.
    """
    if finding.is_off:
        if doubt.asked_at is not None or looked_at is None or looked_at < doubt.changed_at:
            return Outcome.WAIT
        if doubt.missing_since is None:
            return Outcome.MISSED
        return Outcome.GONE if is_certain(doubt.missing_since, looked_at) else Outcome.WAIT
    if Change.MOVED not in finding.changes:
        return Outcome.KEEP
    # Asked about together with many others: it waits for the answer.
    return Outcome.MOVE if doubt.asked_at is None else Outcome.WAIT


def are_too_many(moved: int) -> bool:
    """Whether so many calls moved between two looks that their specialist is asked instead of believed."""
    return moved > _MOVED_BY_HAND


def rules_for_specialists(rules: SlotRules) -> SlotRules:
    """What a time must meet that a specialist chose in their own calendar.

    It lies ahead, inside the service window and free; their hours, notice, grid and caps are for customers,
    and buffers towards their own appointments are theirs to give up.
    """
    return replace(
        rules,
        grid=timedelta(seconds=1),
        buffer_before=_NONE,
        buffer_after=_NONE,
        notice=_NONE,
        horizon=_ANY_DAY,
        daily_cap=_NO_CAP,
    )


def wrong_length(span: Interval, rules: SlotRules) -> bool:
    """Whether the event does not last as long as the call was booked for."""
    return span.length != rules.length
