"""Where the life of calls is played at random: fresh databases, a fake calendar server, a moving clock."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.booking import jobs, queries
from app.booking.models import Booking
from app.booking.reminding.jobs import remind_pass
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.config import Settings
from app.jobs.client import client_of, live_keys
from app.lib.intervals import Interval
from tests.booking.core.desk import Desk
from tests.calendars.world import HOURS, WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer
from tests.support.databases import make_engine
from tests.world import World, build_world

# Friday 29 October 2027, 8:00 in Bratislava: the clocks change on Sunday, Monday is a holiday there.
NOW = datetime(2027, 10, 29, 6, 0, tzinfo=UTC)
# As deep as work enqueues work.
_ROUNDS = 10
_STAMP = re.compile(r"^(DTSTART|DTEND|SEQUENCE|UID):(.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Ground:
    """What every play begins with; ``copy`` gives a database with it and ``drop`` removes one."""

    settings: Settings
    world: World
    fake: FakeCalendarServer
    state: dict[str, Any]
    copy: Callable[[], str]
    drop: Callable[[str], None]

    @contextmanager
    def stage(self) -> Iterator["Stage"]:
        """A play of its own."""
        self.fake.__dict__.update(deepcopy(self.state))
        url = self.copy()
        engine = make_engine(url)
        try:
            with Session(engine) as session:
                yield Stage(session, self.settings, self.world, NOW, fake=self.fake)
        finally:
            client_of(Session(engine)).destroy()
            engine.dispose()
            self.drop(url)


@dataclass(frozen=True)
class Standing:
    """An object in Sam's calendar."""

    uid: str
    span: Interval
    sequence: int


@dataclass
class Stage(Desk):
    """A desk, the worker, and Sam's own hands in her calendar."""

    fake: FakeCalendarServer = None  # type: ignore[assignment]

    def calls(self) -> dict[int, CallValue]:
        """All calls as they are now, by id."""
        self.session.rollback()
        found = {call.id: call for call in queries.calls(self.session, order=Booking.id)}
        self.session.rollback()
        return found

    def standing(self) -> list[Standing]:
        """What stands in Sam's calendar on the server."""
        return [_read(item.text) for item in self.fake.calendars[WORK].values()]

    def appoint(self, name: str, span: Interval) -> None:
        """Sam's own appointment."""
        self.fake.store(f"{WORK}{name}.ics", ics(name, *_stamps(span)))

    def take_away(self, uid: str) -> None:
        """Sam deletes whatever has this UID."""
        for href in self._hrefs(uid):
            self.fake.delete(href, None)

    def drag(self, call: CallValue, start: datetime) -> None:
        """Sam moves a call's event."""
        for href in self._hrefs(call.uid):
            text = self.fake.calendars[WORK][href].text
            there = _read(text).span
            old, new = _stamps(there), _stamps(Interval(start, start + there.length))
            self.fake.store(
                href,
                text.replace(f"DTSTART:{old[0]}", f"DTSTART:{new[0]}").replace(
                    f"DTEND:{old[1]}", f"DTEND:{new[1]}"
                ),
            )

    def retitle(self, call: CallValue) -> None:
        """Sam gives a call's event a title of hers."""
        for href in self._hrefs(call.uid):
            text = self.fake.calendars[WORK][href].text
            self.fake.store(href, text.replace("SUMMARY:", "SUMMARY:! ", 1))

    def _hrefs(self, uid: str) -> list[str]:
        return [href for href, item in self.fake.calendars[WORK].items() if f"UID:{uid}" in item.text]

    def look(self) -> None:
        """The worker reads the calendar and follows what it finds."""
        sync_person(self.session, self.settings, self.now, self.world.sam.id)
        jobs.follow_pass(self.session, self.settings, self.now)

    def work(self) -> None:
        """The worker does all that is enqueued, and what comes of it."""
        for _ in range(_ROUNDS):
            keys = sorted(self.live())
            if not keys:
                return
            for booking_id in sorted({int(key.split(":")[1]) for key in keys}):
                assert self.write(booking_id) is None, "nothing keeps the calendar from answering"
            client_of(self.session).cancel_workflows(keys)
        raise AssertionError(f"the work never ends: {keys}")

    def write(self, booking_id: int) -> timedelta | None:
        """One attempt to bring the calendar to what a call says."""
        return jobs.write_booking(self.session, self.settings, booking_id, 0, lambda: self.now)

    def live(self) -> set[str]:
        """The keys of the work that waits."""
        keys = live_keys(self.session)
        self.session.rollback()
        return keys

    def passes(self) -> None:
        """The passes that only the clock calls for."""
        jobs.clash_pass(self.session, self.settings, self.now)
        remind_pass(self.session, self.settings, self.now)


def _stamps(span: Interval) -> tuple[str, str]:
    return f"{span.start:%Y%m%dT%H%M%SZ}", f"{span.end:%Y%m%dT%H%M%SZ}"


def _read(text: str) -> Standing:
    found = dict(_STAMP.findall(text))
    start, end = (
        datetime.strptime(found[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for name in ("DTSTART", "DTEND")
    )
    return Standing(found["UID"], Interval(start, end), int(found.get("SEQUENCE", 0)))


def lay(
    url: str,
    settings: Settings,
    fake: FakeCalendarServer,
    origin: str,
    copy: Callable[[], str],
    drop: Callable[[str], None],
) -> Ground:
    """The cast in a database, and Sam's calendars on the fake, connected and read: 6:00 to 18:00 UTC."""
    fake.make_calendar(WORK, "Work")
    fake.make_calendar(HOURS, "Hours")
    hours = ics("hours", "20271018T060000Z", "20271018T180000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    fake.store(f"{HOURS}hours.ics", hours)
    engine = make_engine(url)
    with Session(engine) as session:
        world = build_world(session, NOW)
        home = f"{origin}/sam/"
        account = connect(session, NOW, settings, world.sam.id, home, "sam", "sam-secret")
        choose(session, account, {WORK: "busy", HOURS: "working_hours"}, WORK)
        session.commit()
        sync_person(session, settings, NOW, world.sam.id)
    engine.dispose()
    return Ground(settings, replace(world), fake, deepcopy(fake.__dict__), copy, drop)
