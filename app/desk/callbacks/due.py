"""By when somebody is rung, and from when on: business time at ours, and no nights at theirs.

A *night* is from 21:00 to 8:00 on the clock of whoever is rung. All moments are aware UTC.
"""

from datetime import datetime, time, timedelta

from app.desk.hours import BusinessHours, later, next_opening
from app.lib.zones import local, to_utc

# Who names a time is rung within so much after it.
AFTER_WISH = timedelta(minutes=30)
WARNED_BEFORE = timedelta(minutes=15)
_MORNING, _EVENING = time(8), time(21)
_DAY = timedelta(days=1)
_DAYS_TRIED = 3


def due_at(
    hours: BusinessHours, policy: timedelta, asked_at: datetime, wished_at: datetime | None, zone: str
) -> datetime:
    """When a callback is due that was asked for then; ``zone`` is that of whoever is rung, '' when unknown.

    By policy: so much business time after it was asked, from the next opening when that was out of hours. A
    wish for a later time is kept to the half hour after it. Unless they wish it nobody is promised a call in
    their night: where the policy ends in one, it counts from the first business time of their next day.
    """
    due = later(hours, asked_at, policy)
    if wished_at is not None:
        grace = AFTER_WISH if can_wish(hours, wished_at) else policy
        by_wish = later(hours, wished_at, grace)
        if by_wish >= due:
            return by_wish
    if not zone or not is_night(due, zone):
        return due
    opening = due
    for _try in range(_DAYS_TRIED):
        opening = next_opening(hours, max(opening, night_ends(opening, zone)))
        if not is_night(opening, zone):
            return later(hours, opening, policy)
    # Our hours lie in their nights altogether.
    return due


def can_wish(hours: BusinessHours, moment: datetime) -> bool:
    """Whether somebody can be rung in the half hour from a moment on."""
    return later(hours, moment, AFTER_WISH) == moment + AFTER_WISH


def not_before(now: datetime, due: datetime, wished_at: datetime | None, zone: str) -> datetime | None:
    """When to ring at the earliest, if that is not yet: the time that was wished, or when their night ends.

    A night that lasts until after the due moment puts nothing off: who was promised a call in it gets it.
    """
    if wished_at is not None and wished_at > now:
        return wished_at
    if wished_at is not None and now <= wished_at + AFTER_WISH:
        return None
    if zone and is_night(now, zone) and night_ends(now, zone) < due:
        return night_ends(now, zone)
    return None


def is_night(moment: datetime, zone: str) -> bool:
    """Whether nobody is to be rung at this moment on their clock."""
    return not _MORNING <= local(moment, zone).time() < _EVENING


def night_ends(moment: datetime, zone: str) -> datetime:
    """When the night is over in which the moment lies; the moment itself by day."""
    there = local(moment, zone)
    if not is_night(moment, zone):
        return moment
    day = there.date() if there.time() < _MORNING else there.date() + _DAY
    return to_utc(day, _MORNING, zone)
