"""Clients of a real server that behave as other servers do."""

from collections.abc import Callable
from typing import Any

from app.calendars.errors import CalendarTrouble
from app.calendars.server.client import CalDavClient
from tests.booking.core.office import WORK, Office


class OddClient:
    """A client in which one method is another's; everything else is passed on."""

    def __init__(self, client: CalDavClient, **methods: Callable[..., Any]) -> None:
        self._client, self._methods = client, methods

    def __getattr__(self, name: str) -> Any:
        if name in self._methods:
            return lambda *args, **named: self._methods[name](self._client, *args, **named)
        return getattr(self._client, name)


def refuses(trouble: CalendarTrouble) -> Callable[..., str]:
    """A put that is always refused."""

    def put(_client: CalDavClient, _href: str, _text: str, *, etag: str | None) -> str:
        raise trouble

    return put


def renames(client: CalDavClient, _href: str, text: str, *, etag: str | None) -> str:
    """A put that stores what is new under an href of the server's own (Zimbra)."""
    client.put(f"{WORK}chosen-by-server.ics", text, etag=etag)
    return ""


def ignores_conditions(office: Office) -> Callable[..., str]:
    """A put that overwrites whatever stands there (SOGo)."""

    def put(_client: CalDavClient, href: str, text: str, *, etag: str | None) -> str:
        return office.radicale.put(href, text)

    return put


def is_always_overtaken(office: Office, puts: list[str]) -> Callable[..., str]:
    """A put before which somebody else changes the object, each time."""

    def put(client: CalDavClient, href: str, text: str, *, etag: str | None) -> str:
        puts.append(href)
        there = office.radicale.get(href)
        office.radicale.put(href, there.replace("SUMMARY:", f"SUMMARY:{len(puts)} "))
        return client.put(href, text, etag=etag)

    return put
