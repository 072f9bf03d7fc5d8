"""Why the days of a shown week have no times, whoever they are with."""

from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.guards import current_settings
from app.availability import service as availability
from app.availability.errors import CalendarAway
from app.availability.holidays import holiday_names
from app.availability.slots import starts_in
from app.booking.closed_days import closed_days, days_in_window
from app.booking.in_words import Reader, first_name
from app.booking.values import OpenTimes, Share
from app.lib.db import db
from app.lib.intervals import Interval


def closed_on(found: OpenTimes, week: Interval, now: datetime, whose: Reader) -> dict[date, str]:
    """Why the days of a week without free times have none; nothing when the calendar is away."""
    days: dict[date, str] = {}
    for share in found.shares:
        start, end = max(week.start, now, share.span.start), min(week.end, share.span.end)
        if start < end:
            days |= _closed_of(share, found.last_day, Interval(start, end), now, whose)
    return days


def _closed_of(
    share: Share, last_day: date | None, span: Interval, now: datetime, whose: Reader
) -> dict[date, str]:
    """The same for the days of one person."""
    specialist, name = share.specialist, first_name(share.specialist.name)
    if share.is_nobodys:
        starts = starts_in(span, share.rules, whose.service_zone)
        return dict.fromkeys(
            days_in_window(starts, whose), _("%(name)s is away, nobody stands in", name=name)
        )
    settings = current_settings()
    try:
        judged = availability.judge_starts(
            db.session(), now, settings, specialist, share.rules, span, last_day=last_day
        )
    except CalendarAway:
        return {}
    names = holiday_names(specialist.country, {span.start.year, span.end.year}, whose.language)
    return closed_days(judged, names, whose, name)
