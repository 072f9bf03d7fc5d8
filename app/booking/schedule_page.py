"""A specialist's coming calls by day, in their own zone, with each customer's local time."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _

from app.availability.pages import CalendarState, Presence, ScheduleDay, ScheduledCall, SchedulePage
from app.booking.call_page import page_status, team
from app.booking.in_words import Reader
from app.booking.values import CallValue
from app.lib import wording
from app.lib.zones import local


def schedule_page(
    calls: Sequence[CallValue],
    reader: Reader,
    now: datetime,
    calendar: CalendarState,
    presence: Presence | None,
) -> SchedulePage:
    """The page; ``calls`` in order of start."""
    today = wording.local_date(now, reader.zone)
    by_day = groupby(calls, key=lambda call: wording.local_date(call.start, reader.zone))
    return SchedulePage(
        days=tuple(
            ScheduleDay(
                title=wording.day_short(day, reader.language),
                is_today=day == today,
                calls=tuple(_scheduled(call, reader) for call in group),
            )
            for day, group in by_day
        ),
        calendar=calendar,
        presence=presence,
        zone=wording.zone_name(now, reader.zone, reader.language),
    )


def _scheduled(call: CallValue, reader: Reader) -> ScheduledCall:
    return ScheduledCall(
        id=call.public_id,
        company=call.company_name,
        contact=call.contact_name,
        span=wording.span(call.span, reader.zone),
        theirs=_theirs(call, reader),
        call_type=call.call_type_name(reader.language),
        topic=call.topic,
        team=team(call),
        status="pending" if page_status(call) == "pending" else "confirmed",
    )


def _theirs(call: CallValue, reader: Reader) -> str:
    here, there = local(call.start, reader.zone), local(call.start, call.contact_time_zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    clock = wording.clock(call.start, call.contact_time_zone)
    if here.date() != there.date():
        clock = f"{wording.weekday_short(there.date(), reader.language)} {clock}"
    return _("%(time)s for them", time=clock)
