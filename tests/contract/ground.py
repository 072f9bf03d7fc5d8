"""Where a contract test stands: one calendar on one server, real, imitated or in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from app.calendars.syncing.looking import Mark
from app.calendars.syncing.picture import uid_of
from app.calendars.syncing.reading import fetch_objects, read_calendar
from app.calendars.values import CalendarServer, Fetched
from app.ical.edited import holds
from app.ical.event import CalendarEvent
from tests.calendars.world import NOW, ics
from tests.support.caldav_servers import CalDavServer


class Server(CalendarServer, Protocol):
    """A server on which calendars can be made as well."""

    def make_calendar(self, href: str, name: str) -> None:
        """An empty calendar."""


@dataclass
class Ground:
    """A server with an empty calendar ``work``; ``fact`` writes what was measured into the matrix."""

    server: Server
    work: str
    new_calendar: Callable[[], str]
    remove_calendar: Callable[[str], None]
    fact: Callable[[str, str], None]
    dav: CalDavServer | None = None
    mark: str = field(default_factory=lambda: uuid4().hex[:8])

    def href(self, name: str) -> str:
        """An address in the calendar."""
        return f"{self.work}{name}.ics"

    def ics(self, name: str, *rest: str) -> str:
        """One event whose UID no other test uses."""
        return ics(f"{name}-{self.mark}", *rest)

    def put(self, name: str, *rest: str) -> str:
        """Create such an event; its ETag as it stands there."""
        told = self.server.put(self.href(name), self.ics(name, *rest), etag=None)
        return told or self.standing(name).etag

    def standing(self, name: str) -> Fetched:
        """What stands there now."""
        found = self.server.get(self.href(name))
        assert found is not None
        return found

    def is_there(self, name: str) -> bool:
        """Whether anything stands there."""
        return self.server.get(self.href(name)) is not None


@dataclass
class MemoryReplica:
    """What repeated looks at a calendar leave behind, without a database."""

    server: CalendarServer
    href: str
    objects: dict[str, Fetched] = field(default_factory=dict)
    mark: Mark = field(default_factory=lambda: Mark(None, None, None))
    now: datetime = NOW

    def look(self, minutes: float = 1) -> None:
        """One look, so many minutes after the last one. Raises CalendarTrouble."""
        self.now += timedelta(minutes=minutes)
        reading = read_calendar(self.server, self.href, self.mark, self, self.now)
        for href in reading.removed:
            del self.objects[href]
        for batch in fetch_objects(self.server, self.href, reading):
            assert not batch.refused
            self.objects.update({item.href: item for item in batch.fetched})
            for href in batch.removed:
                del self.objects[href]
        self.mark = reading.mark

    def count(self) -> int:
        """How many objects there are."""
        return len(self.objects)

    def all(self) -> dict[str, str]:
        """The ETags of all objects."""
        return {href: item.etag for href, item in self.objects.items()}

    def of(self, hrefs: Sequence[str]) -> dict[str, str]:
        """The ETags of those of these objects that are there."""
        return {href: self.objects[href].etag for href in hrefs if href in self.objects}

    def uids(self) -> list[str]:
        """The UIDs of all objects, sorted."""
        return sorted(uid_of(item.text) for item in self.objects.values())


BOOKED_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def booking(uid: str, starts_at: datetime = BOOKED_AT, **changes: str) -> CalendarEvent:
    """A booking as we write it, with everything that a server might not keep."""
    texts = {
        "summary": "Цена, «скидка»; ü – Sam & Carl",
        "description": "First line\nsecond line, with a \\ and a very long text " + "ж" * 200,
        "location": "https://meet.example.com/abc?d=1&e=2",
        "contact": "Carl Customer, carl@customer.example",
    }
    return CalendarEvent(
        uid=uid,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        stamped_at=NOW,
        created_at=NOW,
        reference="booking-1",
        **{**texts, **changes},
    )


def is_ours(event: CalendarEvent) -> Callable[[str], bool]:
    """Recognises the event on a server that writes the bytes anew."""
    return lambda text: holds(text, event, "UTC")
