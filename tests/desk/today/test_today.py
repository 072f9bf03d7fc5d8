"""How the promises stand on the administrator's overview, and that the search knows references."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.requests.service import open_request, solve, wait_for_customer
from app.desk.requests.values import RequestValue
from app.desk.today.queries import clocks_today, requests_named
from app.desk.today.reference import request_id
from app.desk.today.values import ClocksToday
from app.lib import clock
from app.lib.db import db, write
from app.lib.wording import local_date
from tests.desk.test_conversations import HOUR, MONDAY, asked, say
from tests.world import World, build_world, client_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, MONDAY)


def opened(
    session: Session, settings: Settings, world: World, at: datetime, key: str, severity: int = 3
) -> RequestValue:
    wanted = replace(asked(world, severity), key=key)
    return write(session, [], lambda s: open_request(s, at, settings, wanted))


def stand(session: Session, settings: Settings, now: datetime) -> ClocksToday:
    zone = settings.service_time_zone
    return clocks_today(session, now, local_date(now, zone), zone)


@pytest.mark.postgres
def test_clocks_are_counted_as_they_stand(session: Session, settings: Settings, world: World) -> None:
    assert stand(session, settings, MONDAY) == ClocksToday(0, 0, 0, 0, 0)
    first, _second = (opened(session, settings, world, MONDAY, key) for key in "ab")
    assert stand(session, settings, MONDAY + 61 * MINUTE) == ClocksToday(2, 0, 2, 0, 0)
    say(session, settings, MONDAY + HOUR, first, world.sam)
    # 10:00 and two business hours: due at noon in Bratislava.
    assert stand(session, settings, MONDAY + 2 * HOUR) == ClocksToday(2, 1, 0, 1, 1)
    say(session, settings, MONDAY + 3 * HOUR, _second, world.sam)
    assert stand(session, settings, MONDAY + 3 * HOUR) == ClocksToday(2, 0, 0, 1, 1)
    tomorrow = MONDAY + timedelta(days=1)
    assert stand(session, settings, tomorrow) == ClocksToday(2, 0, 0, 0, 0)


def test_a_clock_that_waits_or_was_ended_in_time_is_not_missed(
    session: Session, settings: Settings, world: World
) -> None:
    waiting, solved = (opened(session, settings, world, MONDAY, key) for key in "ab")
    sam, day = world.sam.user, timedelta(days=1)
    say(session, settings, MONDAY + HOUR, waiting, world.sam)
    write(session, [], lambda s: wait_for_customer(s, MONDAY + HOUR, settings, sam, waiting.conversation.id))
    write(session, [], lambda s: solve(s, MONDAY + HOUR, settings, world.vera.user, solved.conversation.id))
    # Both next steps were due on Wednesday at ten.
    assert stand(session, settings, MONDAY + 2 * day + HOUR) == ClocksToday(1, 0, 0, 0, 0)


def test_who_begins_to_wait_after_the_due_moment_has_missed_it(
    session: Session, settings: Settings, world: World
) -> None:
    late, sam = opened(session, settings, world, MONDAY, "a", severity=1), world.sam.user
    say(session, settings, MONDAY + MINUTE, late, world.sam)
    at = MONDAY + 5 * HOUR
    write(session, [], lambda s: wait_for_customer(s, at, settings, sam, late.conversation.id))
    assert stand(session, settings, at + MINUTE) == ClocksToday(1, 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("R-1042", 42),
        (" r1042 ", 42),
        ("r 1042", 42),
        ("R–1042", 42),
        ("R-1000", None),
        ("R-12", None),
        ("1042", None),
        ("R-1042x", None),
        ("R-١٠٤٢", None),
    ],
)
def test_references_are_known_in_any_spelling(text: str, number: int | None) -> None:
    assert request_id(text) == number


def test_a_request_is_found_by_its_reference(session: Session, settings: Settings, world: World) -> None:
    request = opened(session, settings, world, MONDAY, "a")
    (found,) = requests_named(session, "r1001")
    assert (found.public_id, found.company) == (request.conversation.public_id, "Nordwind")
    assert requests_named(session, "R-1002") == requests_named(session, "Nordwind") == []


def test_the_overview_tells_and_the_search_leads_there(
    app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    now, settings = clock.now(), app.extensions["attache"]
    with app.app_context():
        world = build_world(db.session(), now)
        late = opened(db.session(), settings, world, datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "late", 1)
    ada = client_of(app, world.ada)
    ada.get("/overview")
    with count_queries() as queries:
        page = ada.get("/overview").get_data(as_text=True)
    assert len(queries) <= 12
    assert 'href="/requests?show=overdue" class="pill bad">1<' in page
    found = ada.get("/search", query_string={"q": "R-1001"})
    assert found.status_code == 303 and found.location.endswith(f"/requests/{late.conversation.public_id}")
