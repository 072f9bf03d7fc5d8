"""Fills the demo's calendars on the embedded server, as any calendar client would."""

from collections.abc import Sequence
from contextlib import suppress

from app.calendars.errors import Changed
from app.calendars.server.client import CalDavClient, client_for
from app.calendars.server.writing import put_new
from app.config import Settings
from app.demo.calendars import DemoCalendar


def server_url(settings: Settings, name: str) -> str:
    """What this person would type to connect their calendars."""
    return f"http://127.0.0.1:{settings.caldav_port}/{name}/"


def href_of(name: str, calendar: DemoCalendar) -> str:
    """Where a demo calendar stands on the server."""
    return f"/{name}/{calendar.slug}/"


def fill(settings: Settings, name: str, password: str, calendars: Sequence[DemoCalendar]) -> None:
    """Make the calendars and objects that are missing; what stands there is left as it is.

    Raises CalendarTrouble when the server cannot be reached or does not do it.
    """
    client = client_for(settings, server_url(settings, name), name, password)
    try:
        for calendar in calendars:
            _fill_one(client, href_of(name, calendar), calendar)
    finally:
        client.close()


def _fill_one(client: CalDavClient, href: str, calendar: DemoCalendar) -> None:
    with suppress(Changed):
        client.make_calendar(href, calendar.name)
    there = client.etags(href).etags
    for file_name, text in calendar.objects.items():
        if href + file_name not in there:
            put_new(client, href + file_name, text, lambda _text: True)
