"""Calls follow what is done to their events on other servers than the embedded one."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.config import Settings
from app.lib import clock
from tests.booking.core.office import Office, two_starts
from tests.calendars.world import ics
from tests.support.caldav_servers import CalDavServer, chosen_servers, running_server
from tests.world import build_world

pytestmark = pytest.mark.xdist_group("following-servers")

_NAMES = [name for name in chosen_servers(os.environ) if name != "radicale"]


@pytest.fixture(scope="module", params=_NAMES)
def dav(request: pytest.FixtureRequest) -> Iterator[CalDavServer]:
    with running_server(request.param) as server:
        yield server


@pytest.fixture
def settings(make_settings: Callable[..., Settings], dav: CalDavServer) -> Settings:
    extra = {"CALDAV_CA_FILE": dav.ca_file} if dav.ca_file else {}
    return make_settings(CALDAV_ALLOWED_ORIGINS=dav.origin, **extra)


@dataclass
class Phone:
    """Sam's calendar in another program: plain requests, past all code of ours."""

    dav: CalDavServer
    calendar: str

    def path(self, call: CallValue) -> str:
        return f"{self.calendar}{call.uid}.ics"

    def drag(self, call: CallValue, start: datetime) -> None:
        text = self.dav.request("GET", self.path(call)).text
        stamps = [f"{at:%Y%m%dT%H%M%SZ}" for at in (call.start, call.end, start, start + call.length)]
        moved = text.replace(stamps[0], stamps[2]).replace(stamps[1], stamps[3])
        assert moved != text
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        self.dav.request("PUT", self.path(call), moved, headers).raise_for_status()

    def take_out(self, call: CallValue) -> None:
        self.dav.request("DELETE", self.path(call)).raise_for_status()

    def text(self, call: CallValue) -> str:
        answer = self.dav.request("GET", self.path(call))
        return answer.text if answer.ok else ""


@pytest.fixture
def phone(dav: CalDavServer) -> Phone:
    return Phone(dav, dav.new_calendar())


@pytest.fixture
def office(session: Session, settings: Settings, dav: CalDavServer, phone: Phone) -> Office:
    now = clock.now().replace(microsecond=0)
    world, hours = build_world(session, now), dav.new_calendar("Hours")
    monday = (now - timedelta(days=now.weekday() + 7)).date()
    text = ics(
        "hours",
        f"{monday:%Y%m%d}T060000Z",
        f"{monday:%Y%m%d}T180000Z",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    )
    headers = {"Content-Type": "text/calendar; charset=utf-8"}
    dav.request("PUT", f"{hours}hours.ics", text, headers).raise_for_status()
    account = connect(session, now, settings, world.sam.id, dav.origin + dav.start, dav.user, dav.password)
    choose(session, account, {phone.calendar: "busy", hours: "working_hours"}, phone.calendar)
    session.commit()
    sync_person(session, settings, now, world.sam.id)
    return Office(session, settings, world, now)


def test_a_call_is_booked_follows_its_event_and_is_called_off_with_it(
    office: Office, phone: Phone, dav: CalDavServer
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    assert (office.now_of(call).status, office.kinds()) == ("confirmed", [])
    phone.drag(call, later)
    office.look()
    office.work(call)
    found = office.now_of(call)
    assert (found.status, found.start, found.sequence) == ("confirmed", later, 1)
    assert f"DTSTART:{later:%Y%m%dT%H%M%SZ}" in phone.text(call) and "SEQUENCE:1" in phone.text(call)
    office.look()
    assert office.kinds() == ["followed vera"]
    phone.take_out(call)
    office.look()
    assert office.now_of(call).status == "confirmed"
    office.look(60)
    office.work(call)
    assert office.now_of(call).status == "cancelled" and phone.text(call) == ""
    assert office.kinds() == ["followed vera", "called_off vera"]
    assert dav.mails() == []
