"""Hours on a server that tells no ETags: what was edited elsewhere is seen by what it says."""

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.availability.jobs import write_hours
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.config import Settings
from app.ical.hours import WeeklyRange
from app.ical.hours import write_hours as hours_text
from app.lib import clock
from tests.availability.test_write_hours import HOURS, SHORT, WEEK, ZONE, here, on_server, save, state
from tests.support.radicale import Radicale, password
from tests.support.tools.faultproxy import FaultProxyThread
from tests.world import build_world


@pytest.fixture
def proxy(radicale: Radicale) -> Iterator[FaultProxyThread]:
    with FaultProxyThread(radicale.url) as proxy:
        proxy.add(fault="etag", how="drop")
        yield proxy


@pytest.fixture
def settings(make_settings: Callable[..., Settings], proxy: FaultProxyThread) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=proxy.url)


@pytest.fixture
def sam(session: Session, settings: Settings, radicale: Radicale, proxy: FaultProxyThread) -> Any:
    now = clock.now()
    sam = build_world(session, now).sam
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours", "Working hours")
    radicale.put(f"{HOURS}week.ics", hours_text("week", WEEK, ZONE, date(2026, 1, 5), "Hours", now))
    account = connect(session, now, settings, sam.id, f"{proxy.url}/sam/", "sam", password("sam"))
    choose(session, account, {"/sam/work/": "busy", HOURS: "working_hours"}, "/sam/work/")
    session.commit()
    sync_person(session, settings, now, sam.id)
    return sam.user


def test_saved_hours_are_written(session: Session, settings: Settings, radicale: Radicale, sam: Any) -> None:
    edit = save(session, sam, WEEK[:4])
    assert write_hours(session, settings, edit, 0) is None
    assert state(session, edit) == "done"
    assert on_server(radicale) == [("Hours", tuple(WEEK[:4]))]
    assert here(session, sam) == tuple(WEEK[:4])


def test_hours_edited_elsewhere_meanwhile_are_not_overwritten(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    edit = save(session, sam, SHORT)
    late = [WeeklyRange(day, time(10), time(18)) for day in range(5)]
    radicale.put(f"{HOURS}week.ics", hours_text("week", late, ZONE, date(2026, 1, 5), "Hours", clock.now()))
    assert write_hours(session, settings, edit, 0) is None
    assert state(session, edit) == "conflict"
    assert on_server(radicale) == [("Hours", tuple(late))]
