"""Taking a place, and taking, refusing or losing what is offered to it."""

from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.accounts.errors import NotFound
from app.availability.models import Reservation
from app.booking.errors import CannotChange
from app.booking.series.values import Repeat
from app.booking.waiting.errors import DaysRefused, OfferGone, TimesOpen, TooManyPlaces
from app.booking.waiting.line import Place
from app.mail.models import OutgoingMail
from app.verify.service import verify
from tests.booking.series.desk import SeriesDesk
from tests.booking.waiting.queue import FIRST, LAST, Queue
from tests.support.mail import mail_text


def offered(queue: Queue) -> Place:
    """Pavel's place, with an offer of the first time that Vera had."""
    calls = queue.fill(queue.world.vera)
    place = queue.join(queue.world.pavel)
    queue.cancel(queue.world.vera.user, calls[0])
    queue.later()
    found = queue.stands(queue.world.pavel, place).place
    assert found.offer == calls[0].span
    return found


def holds(queue: Queue) -> int:
    return len(queue.session.scalars(select(Reservation.id).where(Reservation.kind == "hold")).all())


@pytest.mark.postgres
def test_an_offered_time_is_booked_like_any_kept_time(queue: Queue) -> None:
    pavel, place = queue.world.pavel, offered(queue)
    assert place.offer is not None
    kept = queue.hold_offer(pavel, place)
    assert kept.expires_at == place.offer_expires_at
    assert queue.hold_offer(pavel, place) == kept
    call = queue.book(pavel, place.offer.start, hold=kept.public_id)
    assert call.span == place.offer and holds(queue) == 0
    queue.later()
    assert queue.states() == ["taken"] and queue.facts()[-1] == "taken"
    assert [line for line in verify(queue.session, queue.now, queue.settings) if line[:2] in "V1 V8"] == []


def test_an_offered_time_can_be_booked_without_its_page(queue: Queue) -> None:
    pavel, place = queue.world.pavel, offered(queue)
    assert place.offer is not None
    call = queue.book(pavel, place.offer.start)
    assert call.span == place.offer and holds(queue) == 0
    queue.later()
    assert queue.states() == ["taken"]


@pytest.mark.postgres
def test_a_refused_time_goes_to_the_next_and_the_place_stays(queue: Queue) -> None:
    pavel, vera, place = queue.world.pavel, queue.world.vera, offered(queue)
    second = queue.join(vera)
    queue.decline(pavel, place)
    queue.later()
    assert queue.states() == ["waiting", "offered"] and queue.mailed() == ["pavel", "vera"]
    queue.leave(vera, second)
    queue.leave(vera, second)
    queue.later()
    assert queue.states() == ["waiting", "ended"] and queue.mailed() == ["pavel", "vera"]
    assert holds(queue) == 0 and queue.facts().count("left") == 1


