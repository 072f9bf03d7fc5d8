"""The event, the people and the moments that these tests share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.ical.event import CalendarEvent
from app.ical.people import Person
from app.lib.intervals import Interval

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = Interval(datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
SERVICE = Person("booking+7@attache.example", "Sam")
VERA = Person("vera@nordwind.example", "Vera Winter")


def an_event(**changes: Any) -> CalendarEvent:
    """A call of half an hour, with the changes wanted."""
    values: dict[str, Any] = {
        "uid": "6f0e7a1c-5f1f-4a55-9a0b-3f5d8f7d2a11",
        "starts_at": NINE,
        "ends_at": NINE + timedelta(minutes=30),
        "summary": "Product support: Nordwind",
        "description": "Topic: mail; import, export\nhttps://attache.example/bookings/7",
        "location": "https://meet.example/7",
        "url": "https://attache.example/bookings/7",
        "contact": "Vera Winter, +49 30 1234",
        "stamped_at": NOW,
        "created_at": NOW,
        "reference": "booking-7",
    }
    return CalendarEvent(**(values | changes))


def calendar(*lines: str) -> str:
    """A calendar around the lines of its events."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def event(*lines: str) -> str:
    """A calendar with one event of these lines."""
    return calendar("BEGIN:VEVENT", "UID:one", *lines, "END:VEVENT")


def lines_of(data: bytes) -> list[str]:
    """The unfolded lines of what we wrote."""
    return data.decode().replace("\r\n ", "").split("\r\n")
