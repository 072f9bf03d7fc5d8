"""Which reminder of a call is due.

"24 hours before" are hours that pass, counted in UTC: over the night on which the clocks change it is another
time of day (for a call at 10:00 on the Sunday in March, 9:00 on the Saturday).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta


def due(start: datetime, minutes: Iterable[int], since: datetime, now: datetime) -> int | None:
    """The reminder to send now, as one of ``minutes`` before ``start``; None when there is none.

    Of several whose moments have come since ``since`` only the newest: what a dead worker missed is not made
    up for one by one. Nothing from the start on.
    """
    if now >= start:
        return None
    return min((before for before in minutes if since <= _moment(start, before) <= now), default=None)


def ahead(start: datetime, minutes: Iterable[int], after: datetime) -> list[int]:
    """The reminders that are still to come after a moment, the earliest first.

    A call that is booked half an hour ahead is not announced a day before.
    """
    coming = {before for before in minutes if before > 0 and _moment(start, before) > after}
    return sorted(coming, reverse=True)


def following(start: datetime, minutes: Iterable[int], after: datetime) -> datetime | None:
    """The moment of the next reminder after a moment; None when none is left."""
    coming = ahead(start, minutes, after)
    return _moment(start, coming[0]) if coming else None


def _moment(start: datetime, before: int) -> datetime:
    return start - timedelta(minutes=before)
