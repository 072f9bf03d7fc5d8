"""What every play of calls' lives begins with: the cast, two calendar servers, and a database to copy."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.config import Settings
from app.jobs.client import client_of
from tests.booking.life.model import Model
from tests.booking.life.stage import Stage
from tests.calendars.world import HOURS, WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer
from tests.support.databases import make_engine
from tests.world import World, build_world

# Friday 29 October 2027, 8:00 in Bratislava: the clocks change on Sunday, Monday is a holiday there.
NOW = datetime(2027, 10, 29, 6, 0, tzinfo=UTC)
OWNERS = ("sam", "lev")
# The opening with nothing but the cast.
NOTHING = "nothing"


@dataclass(frozen=True)
class Opening:
    """How a play can begin: the database, when, what stands on the servers, and the model of it all."""

    url: str
    now: datetime
    servers: Mapping[str, dict[str, Any]]
    model: Model


@dataclass(frozen=True)
class Ground:
    """``servers`` are those of Sam and of the senior Lev, by their names.

    ``copy`` gives another database like one, and ``drop`` removes one.
    """

    settings: Settings
    world: World
    servers: Mapping[str, FakeCalendarServer]
    openings: dict[str, Opening]
    copy: Callable[[str], str]
    drop: Callable[[str], None]

    @contextmanager
    def stage(self, opening: str, keep_as: str = "") -> Iterator[tuple[Stage, Model]]:
        """A play of its own; with ``keep_as`` others can begin where it ends, unless it fails."""
        begins = self.openings[opening]
        for name, server in self.servers.items():
            server.__dict__.update(deepcopy(begins.servers[name]))
        url, model = self.copy(begins.url), deepcopy(begins.model)
        engine = make_engine(url)
        is_whole = False
        try:
            with Session(engine) as session, _surprises() as surprises:
                people = {getattr(self.world, name).id: server for name, server in self.servers.items()}
                rest: dict[str, Any] = {"servers": people, "surprises": surprises}
                # The keys of requests go on from those that led here.
                rest["_keys"] = count(1000 * list(self.openings).index(opening))
                stage = Stage(session, self.settings, self.world, begins.now, **rest)
                yield stage, model
            is_whole = True
        finally:
            client_of(Session(engine)).destroy()
            engine.dispose()
            if keep_as and is_whole:
                self.openings[keep_as] = Opening(url, stage.now, _state(self.servers), model)
            else:
                self.drop(url)


@contextmanager
def _surprises() -> Iterator[list[str]]:
    """What is logged as an error: passes go on after one, and nobody else would hear of it here."""
    found: list[str] = []

    class _Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    keeper, log = _Keeper(logging.ERROR), logging.getLogger("app")
    log.addHandler(keeper)
    try:
        yield found
    finally:
        log.removeHandler(keeper)


def lay(
    url: str,
    settings: Settings,
    servers: Mapping[str, tuple[FakeCalendarServer, str]],
    copy: Callable[[str], str],
    drop: Callable[[str], None],
) -> Ground:
    """The cast in a database, and the calendars of both, connected and read: 6:00 to 18:00 UTC.

    ``servers`` have their origins beside them; on both the calendars have the same addresses.
    """
    engine = make_engine(url)
    with Session(engine) as session:
        world = build_world(session, NOW)
        for name, (server, origin) in servers.items():
            _furnish(server)
            person = getattr(world, name).id
            account = connect(session, NOW, settings, person, f"{origin}/sam/", "sam", "sam-secret")
            choose(session, account, {WORK: "busy", HOURS: "working_hours"}, WORK)
            session.commit()
            sync_person(session, settings, NOW, person)
    engine.dispose()
    fakes = {name: server for name, (server, _) in servers.items()}
    return Ground(settings, world, fakes, {NOTHING: Opening(url, NOW, _state(fakes), Model())}, copy, drop)


def _state(servers: Mapping[str, FakeCalendarServer]) -> dict[str, dict[str, Any]]:
    return {name: deepcopy(server.__dict__) for name, server in servers.items()}


def _furnish(server: FakeCalendarServer) -> None:
    server.make_calendar(WORK, "Work")
    server.make_calendar(HOURS, "Hours")
    hours = ics("hours", "20271018T060000Z", "20271018T180000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    server.store(f"{HOURS}hours.ics", hours)
    # A calendar that is emptied altogether is not believed; that is another play.
    server.store(f"{WORK}long-ago.ics", ics("long-ago", "20270105T090000Z", "20270105T100000Z"))
