"""A calendar that is gone in the middle of a look: what was in it is not taken for deleted."""

import pytest

from app.calendars.errors import Gone
from app.calendars.syncing.looking import Mark
from app.calendars.syncing.reading import Reading, fetch_objects
from tests.calendars.odd_server import Told, members, odd_server

WORK, A = "/sam/work/", "/sam/work/a.ics"


def test_when_the_whole_calendar_is_gone_no_object_counts_as_deleted() -> None:
    reading = Reading(Mark("2", None, None), (A,), (), {A: '"1"'})
    with odd_server() as server, pytest.raises(Gone):
        list(fetch_objects(server.client(), WORK, reading))


def test_a_missing_object_that_fails_the_whole_report_is_deleted() -> None:
    reading = Reading(Mark("2", None, None), (A,), (), {A: '"1"'})
    with odd_server() as server:
        there = members((WORK, "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"))
        server.by_method["REPORT", WORK] = Told(404)
        server.answers[WORK] = there
        (batch,) = fetch_objects(server.client(), WORK, reading)
    assert batch.removed == (A,)
