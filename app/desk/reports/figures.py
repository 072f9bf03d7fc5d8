"""How the clocks of a month's requests were kept: counts and times, by severity and clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.desk.requests.values import ClockName

MEDIAN, MOST = 50, 90


class Outcome(StrEnum):
    """How a clock stands: ``running`` may still be kept, ``not_needed`` ended with the request before."""

    KEPT = "kept"
    MISSED = "missed"
    RUNNING = "running"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Measured:
    """A clock and how it was kept; ``time`` is how much of its own time it took to be met, if it was."""

    severity: int
    clock: ClockName
    outcome: Outcome
    time: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One severity's clock over a month; no times when none was met."""

    severity: int
    clock: ClockName
    kept: int
    missed: int
    running: int
    not_needed: int
    median: timedelta | None
    most: timedelta | None


def outcome(
    due_at: datetime, met_at: datetime | None, stopped_at: datetime | None, *, is_solved: bool, now: datetime
) -> Outcome:
    """How a clock stands at ``now``; ``stopped_at`` is when it came to stand still without being met."""
    if (met_at or stopped_at or now) > due_at:
        return Outcome.MISSED
    if met_at is not None:
        return Outcome.KEPT
    return Outcome.NOT_NEEDED if is_solved else Outcome.RUNNING


def figures(measured: Iterable[Measured]) -> tuple[Figures, ...]:
    """The figures of every severity and clock that there are, the most severe first, first answers first."""
    groups: dict[tuple[int, ClockName], list[Measured]] = {}
    for item in measured:
        groups.setdefault((item.severity, item.clock), []).append(item)
    return tuple(_figures(severity, clock, groups[severity, clock]) for severity, clock in sorted(groups))


def nearest_rank(times: Sequence[timedelta], percent: int) -> timedelta | None:
    """The smallest of the times that at least so many per cent of them do not exceed; None for no times."""
    rank = -(-len(times) * percent // 100)
    return sorted(times)[rank - 1] if times else None


def _figures(severity: int, clock: ClockName, items: Sequence[Measured]) -> Figures:
    times = [item.time for item in items if item.time is not None]
    count = {which: sum(item.outcome is which for item in items) for which in Outcome}
    return Figures(
        severity=severity,
        clock=clock,
        kept=count[Outcome.KEPT],
        missed=count[Outcome.MISSED],
        running=count[Outcome.RUNNING],
        not_needed=count[Outcome.NOT_NEEDED],
        median=nearest_rank(times, MEDIAN),
        most=nearest_rank(times, MOST),
    )
