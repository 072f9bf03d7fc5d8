"""An earlier time for a call that a senior takes part in is kept, moved to and given back for both people."""

import pytest
from sqlalchemy import select, update

from app.availability.models import Reservation
from app.booking.models import Booking
from app.booking.series.values import Repeat
from app.booking.service import people_to_lock, plan_series
from app.booking.values import ANY_SENIOR, CallValue
from app.booking.waiting.line import Place
from app.booking.waiting.queries import people_in_line
from app.config import Settings
from app.lib.intervals import Interval
from tests.booking.core.desk import NOW
from tests.booking.waiting.queue import DAY, SLUG, Queue
from tests.support.replica import open_calendar


def offered(queue: Queue, settings: Settings) -> tuple[Place, CallValue, Interval]:
    """Pavel's place for his late call with Sam and Lev, with the offer of an earlier time."""
    world = queue.world
    open_calendar(queue.session, settings, NOW, world.lev.id, working=DAY)
    calls = queue.fill(world.vera)
    queue.cancel(world.vera.user, calls[-1])
    late = queue.book(world.pavel, calls[-1].start, senior=ANY_SENIOR)
    place = queue.join(world.pavel, moving=late.public_id)
    queue.cancel(world.vera.user, calls[1])
    queue.later()
    found = queue.stands(world.pavel, place).place
    assert found.offer == calls[1].span
    return found, late, calls[1].span


def kept(queue: Queue, span: Interval, kind: str) -> set[int]:
    """Whose time is reserved where the call would be."""
    queue.session.rollback()
    rows = select(Reservation.person_id).where(
        Reservation.kind == kind, Reservation.starts_at < span.end, Reservation.ends_at > span.start
    )
    return set(queue.session.scalars(rows))


@pytest.mark.postgres
def test_the_time_is_kept_of_both_and_the_call_moves_to_it_with_both(
    queue: Queue, settings: Settings
) -> None:
    place, late, span = offered(queue, settings)
    both = {queue.world.sam.id, queue.world.lev.id}
    assert kept(queue, span, "hold") == both
    moved = queue.move_to_offer(queue.world.pavel, place)
    assert moved.move == span and moved.senior == late.senior
    assert kept(queue, span, "booking") == both and not kept(queue, span, "hold")


def test_what_is_kept_for_whoever_asks_does_not_stand_in_the_way_of_their_series(
    queue: Queue, settings: Settings
) -> None:
    _place, _late, span = offered(queue, settings)
    wanted = (SLUG, span.start, Repeat(1, count=2), None, ANY_SENIOR)
    plan = plan_series(queue.session, queue.now, settings, queue.world.pavel.id, *wanted)
    assert plan.senior is not None and plan.calls[0].why == ""
    others = plan_series(queue.session, queue.now, settings, queue.world.vera.id, *wanted)
    assert others.calls[0].why == "taken"


def test_an_offer_that_is_let_go_frees_the_time_of_both(queue: Queue, settings: Settings) -> None:
    place, _late, span = offered(queue, settings)
    queue.decline(queue.world.pavel, place)
    assert not kept(queue, span, "hold")


def test_whoever_moves_there_without_the_page_has_both(queue: Queue, settings: Settings) -> None:
    _place, late, span = offered(queue, settings)
    queue.move(queue.world.pavel.user, late, span.start)
    assert kept(queue, span, "booking") == {queue.world.sam.id, queue.world.lev.id}
    assert not kept(queue, span, "hold")
    queue.later()
    assert queue.states() == ["taken"]


def test_a_time_in_which_the_senior_is_not_free_is_not_offered(queue: Queue, settings: Settings) -> None:
    world = queue.world
    open_calendar(queue.session, settings, NOW, world.lev.id, working=DAY[1:])
    calls = queue.fill(world.vera)
    queue.cancel(world.vera.user, calls[-1])
    late = queue.book(world.pavel, calls[-1].start, senior=ANY_SENIOR)
    queue.join(world.pavel, moving=late.public_id)
    queue.cancel(world.vera.user, calls[1])
    queue.later()
    assert queue.states() == ["waiting"] and queue.mailed() == []


def test_an_offer_is_let_go_under_the_locks_of_both_and_of_who_may_stand_in(
    queue: Queue, settings: Settings
) -> None:
    place, late, _span = offered(queue, settings)
    all_of_them = {queue.world.sam.id, queue.world.lev.id, queue.world.rita.id}
    # Even when the senior is not on the call any more.
    queue.session.execute(update(Booking).where(Booking.id == late.id).values(senior_id=None))
    queue.session.commit()
    assert set(people_to_lock(queue.session, queue.now, place.contact_id)) == all_of_them
    assert set(people_in_line(queue.session, queue.world.sam.id)) == all_of_them
