"""Booking series: all or none, each call a booking of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.availability.models import Reservation
from app.booking import service
from app.booking.errors import KeyReused, TooManyOpen
from app.booking.models import Booking, CallType, Hold, Series
from app.booking.series.errors import SeriesConflict
from app.booking.series.values import Repeat
from app.config import Settings
from app.customers.errors import NotEntitled
from app.customers.models import Entitlement
from app.jobs.client import live_keys
from app.mail.models import OutgoingMail
from tests.booking.core.desk import NOW, TUESDAY
from tests.booking.series.desk import SeriesDesk
from tests.support.databases import make_engine
from tests.support.queries import QueryRecorder
from tests.support.replica import open_calendar
from tests.world import build_world

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
TUESDAYS = [TUESDAY + number * WEEK for number in range(6)]


@pytest.fixture
def desk(session: Session, settings: Settings) -> SeriesDesk:
    """The cast, with Sam's calendar open and in step at NOW."""
    world = build_world(session, NOW)
    open_calendar(session, settings, NOW, world.sam.id)
    return SeriesDesk(session, settings, world)


def count(desk: SeriesDesk, *models: type) -> list[int]:
    found = [desk.session.execute(select(func.count()).select_from(model)).scalar_one() for model in models]
    desk.session.rollback()
    return found


@pytest.mark.postgres
def test_each_call_is_a_booking_of_its_own_in_one_series(desk: SeriesDesk) -> None:
    series = desk.book_series(desk.world.vera, desk.wanted(topic="Import"))
    assert [call.start for call in series.calls] == TUESDAYS
    assert len({call.uid for call in series.calls}) == 6
    assert {(call.status, call.topic, call.way) for call in series.calls} == {("pending", "Import", "video")}
    places = [(call.series.number, call.series.total) for call in series.calls if call.series]
    assert places == [(number, 6) for number in range(1, 7)]
    assert live_keys(desk.session) == {f"booking:{call.id}:0:write" for call in series.calls}
    assert count(desk, Series, Reservation) == [1, 6]
    assert not set(TUESDAYS) & set(desk.open_starts(desk.world.pavel, days=56))


@pytest.mark.postgres
def test_one_time_taken_since_the_review_books_nothing_and_names_it(desk: SeriesDesk) -> None:
    assert not [call.why for call in desk.plan(desk.world.vera).calls if call.why]
    desk.book(desk.world.pavel, TUESDAYS[2])
    with pytest.raises(SeriesConflict) as told:
        desk.book_series(desk.world.vera)
    ((start, why, near),) = [(item.start, item.why, item.near) for item in told.value.conflicts]
    assert (start, why, len(near)) == (TUESDAYS[2], "taken", 3)
    assert count(desk, Series, Booking, Reservation) == [0, 1, 1]
    chosen = {TUESDAYS[2]: near[0].start}
    series = desk.book_series(desk.world.vera, desk.wanted(instead=chosen, skip=frozenset({TUESDAYS[5]})))
    assert near[0].start in [call.start for call in series.calls]
    assert len(series.calls) == 5


@pytest.mark.postgres
def test_of_two_series_at_once_over_one_time_one_is_booked_whole(desk: SeriesDesk, database_url: str) -> None:
    engine = make_engine(database_url)
    desk.session.rollback()

    def attempt(number: int) -> int:
        member = desk.world.vera if number % 2 else desk.world.pavel
        start = TUESDAY if number % 2 else TUESDAY + WEEK
        with Session(engine) as session:
            at_once = SeriesDesk(session, desk.settings, desk.world)
            try:
                wanted = at_once.wanted(Repeat(1, count=3), start, key=f"key-{number}")
                return len(at_once.book_series(member, wanted).calls)
            except SeriesConflict:
                return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [0, 0, 0, 3]
    engine.dispose()
    assert count(desk, Series, Booking, Reservation) == [1, 3, 3]


@pytest.mark.postgres
def test_one_key_sent_many_times_is_one_series(desk: SeriesDesk, database_url: str) -> None:
    engine = make_engine(database_url)
    desk.session.rollback()

    def attempt(_: int) -> str:
        with Session(engine) as session:
            at_once = SeriesDesk(session, desk.settings, desk.world)
            return at_once.book_series(desk.world.vera, at_once.wanted(key="one")).public_id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(attempt, range(4)))) == 1
    engine.dispose()
    assert count(desk, Series, Booking) == [1, 6]


def test_the_same_key_with_other_choices_is_refused(desk: SeriesDesk) -> None:
    desk.book_series(desk.world.vera, desk.wanted(key="one"))
    with pytest.raises(KeyReused):
        desk.book_series(desk.world.vera, desk.wanted(key="one", skip=frozenset({TUESDAY})))


