"""What is offered with a stand-in is lost when the stand-in serves no more; each contact hears of it once."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from app.accounts.models import User
from app.availability.models import Reservation
from app.booking.models import Booking
from app.booking.values import CallValue
from app.booking.waiting.errors import OfferGone
from app.booking.waiting.line import Place, State
from app.calendars.models import CalendarPicture
from app.lib.packed import pack
from app.mail.models import OutgoingMail
from tests.booking.standins.away import comes_back, goes_on_leave, stands_in
from tests.booking.waiting.queue import DAY, FIRST, LAST, Queue


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


def offered_an_earlier_time(queue: Queue) -> tuple[Place, CallValue]:
    """Pavel's place, to which the time of one of Vera's calls is offered, and his call that it would move."""
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.cancel(vera.user, calls[-1])
    late = queue.book(pavel, calls[-1].start)
    place = queue.join(pavel, moving=late.public_id)
    queue.cancel(vera.user, calls[1])
    queue.later()
    assert queue.states() == ["offered"]
    return place, late


def leave_that_day(queue: Queue) -> None:
    goes_on_leave(queue.session, queue.world.sam, FIRST, FIRST, named=queue.world.rita)


def close_account(queue: Queue) -> None:
    queue.session.execute(update(User).where(User.id == queue.world.sam.id).values(is_active=False))
    queue.session.commit()


def pass_the_call(queue: Queue) -> None:
    """To Rita, who has no earlier time for it."""
    world, busy = queue.world, pack(DAY)
    queue.session.execute(
        update(Booking).where(Booking.contact_id == world.pavel.id).values(specialist_id=world.rita.id)
    )
    queue.session.execute(
        update(CalendarPicture).where(CalendarPicture.person_id == world.rita.id).values(busy=busy)
    )
    queue.session.commit()


def lost_mail(queue: Queue) -> str:
    (mail,) = queue.session.scalars(select(OutgoingMail).where(OutgoingMail.subject_key.contains(":lost:")))
    body = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (leave_that_day, "Ваш звонок ведёт Sam Horvath, но в этот день не принимает звонки."),
        (close_account, "Ваш звонок ведёт Sam Horvath, но в этот день не принимает звонки."),
        (pass_the_call, "Теперь ваш звонок ведёт Rita Weiss."),
    ],
)
def test_an_earlier_time_is_lost_once_whose_call_it_is_cannot_take_it_there(
    queue: Queue, happens: Callable[[Queue], None], why: str
) -> None:
    place, _ = offered_an_earlier_time(queue)
    happens(queue)
    pavel = queue.world.pavel
    found = queue.stands(pavel, place)
    assert found.state is State.WAITING and found.is_lost
    with pytest.raises(OfferGone):
        queue.move_to_offer(pavel, place)
    queue.session.rollback()
    for _ in range(3):
        queue.later(1)
    found = queue.stands(pavel, place)
    assert (found.state, found.place.passed_at, found.place.is_kept) == (State.WAITING, None, False)
    assert queue.mailed() == ["pavel"] and told(queue) == ["pavel"] and queue.facts().count("lost") == 1
    assert queue.session.scalars(select(Reservation.id).where(Reservation.kind == "hold")).all() == []
    assert why in lost_mail(queue)


def test_an_earlier_time_stays_offered_while_the_leave_lies_on_another_day(queue: Queue) -> None:
    place, late = offered_an_earlier_time(queue)
    goes_on_leave(queue.session, queue.world.sam, LAST, LAST)
    queue.later(1)
    assert queue.stands(queue.world.pavel, place).state is State.OFFERED and told(queue) == []
    assert queue.move_to_offer(queue.world.pavel, place).public_id == late.public_id


def test_days_away_that_only_the_calendar_has_let_go_are_not_offered_and_lost_in_turns(queue: Queue) -> None:
    offered_an_earlier_time(queue)
    leave_that_day(queue)
    queue.session.execute(update(CalendarPicture).values(time_off=pack([])))
    queue.session.commit()
    for _ in range(3):
        queue.later(1)
    assert queue.mailed() == ["pavel"] and told(queue) == ["pavel"]
    comes_back(queue.session, queue.world.sam)
    queue.later(1)
    assert queue.mailed() == ["pavel", "pavel"] and queue.states() == ["offered"]
