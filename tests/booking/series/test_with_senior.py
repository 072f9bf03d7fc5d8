"""A series with a senior: every start free for both, and reserved for both, or none at all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import SENIOR
from app.availability.models import Reservation
from app.booking import service
from app.booking.errors import NoSenior
from app.booking.models import Booking, BookingCopy
from app.booking.series.errors import SeriesConflict
from app.booking.series.values import Repeat
from app.booking.values import ANY_SENIOR, CallValue
from app.config import Settings
from app.lib.db import db
from app.lib.intervals import Interval
from tests.booking.core.desk import NOW, TUESDAY
from tests.booking.core.office import open_office
from tests.booking.seniors.pair import open_pair
from tests.booking.series.desk import SeriesDesk
from tests.booking.series.test_views import SUPPORT, fields
from tests.booking.standins.away import goes_on_leave
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.support.radicale import Radicale
from tests.support.replica import open_calendar
from tests.world import World, build_world

Recording = Callable[[], AbstractContextManager[QueryRecorder]]
THREE, WEEK, HOUR = Repeat(1, count=3), timedelta(weeks=1), timedelta(hours=1)
TUESDAYS = [TUESDAY + number * WEEK for number in range(3)]


@pytest.fixture
def desk(session: Session, settings: Settings) -> SeriesDesk:
    """Sam's calendar is open, and so is Lev's, who is at the dentist on the second Tuesday."""
    world = build_world(session, NOW)
    open_calendar(session, settings, NOW, world.sam.id)
    open_calendar(session, settings, NOW, world.lev.id, busy=[Interval(TUESDAYS[1], TUESDAYS[1] + HOUR)])
    return SeriesDesk(session, settings, world)


@pytest.fixture
def lev_stands_in(desk: SeriesDesk) -> SeriesDesk:
    """Rita is a senior as well; Lev, the first by name, stands in for Sam on the third Tuesday."""
    world = desk.world
    open_calendar(desk.session, desk.settings, NOW, world.rita.id)
    desk.session.execute(update(User).where(User.id == world.rita.id).values(role=SENIOR))
    goes_on_leave(desk.session, world.sam, TUESDAYS[2].date(), TUESDAYS[2].date(), named=world.lev)
    return desk


def first_names(call: CallValue) -> list[str]:
    return [person.name.split()[0] for person in call.people]


def reserved(desk: SeriesDesk) -> dict[int, list[object]]:
    rows = desk.session.execute(
        select(Reservation.person_id, Reservation.starts_at).order_by(Reservation.starts_at)
    ).all()
    desk.session.rollback()
    return {person: [at for who, at in rows if who == person] for person, _ in rows}


@pytest.mark.postgres
def test_every_start_is_free_for_both_and_reserved_for_both_or_none_is(desk: SeriesDesk) -> None:
    sam, lev = desk.world.sam.id, desk.world.lev.id
    assert [call.why for call in desk.plan(desk.world.vera, repeat=THREE).calls] == ["", "", ""]
    plan = desk.plan(desk.world.vera, repeat=THREE, senior=ANY_SENIOR)
    assert plan.senior is not None and plan.senior.user_id == lev
    assert [call.why for call in plan.calls] == ["", "taken", ""]
    wanted = desk.wanted(THREE, senior=plan.senior.public_id)
    with pytest.raises(SeriesConflict) as told:
        desk.book_series(desk.world.vera, wanted)
    assert [item.start for item in told.value.conflicts] == [TUESDAYS[1]] and reserved(desk) == {}
    instead = plan.calls[1].near[0].start
    chosen = {TUESDAYS[1]: instead}
    series = desk.book_series(
        desk.world.vera, desk.wanted(THREE, senior=plan.senior.public_id, instead=chosen)
    )
    starts = sorted([TUESDAYS[0], instead, TUESDAYS[2]])
    assert reserved(desk) == {sam: starts, lev: starts}
    copies = desk.session.scalars(select(BookingCopy).order_by(BookingCopy.booking_id)).all()
    assert [(copy.booking_id, copy.person_id) for copy in copies] == [(call.id, lev) for call in series.calls]
    assert [copy.href.rpartition("/")[2] for copy in copies] == [f"{call.uid}.ics" for call in series.calls]


def test_on_a_day_on_which_the_senior_stands_in_another_takes_part(lev_stands_in: SeriesDesk) -> None:
    desk, four = lev_stands_in, Repeat(1, count=4)
    plan = desk.plan(desk.world.vera, repeat=four, senior=ANY_SENIOR)
    assert [call.why for call in plan.calls] == ["", "taken", "", ""]
    skip = frozenset({TUESDAYS[1]})
    series = desk.book_series(desk.world.vera, desk.wanted(four, senior=ANY_SENIOR, skip=skip))
    assert [first_names(call) for call in series.calls] == [["Sam", "Lev"], ["Lev", "Rita"], ["Sam", "Lev"]]


def test_times_after_a_day_as_stand_in_are_those_of_the_senior_a_call_is_then_with(
    lev_stands_in: SeriesDesk,
) -> None:
    desk, vera, today = lev_stands_in, lev_stands_in.world.vera, NOW.date()
    goes_on_leave(desk.session, desk.world.sam, today, today, named=desk.world.lev)
    starts = desk.open_starts(vera, senior=ANY_SENIOR)
    assert [start in starts for start in TUESDAYS[:2]] == [True, False]
    assert first_names(desk.book(vera, senior=ANY_SENIOR)) == ["Sam", "Lev"]


def test_the_senior_is_looked_for_once_whoever_stands_in(desk: SeriesDesk, count_queries: Recording) -> None:
    def cost(senior: str) -> int:
        kind = service.call_type(desk.session, "product-support")
        asked = (desk.settings, desk.world.vera.profile, kind, None, senior)
        with count_queries() as queries:
            service.wishes_for(desk.session, NOW, *asked)
        desk.session.rollback()
        return len(queries)

    before = cost(ANY_SENIOR) - cost("")
    goes_on_leave(desk.session, desk.world.sam, TUESDAY.date(), TUESDAY.date(), named=desk.world.rita)
    assert cost(ANY_SENIOR) - cost("") == before > 0


@pytest.mark.postgres
def test_the_rest_of_it_is_called_off_for_both(desk: SeriesDesk) -> None:
    skip = frozenset({TUESDAYS[1]})
    series = desk.book_series(desk.world.vera, desk.wanted(THREE, senior=ANY_SENIOR, skip=skip))
    desk.cancel_rest(desk.world.vera.user, series)
    assert reserved(desk) == {}


def test_the_senior_sees_the_calls_of_it_that_they_take_part_in(desk: SeriesDesk) -> None:
    skip, lev = frozenset({TUESDAYS[1]}), desk.world.lev.user
    series = desk.book_series(desk.world.vera, desk.wanted(THREE, senior=ANY_SENIOR, skip=skip))
    desk.remove_senior(lev, series.calls[0])
    seen = service.series_of(desk.session, lev, series.public_id)
    assert [call.start for call in seen.calls] == [TUESDAYS[2]]


def test_without_a_senior_to_be_had_nothing_is_planned(desk: SeriesDesk) -> None:
    with pytest.raises(NoSenior):
        desk.plan(desk.world.vera, senior="nobody")


def test_each_call_stands_in_both_calendars(session: Session, settings: Settings, radicale: Radicale) -> None:
    pair = open_pair(open_office(session, settings, radicale))
    days = SeriesDesk(pair.session, pair.settings, pair.world, pair.now)
    opened = set(pair.open_starts(pair.world.vera, days=40, senior=ANY_SENIOR))
    first = min(at for at in opened if at > pair.now + timedelta(days=1) and at + WEEK in opened)
    series = days.book_series(pair.world.vera, days.wanted(Repeat(1, count=2), first, senior=ANY_SENIOR))
    for call in series.calls:
        pair.work(call)
    both = sorted([first, first + WEEK])
    assert {whose: sorted(found) for whose, found in pair.times().items()} == {"sam": both, "lev": both}
    assert pair.kinds() == ["invitation vera"] * 2 and pair.wrong() == []


def test_on_pages_the_senior_goes_along_from_the_kept_time_to_the_series(
    app: Flask, vera: PageClient, world: World, now: datetime, start: str
) -> None:
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], now, world.lev.id)
    _, details = vera.follow("/book/hold", start=start, call_type=SUPPORT, senior=ANY_SENIOR)
    how_often = vera.get(next(item for item in details.links() if item.startswith("/book/series")))
    assert "Lev Orlov, a senior engineer, takes part as well." in how_often.words
    (form,) = how_often.forms("/book/series")
    page = vera.get("/book/series", **dict(form.form_values()) | {"count": "2"})
    assert "Lev Orlov, a senior engineer, takes part as well." in page.words
    address, series = vera.follow("/book/series", **fields(page))
    assert "Sam Horvath and Lev Orlov (senior)" in series.words
    assert "Vera" in PageClient(app, world.lev).get(address.partition("?")[0]).words
    with app.app_context():
        rows = db.session.query(Booking).order_by(Booking.id)
        assert [row.senior_id for row in rows] == [world.lev.id] * 2


def test_a_senior_who_is_not_to_be_had_any_more_is_told_on_a_page(vera: PageClient, start: str) -> None:
    page = vera.get("/book/series", 409, call_type=SUPPORT, start=start, senior=ANY_SENIOR)
    assert "No senior engineer can be brought in at the moment" in page.words
