"""Why the days of a shown week have no times, whoever they are with."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.guards import current_settings
from app.availability import service as availability
from app.availability.errors import CalendarAway
from app.availability.slots import Reason, starts_in
from app.booking.closed_days import closed_days, days_in_window
from app.booking.in_words import Reader, first_name
from app.booking.values import OpenTimes, Share
from app.lib.db import db
from app.lib.intervals import Interval

Judged = Sequence[tuple[datetime, Reason | None]]


def closed_on(found: OpenTimes, week: Interval, now: datetime, whose: Reader) -> dict[date, str]:
    """Why the days of a week without free times have none; nothing when the calendar is away."""
    days: dict[date, str] = {}
    judged: dict[int, Judged] = {}
    for share in found.shares:
        start, end = max(week.start, now, share.span.start), min(week.end, share.span.end)
        if start >= end:
            continue
        if share.is_nobodys:
            days |= _nobodys(share, Interval(start, end), whose)
            continue
        # Everybody once, over the whole week, of which their own days are shown.
        person = share.specialist.user_id
        if person not in judged:
            ahead = Interval(max(week.start, now), week.end)
            judged[person] = _judged(share, found.last_day, ahead, now)
        own = [(at, reason) for at, reason in judged[person] if start <= at < end]
        days |= _in_words(own, share, week, whose)
    return days


def _nobodys(share: Share, span: Interval, whose: Reader) -> dict[date, str]:
    starts = starts_in(span, share.rules, whose.service_zone)
    words = _("%(name)s is away, nobody stands in", name=first_name(share.specialist.name))
    return dict.fromkeys(days_in_window(starts, whose, current_settings().service_window), words)


def _judged(share: Share, last_day: date | None, span: Interval, now: datetime) -> Judged:
    """Nothing while the calendar cannot be read."""
    try:
        return availability.judge_starts(
            db.session(), now, current_settings(), share.specialist, share.rules, span, last_day=last_day
        )
    except CalendarAway:
        return []


def _in_words(judged: Judged, share: Share, week: Interval, whose: Reader) -> dict[date, str]:
    specialist, settings = share.specialist, current_settings()
    zone = settings.service_time_zone
    names = availability.holidays_of(db.session(), specialist, week, zone, whose.language)
    return closed_days(judged, names, whose, first_name(specialist.name), settings.service_window)