def test_a_call_of_ones_own_at_that_time_is_said_to_be_it(desk: SeriesDesk) -> None:
    desk.book(desk.world.vera, TUESDAYS[1])
    assert [call.why for call in desk.plan(desk.world.vera, repeat=Repeat(1, count=3)).calls] == [
        "",
        "yours",
        "",
    ]


def test_ones_own_hold_is_no_conflict_and_is_used_up(desk: SeriesDesk) -> None:
    desk.hold(desk.world.vera, TUESDAY)
    desk.book_series(desk.world.vera)
    assert count(desk, Hold, Reservation) == [0, 6]


def test_a_company_has_only_so_many_calls_ahead_and_is_told_how_many_more(desk: SeriesDesk) -> None:
    desk.session.execute(update(CallType).values(open_cap=4))
    desk.session.commit()
    desk.book(desk.world.vera, TUESDAY + HOUR)
    assert desk.plan(desk.world.vera).room == 3
    with pytest.raises(TooManyOpen) as told:
        desk.book_series(desk.world.vera)
    assert (told.value.limit, told.value.possible) == (4, 3)
    assert count(desk, Series, Booking) == [0, 1]
    desk.book_series(desk.world.vera, desk.wanted(Repeat(1, count=3)))


def test_two_calls_of_a_series_at_one_time_are_a_conflict(desk: SeriesDesk) -> None:
    both = dict.fromkeys(TUESDAYS[:2], TUESDAYS[1] + HOUR)
    with pytest.raises(SeriesConflict) as told:
        desk.book_series(desk.world.vera, desk.wanted(instead=both))
    assert [(item.start, item.why) for item in told.value.conflicts] == [(TUESDAYS[1], "taken")]
    assert count(desk, Series, Booking, Reservation) == [0, 0, 0]


def test_the_calls_of_a_series_count_for_each_others_cap(desk: SeriesDesk) -> None:
    desk.session.execute(update(CallType).values(daily_cap=1))
    desk.session.commit()
    with pytest.raises(SeriesConflict) as told:
        desk.book_series(desk.world.vera, desk.wanted(instead={TUESDAYS[1]: TUESDAY + 2 * HOUR}))
    assert [(item.start, item.why) for item in told.value.conflicts] == [(TUESDAYS[1], "cap")]


def test_calls_beyond_the_horizon_and_the_option_are_named(desk: SeriesDesk) -> None:
    whys = [call.why for call in desk.plan(desk.world.vera, repeat=Repeat(1, count=12)).calls]
    assert whys == [""] * 8 + ["horizon"] * 4
    last = (NOW + timedelta(days=20)).date()
    desk.session.execute(update(Entitlement).values(ends_on=last))
    desk.session.commit()
    calls = desk.plan(desk.world.vera, repeat=Repeat(1, count=4)).calls
    assert [call.why for call in calls] == ["", "", "", "option_ends"]
    assert calls[-1].near == ()


def test_without_the_option_there_is_no_series(desk: SeriesDesk) -> None:
    with pytest.raises(NotEntitled):
        desk.plan(desk.world.otto)


def test_twelve_calls_are_judged_with_as_few_queries_as_two(
    desk: SeriesDesk, count_queries: Callable[[], AbstractContextManager[QueryRecorder]]
) -> None:
    spent = []
    for number in (2, 12):
        with count_queries() as queries:
            desk.plan(desk.world.vera, repeat=Repeat(1, count=number))
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 12, queries.statements


def test_the_rest_is_cancelled_and_calls_inside_their_notice_stay(desk: SeriesDesk) -> None:
    series = desk.book_series(desk.world.vera)
    desk.session.execute(update(Booking).values(status="confirmed", confirmed_at=NOW, written_sequence=0))
    desk.session.commit()
    desk.now = TUESDAY - HOUR
    rest = desk.cancel_rest(desk.world.vera.user, series, "Solved")
    assert [call.status for call in rest.calls] == ["confirmed"] + ["cancelled"] * 5
    assert {call.ended_reason for call in rest.calls[1:]} == {"Solved"}
    keys = desk.session.scalars(select(OutgoingMail.subject_key).order_by(OutgoingMail.id)).all()
    assert [key.split(":")[1:4] for key in keys] == [
        [str(call.id), "1", "cancelled"] for call in rest.calls[1:]
    ]
    assert desk.cancel_rest(desk.world.vera.user, series).calls == rest.calls


def test_who_sees_a_series(desk: SeriesDesk) -> None:
    series, world = desk.book_series(desk.world.vera), desk.world
    for member in (world.vera, world.sam, world.ada):
        assert len(service.series_of(desk.session, member.user, series.public_id).calls) == 6
    for member in (world.pavel, world.mallory, world.rita, world.lev):
        with pytest.raises(NotFound):
            service.series_of(desk.session, member.user, series.public_id)
    with pytest.raises(NotFound):
        service.series_of(desk.session, world.ada.user, "nothing")
