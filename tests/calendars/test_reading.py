"""One calendar's look, with a server in memory; and what happens to an event that moves during it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.errors import BadAnswer, CalendarTrouble, NotReached, TokenRefused
from app.calendars.service import choose, objects_with_uid
from app.calendars.syncing.jobs_look import Look
from app.calendars.syncing.looking import WRITTEN, Mark
from app.calendars.syncing.reading import Batch, fetch_objects, read_calendar
from app.calendars.syncing.service_replica import apply_changes
from app.calendars.values import Discovery, Fetched
from app.config import Settings
from app.lib.db import write
from tests.calendars.world import NOW, WORK, Connected, account_row, connect_sam, ics
from tests.fakes.calendar_server import FakeCalendarServer

LATER = ("20261124T110000Z", "20261124T120000Z")
A = WORK + "a.ics"
PRIVATE = "/sam/private/"


@pytest.fixture
def server() -> FakeCalendarServer:
    fake = FakeCalendarServer()
    fake.make_calendar(WORK, "Work")
    return fake


class Kept:
    """A replica that holds these ETags."""

    def __init__(self, etags: Mapping[str, str] | None = None) -> None:
        self.etags = dict(etags or {})
        self.asked: list[str] = []

    def count(self) -> int:
        self.asked.append("count")
        return len(self.etags)

    def all(self) -> Mapping[str, str]:
        self.asked.append("all")
        return self.etags

    def of(self, hrefs: Sequence[str]) -> Mapping[str, str]:
        self.asked.append("of")
        return {href: self.etags[href] for href in hrefs if href in self.etags}


def known(server: FakeCalendarServer) -> Mapping[str, str]:
    return {item.href: item.etag for item in server.calendars[WORK].values()}


def test_nothing_known_is_read_when_nothing_changed(server: FakeCalendarServer) -> None:
    mark = read_calendar(server, WORK, Mark(None, None, None), Kept(), NOW).mark
    server.calls.clear()
    kept = Kept()
    assert read_calendar(server, WORK, mark, kept, NOW).mark == mark
    assert (server.calls, kept.asked) == (["sync"], [])


def test_for_one_change_not_everything_known_is_read(server: FakeCalendarServer) -> None:
    for number in range(5):
        server.store(f"{WORK}{number}.ics", ics(str(number)))
    mark = read_calendar(server, WORK, Mark(None, None, None), Kept(), NOW).mark
    kept = Kept(known(server))
    server.store(A, ics("a"))
    assert read_calendar(server, WORK, mark, kept, NOW).fetch == (A,)
    assert "all" not in kept.asked


def test_without_sync_collection_the_ctag_is_enough(server: FakeCalendarServer) -> None:
    server.store(A, ics("a"))
    mark = Mark(None, server.ctag(WORK), NOW)
    server.calls.clear()
    assert read_calendar(server, WORK, mark, Kept(), NOW).fetch == ()
    assert server.calls == ["ctag"]
    server.store(A, ics("a", *LATER))
    server.failures["sync"] = [TokenRefused("token")]
    assert read_calendar(server, WORK, mark, Kept(), NOW).fetch == (A,)


def fetched(server: FakeCalendarServer, mark: Mark | None = None) -> list[Batch]:
    reading = read_calendar(server, WORK, mark or Mark(None, None, None), Kept(known(server)), NOW)
    return list(fetch_objects(server, WORK, replace(reading, fetch=tuple(known(server)))))


def test_an_object_that_multiget_leaves_out_is_asked_for_alone(
    server: FakeCalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.store(A, ics("a"))
    monkeypatch.setattr(server, "multiget", lambda *_: [])
    (batch,) = fetched(server)
    assert [item.href for item in batch.fetched] == [A]


def test_a_look_that_breaks_off_gives_nothing(server: FakeCalendarServer) -> None:
    server.store(A, ics("a"))
    server.failures["multiget"] = [NotReached("reset")]
    with pytest.raises(NotReached):
        fetched(server)


class BadObjects(FakeCalendarServer):
    """Fails every question that includes one of the ``bad`` objects, as Xandikos does (measured)."""

    bad: frozenset[str] = frozenset()

    def multiget(self, href: str, hrefs: Sequence[str]) -> list[Fetched]:
        if self.bad & set(hrefs):
            self.calls.append("multiget")
            raise NotReached("status_500")
        return super().multiget(href, hrefs)

    def get(self, href: str) -> Fetched | None:
        if href in self.bad:
            raise BadAnswer("unreadable")
        return super().get(href)


def many(count: int) -> BadObjects:
    server = BadObjects()
    server.make_calendar(WORK, "Work")
    for number in range(count):
        server.store(f"{WORK}{number}.ics", ics(str(number)))
    return server


def test_one_object_that_cannot_be_given_stops_none_of_the_others() -> None:
    server = many(50)
    server.bad = frozenset({WORK + "41.ics"})
    (batch,) = fetched(server)
    assert (len(batch.fetched), batch.refused, batch.removed) == (49, (WORK + "41.ics",), ())
    assert server.calls.count("multiget") < 20


def test_a_server_that_gives_nothing_is_in_trouble_itself() -> None:
    server = many(60)
    server.bad = frozenset(known(server))
    with pytest.raises(CalendarTrouble):
        fetched(server)
    assert server.calls.count("multiget") < 20


def test_a_change_of_ours_that_was_taken_back_is_seen(server: FakeCalendarServer) -> None:
    server.store(A, ics("a"))
    before = read_calendar(server, WORK, Mark(None, None, None), Kept(), NOW).mark
    ours = Kept({A: '"ours"'})
    assert read_calendar(server, WORK, before, ours, NOW).fetch == ()
    assert read_calendar(server, WORK, replace(before, ctag=WRITTEN), ours, NOW).fetch == (A,)


class MovesMeanwhile(FakeCalendarServer):
    """Somebody moves the event a from the second calendar to the first, between our looks at the two."""

    is_moving = False

    def discover(self) -> Discovery:
        return Discovery((), (), ())

    def close(self) -> None:
        pass

    def sync(self, href: str, token: str) -> Any:
        if href == PRIVATE and self.is_moving:
            self.is_moving = False
            self.delete(PRIVATE + "a.ics", None)
            self.store(A, ics("a"))
        return super().sync(href, token)


class LookAt(Look):
    """A look at a server in memory."""

    server: MovesMeanwhile

    @contextmanager
    def _client(self) -> Iterator[Any]:
        yield self.server


def take_in(session: Session, settings: Settings, sam: Connected, server: MovesMeanwhile) -> Look:
    account = queries.account_row(session, sam.account_id)
    assert account is not None
    look = LookAt(session, settings, account, NOW)
    look.server = server
    look.run()
    session.rollback()
    assert write(session, [sam.person_id], lambda writer: apply_changes(writer, account, look.changes))
    return look


@pytest.fixture
def moving(session: Session, settings: Settings) -> tuple[Connected, MovesMeanwhile]:
    sam = connect_sam(session, settings, settings.caldav_allowed_origins[0] + "/sam/", hours=False)
    choose(session, account_row(session, sam), {WORK: "busy", PRIVATE: "busy"}, WORK)
    session.commit()
    server = MovesMeanwhile()
    server.make_calendar(WORK, "Work")
    server.make_calendar(PRIVATE, "Private")
    server.store(PRIVATE + "a.ics", ics("a"))
    assert take_in(session, settings, sam, server).trouble is None
    return sam, server


def test_an_event_that_moves_between_our_looks_is_never_lost(
    session: Session, settings: Settings, moving: tuple[Connected, MovesMeanwhile]
) -> None:
    sam, server = moving
    server.is_moving = True
    take_in(session, settings, sam, server)
    assert [item.href for item in objects_with_uid(session, sam.person_id, "a")] == [A]


def test_nothing_is_removed_while_another_calendar_cannot_be_read(
    session: Session, settings: Settings, moving: tuple[Connected, MovesMeanwhile]
) -> None:
    sam, server = moving
    server.delete(PRIVATE + "a.ics", None)
    server.failures["sync"] = [BadAnswer("unreadable")]
    assert take_in(session, settings, sam, server).trouble is not None
    assert len(objects_with_uid(session, sam.person_id, "a")) == 1
