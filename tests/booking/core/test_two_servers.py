"""A specialist with two servers on which the calendars have equal addresses, as two Nextclouds have."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.jobs import sync_person
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.service import choose, connect, remove_account
from app.config import Settings
from tests.booking.core.office import WORK, Office, open_office, row_of, text_of, two_starts
from tests.support.radicale import Radicale, password, running_radicale

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def _other_server() -> Iterator[Radicale]:
    with running_radicale() as server:
        yield server


@pytest.fixture
def other(_other_server: Radicale) -> Radicale:
    """Another server with the same user and the same paths."""
    _other_server.reset()
    return _other_server


@pytest.fixture
def settings(make_settings: Callable[..., Settings], radicale: Radicale, other: Radicale) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=f"{radicale.url},{other.url}")


@pytest.fixture
def office(session: Session, settings: Settings, radicale: Radicale, other: Radicale) -> Office:
    """Hours and appointments on the first server, calls on the second, both in ``/sam/work/``."""
    office = open_office(session, settings, radicale)
    other.make_calendar("sam", "work")
    account = connect(session, office.now, settings, office.world.sam.id, other.home("sam"), "sam", secret())
    choose(session, account, {WORK: "busy"}, WORK)
    session.commit()
    sync_person(session, settings, office.now, office.world.sam.id)
    office.radicale = other
    return office


def secret() -> str:
    return password("sam")


def calendar_on(office: Office, server: Radicale) -> int:
    wanted = (
        select(Calendar.id)
        .join(CalendarAccount)
        .where(CalendarAccount.url == server.home("sam"), Calendar.href == WORK)
    )
    return office.session.scalars(wanted).one()


def test_a_call_is_written_followed_and_taken_out_on_its_own_server(
    office: Office, radicale: Radicale, other: Radicale
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    assert (radicale.paths(WORK), other.paths(WORK)) == ([], [f"{WORK}{call.uid}.ics"])
    assert row_of(office, call).calendar_id == calendar_on(office, other)
    office.drag(call, later)
    office.look()
    office.work(call)
    assert office.now_of(call).start == later and office.kinds() == ["followed vera"]
    office.cancel(office.world.vera.user, office.now_of(call))
    office.work(call)
    assert other.paths(WORK) == []


def test_the_same_path_on_the_other_server_is_a_copy(office: Office, radicale: Radicale) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    stamps = (f"{start:%Y%m%dT%H%M%SZ}", f"{later:%Y%m%dT%H%M%SZ}")
    ends = (f"{call.end:%Y%m%dT%H%M%SZ}", f"{later + call.length:%Y%m%dT%H%M%SZ}")
    radicale.put(f"{WORK}{call.uid}.ics", text_of(office, call).replace(*stamps).replace(*ends))
    office.look()
    office.look(60)
    assert (office.now_of(call).status, office.now_of(call).start) == ("confirmed", start)
    assert office.kinds() == []
    office.drag(call, start + HOUR)
    office.look()
    assert office.now_of(call).start == start + HOUR
    office.work(call)
    office.cancel(office.world.vera.user, office.now_of(call))
    office.work(call)
    assert (office.radicale.paths(WORK), radicale.paths(WORK)) == ([], [f"{WORK}{call.uid}.ics"])


def test_an_event_taken_to_the_same_path_on_the_other_server_is_adopted_there(
    office: Office, radicale: Radicale, other: Radicale
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    text = text_of(office, call)
    office.take_out(call)
    radicale.put(f"{WORK}{call.uid}.ics", text)
    office.look()
    office.look(60)
    assert office.now_of(call).status == "confirmed"
    assert row_of(office, call).calendar_id == calendar_on(office, radicale)
    office.move(office.world.vera.user, office.now_of(call), later)
    office.work(call)
    assert other.paths(WORK) == []
    assert f"{later:%Y%m%dT%H%M%SZ}" in radicale.get(f"{WORK}{call.uid}.ics")


def test_a_server_that_is_let_go_cancels_nothing_though_the_other_has_that_path(
    office: Office, radicale: Radicale, other: Radicale
) -> None:
    call = office.booked(two_starts(office)[0])
    first = office.session.scalars(
        select(CalendarAccount).where(CalendarAccount.url == radicale.home("sam"))
    ).one()
    second = row_of(office, call).calendar_id
    account_id = office.session.get_one(Calendar, second).account_id
    remove_account(office.session, office.now, office.world.sam.id, account_id)
    choose(office.session, first, {WORK: "busy", "/sam/hours/": "working_hours"}, WORK)
    office.session.commit()
    for _ in range(3):
        office.look(60)
    office.work(call)
    office.look(60)
    office.look(60)
    assert (office.now_of(call).status, office.kinds()) == ("confirmed", [])
    assert radicale.paths(WORK) == [f"{WORK}{call.uid}.ics"]
    assert row_of(office, call).calendar_id == calendar_on(office, radicale)
