"""A feed: many entries as one calendar that clients fetch again and again."""

from collections.abc import Sequence
from functools import lru_cache

import icalendar

from app.ical.event import CalendarEvent, vevent
from app.ical.writing import add_text, new_calendar, to_bytes
from app.ical.zones import utc_timezone

_REFRESH = "PT1H"
_END = b"END:VCALENDAR\r\n"


def compose_feed(title: str, events: Sequence[CalendarEvent], *, description: str = "") -> bytes:
    """The same bytes for the same values in any order, so that a version of these values is one of the bytes.

    No METHOD, no ATTENDEE, no CONTACT: no guest's address leaves. Cancelled bookings are for the caller to
    leave out. NAME and REFRESH-INTERVAL by RFC 7986; X-PUBLISHED-TTL is Outlook's word for the latter.
    """
    calendar = new_calendar()
    for name in ("NAME", "X-WR-CALNAME"):
        add_text(calendar, name, title)
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        add_text(calendar, name, description)
    refresh = icalendar.vText(_REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("REFRESH-INTERVAL", refresh)
    calendar.add("X-PUBLISHED-TTL", icalendar.vText(_REFRESH))
    if not events:
        # A calendar with nothing in it is invalid (RFC 5545, 3.6), and some clients say so.
        calendar.add_component(utc_timezone())
    ordered = sorted(events, key=lambda item: (item.starts_at, item.uid))
    return b"".join([to_bytes(calendar).removesuffix(_END), *map(_entry, ordered), _END])


# Of a feed that changed, nearly all entries are those of the last time; writing one takes 0.2 ms.
@lru_cache(maxsize=8192)
def _entry(event: CalendarEvent) -> bytes:
    component = vevent(event)
    component.add("STATUS", "CONFIRMED")
    return bytes(component.to_ical(sorted=True))
