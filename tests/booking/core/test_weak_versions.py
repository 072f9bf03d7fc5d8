"""Calls on servers whose ETags cannot guard a write: weak ones (a proxy that compresses), or none at all."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.booking.following import queries
from app.config import Settings
from tests.booking.core.office import WORK, Office, open_office, two_starts
from tests.support.radicale import Radicale
from tests.support.tools.faultproxy import FaultProxyThread

HOUR = timedelta(hours=1)


@pytest.fixture
def proxy(radicale: Radicale) -> Iterator[FaultProxyThread]:
    with FaultProxyThread(radicale.url) as proxy:
        yield proxy


@pytest.fixture
def settings(make_settings: Callable[..., Settings], proxy: FaultProxyThread) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=proxy.url)


@pytest.fixture(params=["weak", "drop"])
def office(
    request: pytest.FixtureRequest,
    session: Session,
    settings: Settings,
    radicale: Radicale,
    proxy: FaultProxyThread,
) -> Office:
    """Sam's server gives weak ETags, or none."""
    proxy.add(fault="etag", how=request.param)
    return open_office(session, settings, radicale, proxy.url)


def test_a_call_is_booked_moved_and_cancelled_without_a_precondition(
    office: Office, proxy: FaultProxyThread
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    assert office.now_of(call).status == "confirmed"
    office.move(office.world.vera.user, call, later)
    office.work(call)
    assert (office.now_of(call).start, [event.start for event in office.events()]) == (later, [later])
    office.cancel(office.world.vera.user, office.now_of(call))
    office.work(call)
    assert office.events() == [] and office.kinds() == ["updated vera", "cancelled vera"]
    writes = [entry for entry in proxy.log() if entry["method"] in {"PUT", "DELETE"}]
    assert len(writes) == 3 and not any("If-Match" in entry["headers"] for entry in writes)


def test_a_specialists_move_is_followed_and_written_once(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    office.look()
    office.work(call)
    assert office.now_of(call).start == later and office.kinds() == ["followed vera"]
    (event,) = office.events()
    assert event.start == later and event["SEQUENCE"] == 1
    office.look()
    office.look()
    assert office.kinds() == ["followed vera"]


def test_a_specialists_move_that_came_first_is_not_written_over(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, start + HOUR)
    office.move(office.world.vera.user, call, later)
    office.work(call)
    assert [event.start for event in office.events()] == [start + HOUR]
    assert office.now_of(call).start == start + HOUR and office.kinds() == ["followed vera"]


def test_a_title_of_their_own_survives_a_move(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.edit(call, lambda text: text.replace("SUMMARY:Product", "SUMMARY:My product"))
    office.move(office.world.vera.user, call, later)
    office.work(call)
    (event,) = office.events()
    assert event.start == later and event["SUMMARY"].startswith("My product")


def test_an_event_that_nobody_touched_is_no_suspect(office: Office) -> None:
    office.booked(two_starts(office)[0])
    office.look()
    assert queries.suspects(office.session, office.now) == {}


def test_a_deleted_event_cancels_its_call(office: Office) -> None:
    call = office.booked(two_starts(office)[0])
    office.radicale.delete(f"{WORK}{call.uid}.ics")
    office.look()
    office.look(60)
    assert office.now_of(call).status == "cancelled" and office.kinds() == ["called_off vera"]
