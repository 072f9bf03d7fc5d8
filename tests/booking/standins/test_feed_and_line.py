"""The feed of presence and the waiting list follow whoever serves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from app.booking import service
from app.booking.waiting import service as waiting
from app.booking.waiting.jobs import waiting_pass
from app.calendars.models import CalendarPicture
from app.customers.models import TimeOff
from app.lib.db import write
from app.lib.intervals import Interval
from app.lib.packed import pack
from tests.booking.core.desk import NOW, Desk
from tests.booking.core.test_presence_feed import events, link
from tests.booking.standins.away import FIRST, LAST, goes_on_leave, stands_in


@pytest.fixture(autouse=True)
def _rita_stands_in(desk: Desk) -> None:
    stands_in(desk.session, desk.world.rita, desk.world.sam)


def version(desk: Desk, token: str) -> str:
    desk.session.rollback()
    return service.feed(desk.session.connection(), desk.now, desk.settings, token).version


def who_is_in(desk: Desk, token: str) -> dict[date, set[str]]:
    found: dict[date, set[str]] = {}
    for event in events(desk, token):
        found.setdefault(event.dtstart.date(), set()).add(event.summary)
    return found


def test_each_day_of_the_feed_is_of_whoever_serves_on_it(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    before = version(desk, token)
    goes_on_leave(desk.session, desk.world.sam)
    assert version(desk, token) != before
    found = who_is_in(desk, token)
    assert found[FIRST] == found[LAST] == {"Rita is in"}
    assert found[FIRST - timedelta(days=1)] == found[LAST + timedelta(days=1)] == {"Sam is in"}


def test_the_feed_changes_with_the_stand_ins_calendar_and_with_who_stands_in(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    goes_on_leave(desk.session, desk.world.sam)
    before = version(desk, token)
    noon = Interval(datetime(2026, 12, 1, 11, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC))
    ritas = CalendarPicture.person_id == desk.world.rita.id
    desk.session.execute(update(CalendarPicture).where(ritas).values(busy=pack([noon])))
    desk.session.commit()
    busy = version(desk, token)
    stands_in(desk.session, None, desk.world.sam)
    nobody = version(desk, token)
    assert len({before, busy, nobody}) == 3
    assert FIRST not in who_is_in(desk, token)


def test_a_poll_is_one_query_with_a_stand_in_too(desk: Desk, count_queries) -> None:
    token = link(desk, desk.world.vera)
    goes_on_leave(desk.session, desk.world.sam)
    version(desk, token)
    with count_queries() as queries:
        version(desk, token)
    assert len(queries) == 1


def test_while_somebody_is_away_the_line_waits_for_the_stand_ins_times(desk: Desk) -> None:
    world = desk.world
    goes_on_leave(desk.session, world.sam)
    all_day = Interval(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC))
    ritas = CalendarPicture.person_id == world.rita.id
    desk.session.execute(update(CalendarPicture).where(ritas).values(busy=pack([all_day])))
    desk.session.commit()
    wanted = waiting.Wanted("product-support", FIRST, LAST)
    people = service.people_to_lock(desk.session, NOW, world.vera.id)
    place = write(
        desk.session, people, lambda s: waiting.join(s, NOW, desk.settings, world.vera.user, wanted)
    )
    desk.session.execute(update(CalendarPicture).where(ritas).values(busy=pack([])))
    desk.session.commit()
    for _ in range(2):
        waiting_pass(desk.session, desk.settings, NOW)
    now_there = waiting.place_now(desk.session, NOW, desk.settings, world.vera.user, place.public_id)
    assert (now_there.state, now_there.place.specialist_id) == ("offered", world.rita.id)
    desk.session.rollback()
    held = write(
        desk.session,
        service.people_to_lock(desk.session, NOW, world.vera.id),
        lambda s: waiting.hold_offer(s, NOW, desk.settings, world.vera.user, place.public_id),
    )
    assert held.specialist == world.rita.profile
    call = desk.book(world.vera, held.start, hold=held.public_id)
    assert call.specialist == world.rita.profile


def test_a_place_whose_offer_of_the_stand_in_is_let_go_waits_where_it_was(desk: Desk) -> None:
    world = desk.world
    sams = CalendarPicture.person_id == world.sam.id
    busy = Interval(NOW, NOW + timedelta(days=69))
    desk.session.execute(update(CalendarPicture).where(sams).values(busy=pack([busy])))
    desk.session.commit()
    wanted = waiting.Wanted("product-support", FIRST, LAST)
    people = service.people_to_lock(desk.session, NOW, world.vera.id)
    place = write(
        desk.session, people, lambda s: waiting.join(s, NOW, desk.settings, world.vera.user, wanted)
    )
    goes_on_leave(desk.session, world.sam)
    waiting_pass(desk.session, desk.settings, NOW)
    people = service.people_to_lock(desk.session, NOW, world.vera.id)
    write(
        desk.session,
        people,
        lambda s: waiting.decline(s, NOW, desk.settings, world.vera.user, place.public_id),
    )
    desk.session.execute(TimeOff.__table__.delete())
    desk.session.commit()
    waiting_pass(desk.session, desk.settings, NOW)
    there = waiting.place_now(desk.session, NOW, desk.settings, world.vera.user, place.public_id)
    assert (there.state, there.place.specialist_id) == ("waiting", world.sam.id)
