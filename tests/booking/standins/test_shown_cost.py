"""Naming who takes a call costs few queries: of an offer, and of a series whose dates fall to two people."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

from flask import Flask

from app.booking.models import Waiting
from app.booking.waiting.jobs import waiting_pass
from app.lib.db import db
from app.lib.wording import local_date
from tests.booking.series.test_views import review
from tests.booking.standins.away import ZONE
from tests.booking.standins.test_shown import Leave, offered, put_busy, returns, start_on
from tests.booking.waiting.test_waiting_views import book, join
from tests.pages.client import Page, PageClient
from tests.support.queries import QueryRecorder
from tests.world import World

__all__ = ["offered"]
Recording = Callable[[], AbstractContextManager[QueryRecorder]]
# Twelve, and the frame's count of unread chat messages.
MOST = 13
# Who stands in when; and of another person the picture of the calendar, own events, reservations and calls.
SECOND_PERSON = 5


def test_an_offer_keeps_to_the_budget_with_a_stand_in_and_with_another(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World, count_queries: Recording
) -> None:
    address, page = offered
    assert "stands in for Sam" in page.words
    with count_queries() as queries:
        vera.get(address)
    assert len(queries) <= MOST, "\n".join(queries.statements)
    returns(app, world)
    put_busy(app, world.sam, [])
    with count_queries() as queries:
        assert "takes calls on that day now." in vera.get(address).words
    assert len(queries) <= MOST, "\n".join(queries.statements)


def test_an_earlier_time_and_its_loss_keep_to_the_budget(
    app: Flask, vera: PageClient, leave: Leave, now: datetime, count_queries: Recording
) -> None:
    call = book(vera, last=True)
    address, _ = join(vera, moving=call.rpartition("/")[2])
    with app.app_context():
        waiting_pass(db.session(), app.extensions["attache"], now)
        start = db.session.query(Waiting.offer_starts_at).scalar()
    day = local_date(start, ZONE)
    for page, words in ((address, "Move my call there"), ("/calls", "is kept for you until")):
        with count_queries() as queries:
            assert words in vera.get(page).words
        assert len(queries) <= MOST, "\n".join(queries.statements)
    leave(day, day)
    lost = "Your call is with Sam Horvath, who does not take calls on that day."
    for page, words in ((address, lost), ("/calls", "Waiting list")):
        with count_queries() as queries:
            found = vera.get(page).words
        assert words in found and "is kept for you until" not in found
        assert len(queries) <= MOST, "\n".join(queries.statements)


def test_the_review_of_a_series_keeps_to_the_budget_with_one_person_and_with_two(
    vera: PageClient, leave: Leave, workday: date, world: World, count_queries: Recording
) -> None:
    first = start_on(vera, workday - timedelta(days=7))
    with count_queries() as queries:
        review(vera, first)
    assert len(queries) <= MOST, "\n".join(queries.statements)
    leave(workday, workday, world.rita)
    with count_queries() as queries:
        assert "with Rita, who stands in for Sam" in review(vera, first).words
    assert len(queries) <= MOST + SECOND_PERSON, "\n".join(queries.statements)
