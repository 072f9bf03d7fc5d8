"""Working hours as VAVAILABILITY objects of a calendar, on a server that takes them (Xandikos)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability import service_hours
from app.availability.hours_plan import left_alone, ranges_of
from app.availability.jobs import write_hours
from app.availability.models import HoursEdit
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect, picture
from app.config import Settings
from app.ical.availability_hours import read_availability, write_availability
from app.ical.hours import WeeklyRange
from app.lib import clock
from app.lib.db import write
from app.lib.zones import day_interval, local
from tests.availability.test_hours_sources import LONG, SHORT, ZONE, working_day
from tests.support.caldav_servers import CalDavServer, running_server
from tests.world import build_world

_MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"
><d:set><d:prop><d:displayname>Hours</d:displayname><c:supported-calendar-component-set
><c:comp name="VAVAILABILITY"/></c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"""


@pytest.fixture(scope="module")
def xandikos() -> Iterator[CalDavServer]:
    with running_server("xandikos") as server:
        yield server


class Ground:
    """Sam, whose hours are the objects of one calendar."""

    def __init__(self, session: Session, settings: Settings, server: CalDavServer) -> None:
        self.session, self.server = session, server
        allowed = (server.origin,)
        self.settings = replace(settings, caldav_allowed_origins=allowed, caldav_ca_file=server.ca_file)
        self.work = server.new_calendar("Work")
        self.hours = f"{server.home}{uuid4().hex}/"
        server.request("MKCALENDAR", self.hours, _MAKE).raise_for_status()
        self.sam: Any = build_world(session, clock.now()).sam
        url = server.origin + server.start
        account = connect(session, clock.now(), self.settings, self.sam.id, url, server.user, server.password)
        choose(session, account, {self.work: "busy", self.hours: "working_hours"}, self.work)
        session.commit()

    def put(self, name: str, text: str) -> None:
        """Another program writes an object."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        self.server.request("PUT", f"{self.hours}{name}.ics", text, headers).raise_for_status()

    def seen_elsewhere(self, name: str) -> tuple[WeeklyRange, ...]:
        found = read_availability(self.server.request("GET", f"{self.hours}{name}.ics").text, ZONE)
        return () if found is None else found.ranges

    def sync(self) -> None:
        sync_person(self.session, self.settings, clock.now(), self.sam.id)

    def working(self) -> list[str]:
        """The hours of a working day next week, like "09-17"."""
        view = picture(self.session, self.sam.id, day_interval(working_day(clock.now()), ZONE))
        self.session.rollback()
        assert view is not None
        return [f"{local(span.start, ZONE):%H}-{local(span.end, ZONE):%H}" for span in view.working]

    def existing(self) -> Any:
        return service_hours.current_hours(self.session, self.sam.id, ZONE)

    def save(self, ranges: list[WeeklyRange]) -> HoursEdit:
        existing = self.existing()
        write(
            self.session,
            [self.sam.id],
            lambda s: service_hours.save_week(s, clock.now(), self.sam.user, ranges, existing, "Hours"),
        )
        row = self.session.scalars(select(HoursEdit).order_by(HoursEdit.id.desc())).first()
        assert row is not None
        write_hours(self.session, self.settings, row.id, 0)
        self.session.expire_all()
        return row


@pytest.fixture
def ground(session: Session, settings: Settings, xandikos: CalDavServer) -> Ground:
    return Ground(session, settings, xandikos)


def week(ranges: list[WeeklyRange], uid: str = "week") -> str:
    return write_availability(uid, ranges, ZONE, date(2026, 1, 5), clock.now())


def a_day_out() -> str:
    """Above everything else, on the one day that these tests look at: no hours."""
    day = working_day(clock.now())
    start, end = (f"TZID={ZONE}:{one:%Y%m%d}T000000" for one in (day, day + timedelta(days=1)))
    bounds = [f"DTSTART;{start}", f"DTEND;{end}"]
    text = week([], "out")
    return text.replace("UID:out", "\r\n".join(["UID:out", "PRIORITY:1", "SUMMARY:Fair", *bounds]))


def test_objects_of_another_program_are_the_hours_and_are_changed_in_place(
    ground: Ground,
) -> None:
    ground.put("week", week(LONG))
    ground.sync()
    assert ground.working() == ["09-17"]
    assert ranges_of(ground.existing()) == tuple(LONG)
    assert ground.save(SHORT).state == "done"
    assert ground.seen_elsewhere("week") == tuple(SHORT)
    assert ground.working() == ["10-12"]
    ground.put("week", week(LONG))
    ground.sync()
    assert ground.working() == ["09-17"]


def test_an_object_of_higher_priority_rules_the_others_while_it_stands_there(ground: Ground) -> None:
    ground.put("week", week(LONG))
    ground.sync()
    ground.put("out", a_day_out())
    ground.sync()
    assert ground.working() == []
    assert [item.hours.summary for item in left_alone(ground.existing())] == ["Fair"]
    ground.server.request("DELETE", f"{ground.hours}out.ics").raise_for_status()
    ground.sync()
    assert ground.working() == ["09-17"]


def test_a_change_of_the_usual_week_leaves_a_higher_priority_in_force(ground: Ground) -> None:
    ground.put("week", week(LONG))
    ground.put("out", a_day_out())
    ground.sync()
    assert ground.save(SHORT).state == "done"
    assert ground.working() == []
