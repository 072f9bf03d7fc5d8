"""What is offered with a stand-in is lost when the stand-in serves no more; each contact hears of it once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.mail.models import OutgoingMail
from tests.booking.standins.away import comes_back, goes_on_leave, stands_in
from tests.booking.waiting.queue import FIRST, LAST, Queue


def told(queue: Queue) -> list[str]:
    """Who was written that a time is not kept any more, in order."""
    queue.session.rollback()
    wanted = select(OutgoingMail.recipient).where(OutgoingMail.subject_key.contains(":lost:"))
    return [address.partition("@")[0] for address in queue.session.scalars(wanted.order_by(OutgoingMail.id))]


@pytest.mark.postgres
def test_of_two_who_lose_their_times_the_first_is_offered_what_is_open_and_the_second_told(
    queue: Queue,
) -> None:
    world, session = queue.world, queue.session
    calls = queue.fill(world.vera)
    queue.join(world.pavel), queue.join(world.vera)
    stands_in(session, world.rita, world.sam)
    goes_on_leave(session, world.sam, FIRST, LAST)
    queue.later()
    assert queue.states() == ["offered", "offered"] and queue.mailed() == ["pavel", "vera"]

    comes_back(session, world.sam)
    queue.cancel(world.vera.user, calls[-1])
    for _ in range(3):
        queue.later(1)
    assert queue.states() == ["offered", "waiting"]
    assert queue.mailed() == ["pavel", "vera", "pavel"] and told(queue) == ["vera"]
    assert queue.facts().count("lost") == 2 and "passed" not in queue.facts()


def test_who_is_in_line_keeps_the_turn_and_hears_of_a_lost_time_while_the_calendar_is_away(
    queue: Queue,
) -> None:
    world, session = queue.world, queue.session
    queue.fill(world.vera)
    place = queue.join(world.pavel)
    stands_in(session, world.rita, world.sam)
    goes_on_leave(session, world.sam, FIRST, LAST)
    queue.later()
    comes_back(session, world.sam)
    for _ in range(3):
        queue.now += timedelta(minutes=1)
        queue.in_step(behind=timedelta(hours=1))
        queue.pass_by()
    found = queue.stands(world.pavel, place).place
    assert (found.state, found.passed_at, found.offer) == ("waiting", None, None)
    assert told(queue) == ["pavel"]