def test_who_chooses_another_time_instead_lets_the_offered_one_go(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    place = queue.join(pavel)
    for call in calls[:2]:
        queue.cancel(vera.user, call)
    queue.later()
    queue.hold_offer(pavel, place)
    queue.hold(pavel, calls[1].start)
    queue.later()
    assert queue.states() == ["waiting"] and queue.facts()[-1] == "let_go"
    assert queue.open_starts(vera) == [calls[0].start]
    with pytest.raises(OfferGone):
        queue.hold_offer(pavel, place)


def test_an_offer_that_ran_out_can_be_taken_no_more(queue: Queue) -> None:
    pavel, place = queue.world.pavel, offered(queue)
    queue.now += timedelta(minutes=30)
    for answer in (queue.hold_offer, queue.decline, queue.move_to_offer):
        with pytest.raises(OfferGone):
            answer(pavel, place)


def test_others_know_nothing_of_a_place(queue: Queue) -> None:
    place = offered(queue)
    for answer in (queue.hold_offer, queue.decline, queue.leave):
        with pytest.raises(NotFound):
            answer(queue.world.vera, place)


@pytest.mark.postgres
def test_an_earlier_time_moves_the_call(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.cancel(vera.user, calls[-1])
    late = queue.book(pavel, calls[-1].start)
    place = queue.join(pavel, moving=late.public_id)
    assert (place.moves_from, place.last_day) == (late.start, LAST)
    queue.later()
    assert queue.states() == ["waiting"]
    queue.cancel(vera.user, calls[1])
    queue.later()
    found = queue.stands(pavel, place)
    assert found.place.offer == calls[1].span and found.moving == late
    moved = queue.move_to_offer(pavel, place)
    assert moved.move == calls[1].span and moved.start == late.start
    assert queue.states() == ["taken"] and holds(queue) == 0
    queue.later()
    assert queue.states() == ["taken"]


def test_nothing_later_than_the_call_is_offered_and_its_end_ends_the_place(queue: Queue) -> None:
    vera, pavel = queue.world.vera, queue.world.pavel
    calls = queue.fill(vera)
    queue.cancel(vera.user, calls[0])
    early = queue.book(pavel, calls[0].start)
    queue.join(pavel, moving=early.public_id)
    queue.cancel(vera.user, calls[1])
    queue.later()
    assert queue.states() == ["waiting"]
    queue.cancel(pavel.user, early)
    queue.later()
    assert queue.states() == ["ended"]
    with pytest.raises(CannotChange):
        queue.join(pavel, moving=early.public_id)


def test_a_place_can_be_taken_only_where_nothing_is_free(queue: Queue) -> None:
    pavel = queue.world.pavel
    with pytest.raises(TimesOpen) as free:
        queue.join(pavel)
    assert [slot.start for slot in free.value.alternatives] == queue.open_starts(pavel)[:3]
    queue.fill(queue.world.vera)
    assert queue.join(pavel).state == "waiting"


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (LAST, FIRST, "order"),
        (date(2026, 11, 20), LAST, "past"),
        (FIRST, date(2027, 3, 1), "far"),
        (date(2027, 3, 1), date(2027, 3, 2), "far"),
    ],
)
def test_days_are_days_that_could_be_booked(queue: Queue, first: date, last: date, reason: str) -> None:
    with pytest.raises(DaysRefused) as refused:
        queue.join(queue.world.pavel, first, last)
    assert refused.value.reason == reason


@pytest.mark.postgres
def test_a_second_place_for_the_same_days_changes_the_first_and_five_are_the_most(queue: Queue) -> None:
    pavel = queue.world.pavel
    queue.fill(queue.world.vera)
    first = queue.join(pavel, FIRST, FIRST)
    again = queue.join(pavel, FIRST, LAST)
    assert (again.public_id, again.last_day) == (first.public_id, LAST)
    monday = date(2026, 12, 7)
    for number in range(4):
        day = monday + timedelta(days=number)
        queue.join(pavel, day, day)
    with pytest.raises(TooManyPlaces):
        queue.join(pavel, date(2026, 12, 14), date(2026, 12, 14))
    assert queue.facts() == ["joined", "changed", *["joined"] * 4]


def test_the_mail_says_the_time_in_the_readers_zone_until_when_it_is_kept_and_where(queue: Queue) -> None:
    place = offered(queue)
    row = queue.session.scalars(select(OutgoingMail).where(OutgoingMail.thread.startswith("waiting:"))).one()
    mail = message_from_bytes(row.content, policy=policy.default)
    assert row.thread == f"waiting:{place.id}:{queue.world.pavel.id}"
    assert mail["To"].addresses[0].addr_spec == "pavel@sever.example"
    for part in ("plain", "html"):
        text = mail_text(mail, part)
        # 9:00 in Bratislava is 13:00 in Yekaterinburg; kept for half an hour from 9:00 on.
        assert "13:00–13:30" in text and "09:00–09:30 CET" in text and "13:30" in text
        assert f"{queue.settings.public_url}/waiting/{place.public_id}" in text
    assert [part for part in mail.walk() if part.get_content_type() == "text/calendar"] == []


@pytest.mark.postgres
def test_a_series_can_begin_with_the_offered_time(queue: Queue) -> None:
    pavel, vera, place = queue.world.pavel, queue.world.vera, offered(queue)
    assert place.offer is not None
    start, desk = place.offer.start, SeriesDesk(queue.session, queue.settings, queue.world, queue.now)
    repeat = Repeat(1, count=2)
    assert desk.plan(vera, start, repeat).calls[0].why == "taken"
    assert desk.plan(pavel, start, repeat).calls[0].why == ""
    rest = frozenset({start + timedelta(weeks=1)})
    series = desk.book_series(pavel, desk.wanted(repeat, start, skip=rest))
    assert [call.span for call in series.calls] == [place.offer] and holds(queue) == 0
    assert queue.stands(pavel, place).state == "taken"
    queue.later()
    assert queue.states() == ["taken"] and queue.facts()[-1] == "taken"
    assert [line for line in verify(queue.session, queue.now, queue.settings) if line[:2] in "V1 V8"] == []
