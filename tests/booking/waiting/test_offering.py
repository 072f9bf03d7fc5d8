"""A freed time goes to the first in line for half an hour, then to the next, then to everybody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.availability.errors import SlotTaken
from app.availability.models import Reservation
from app.booking.models import CallType, Waiting
from app.booking.waiting.jobs import waiting_pass
from app.customers.models import Assignment, Entitlement
from app.verify.service import verify
from tests.booking.standins.away import stands_in
from tests.booking.waiting.queue import LAST, SLUG, Queue
from tests.support.databases import make_engine


@pytest.mark.postgres
def test_a_freed_time_goes_to_the_first_then_to_the_second_then_to_everybody(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    first, second = queue.join(pavel), queue.join(vera)
    queue.later()
    assert queue.states() == ["waiting", "waiting"] and queue.mailed() == []

    queue.cancel(vera.user, calls[0])
    queue.later()
    queue.later()
    assert queue.states() == ["offered", "waiting"] and queue.mailed() == ["pavel"]
    assert queue.stands(pavel, first).place.offer == calls[0].span
    assert queue.open_starts(vera) == []

    queue.later(31)
    assert queue.states() == ["waiting", "offered"] and queue.mailed() == ["pavel", "vera"]
    assert queue.stands(vera, second).place.offer == calls[0].span
    queue.later(31)
    queue.later(31)
    assert queue.states() == ["waiting", "waiting"] and queue.mailed() == ["pavel", "vera"]
    assert queue.open_starts(queue.world.pavel) == [calls[0].start]
    assert queue.facts() == ["joined", "joined", "offered", "passed", "offered", "passed"]


@pytest.mark.postgres
def test_nobody_else_can_book_an_offered_time(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.join(pavel)
    queue.cancel(vera.user, calls[0])
    queue.later()
    with pytest.raises(SlotTaken):
        queue.book(vera, calls[0].start)


@pytest.mark.postgres
def test_two_passes_at_once_offer_a_time_once(queue: Queue, database_url: str) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.join(pavel), queue.join(vera)
    queue.cancel(vera.user, calls[0])
    engine = make_engine(database_url)

    def go(_number: int) -> None:
        with Session(engine) as session:
            waiting_pass(session, queue.settings, queue.now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(go, range(8)))
    engine.dispose()
    assert queue.states() == ["offered", "waiting"] and queue.mailed() == ["pavel"]


def test_two_freed_times_go_to_two_people(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    first, second = queue.join(pavel), queue.join(vera)
    for call in calls[:2]:
        queue.cancel(vera.user, call)
    queue.later()
    offers = [queue.stands(pavel, first).place.offer, queue.stands(vera, second).place.offer]
    assert offers == [calls[0].span, calls[1].span]


def test_another_days_time_is_not_offered(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    queue.join(queue.world.pavel, LAST, LAST)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.later()
    assert queue.states() == ["waiting"]


def test_another_specialists_customers_are_not_asked(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    queue.fill(queue.world.mallory)
    queue.join(queue.world.mallory)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.later()
    assert queue.states() == ["waiting"] and queue.mailed() == []


def test_nothing_is_offered_while_the_calendar_is_away_or_the_option_is_off(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    queue.join(queue.world.pavel)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.in_step(behind=timedelta(hours=1))
    waiting_pass(queue.session, queue.settings, queue.now)
    assert queue.states() == ["waiting"]
    company = queue.world.pavel.profile.company_id
    queue.session.execute(delete(Entitlement).where(Entitlement.company_id == company))
    queue.session.commit()
    queue.later()
    assert queue.states() == ["waiting"] and queue.mailed() == []


def test_who_has_as_many_calls_ahead_as_there_may_be_is_not_asked(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.cancel(vera.user, calls[1])
    queue.book(pavel, calls[1].start)
    queue.join(pavel)
    queue.cancel(vera.user, calls[0])
    queue.session.execute(update(CallType).values(open_cap=1))
    queue.session.commit()
    queue.later()
    assert queue.states() == ["waiting"] and queue.mailed() == []
    # None at all is no limit.
    queue.session.execute(update(CallType).values(open_cap=0))
    queue.session.commit()
    queue.later()
    assert queue.states() == ["offered"] and queue.mailed() == ["pavel"]


def test_an_offer_that_nobody_ends_is_found_by_verify(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    place = queue.join(queue.world.pavel)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.later()
    late = [queue.now + timedelta(minutes=minutes) for minutes in (31, 34)]
    found = [[line for line in verify(queue.session, at, queue.settings) if "place" in line] for at in late]
    assert [len(lines) for lines in found] == [0, 1] and place.public_id in found[1][0]


def test_who_let_one_of_many_times_pass_hears_of_new_ones_only(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    place = queue.join(pavel)
    for call in calls[:-1]:
        queue.cancel(vera.user, call)
    for _ in range(4):
        queue.later(31)
    assert queue.mailed() == ["pavel"] and queue.states() == ["waiting"]
    queue.cancel(vera.user, calls[-1])
    queue.later()
    assert queue.stands(pavel, place).place.offer == calls[-1].span


def test_a_time_that_could_not_be_taken_for_long_is_not_offered(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    place = queue.join(queue.world.pavel)
    queue.now = calls[0].start - calls[0].rules.notice - timedelta(minutes=10)
    queue.in_step()
    queue.cancel(queue.world.sam.user, calls[0])
    queue.later(6)
    assert queue.states() == ["waiting"]
    queue.now -= timedelta(minutes=6)
    queue.later()
    # It is kept only as long as it can be booked.
    last = queue.stands(queue.world.pavel, place).place.offer_expires_at
    assert last == calls[0].start - calls[0].rules.notice


def test_the_offer_is_kept_by_a_reservation_that_ends_with_it(queue: Queue) -> None:
    calls = queue.fill(queue.world.vera)
    queue.join(queue.world.pavel)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.later()
    (kept,) = queue.session.scalars(select(Reservation).where(Reservation.kind == "hold"))
    assert kept.expires_at == queue.now + timedelta(minutes=30)
    assert (kept.starts_at, kept.booking_id) == (calls[0].rules.taken_by(calls[0].start).start, None)


def test_a_place_ends_with_its_days_or_when_its_contact_has_booked_otherwise(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.join(pavel, LAST, LAST)
    queue.join(vera)
    queue.cancel(vera.user, calls[-1])
    queue.now += timedelta(minutes=1)
    queue.book(pavel, calls[-1].start, slug=SLUG)
    queue.later()
    assert queue.states() == ["ended", "waiting"]
    queue.later(3 * 24 * 60)
    assert queue.states() == ["ended", "ended"]


def test_a_time_of_who_serves_them_later_is_offered(queue: Queue) -> None:
    world = queue.world
    vera = world.vera
    stands_in(queue.session, None, world.sam)
    queue.fill(vera)
    queue.join(vera)
    queue.later()
    assert queue.states() == ["waiting"]
    # Nordwind is Rita's from Wednesday on; what she has then is open.
    company, day = vera.profile.company_id, LAST
    queue.session.add(Assignment(company_id=company, specialist_id=world.rita.id, starts_on=day))
    queue.session.commit()
    queue.later()
    assert queue.states() == ["offered"] and queue.mailed() == ["vera"]
    offered = queue.session.scalars(select(Waiting)).one()
    assert (offered.specialist_id, offered.offer_starts_at.date()) == (world.rita.id, day)
