"""When there is something to tell of a clock: twice before it runs out, and when it has."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class News(StrEnum):
    """What is told: that a clock runs out soon, or that it was not met in time."""

    WARNING = "warning"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Watched:
    """What was told of a clock so far.

    ``share_at`` is when 75 % of it are over, ``minutes_at`` when 15 minutes are left. ``stopped_at`` is when
    it was met, or came to stand still; None while it runs.
    """

    due_at: datetime
    share_at: datetime
    minutes_at: datetime
    stopped_at: datetime | None = None
    is_share_told: bool = False
    is_minutes_told: bool = False
    is_breach_told: bool = False


def tell_at(clock: Watched) -> datetime | None:
    """When there is something to tell next; None for nothing more."""
    if clock.is_breach_told:
        return None
    if clock.stopped_at is not None:
        return clock.due_at if clock.stopped_at > clock.due_at else None
    moments = [clock.due_at]
    if not clock.is_share_told:
        moments.append(clock.share_at)
    if not clock.is_minutes_told:
        moments.append(clock.minutes_at)
    return min(moments)


def news(clock: Watched, now: datetime) -> News | None:
    """What is to be told now; of warnings whose moments have both come, one tells."""
    at = tell_at(clock)
    if at is None or at > now:
        return None
    if (clock.stopped_at or now) > clock.due_at:
        return News.BREACH
    # At the due moment itself it can still be met, and a warning would come too late.
    return News.WARNING if now < clock.due_at else None
