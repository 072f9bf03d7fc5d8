"""The rules that a call is offered, kept and booked by: caps, buffers, lengths, changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from app.availability.errors import SlotRefused, SlotTaken
from app.availability.models import Reservation
from app.availability.slots import Reason
from app.booking import service
from app.booking.errors import KeyReused, LengthRefused, TooManyOpen, WayRefused
from app.booking.models import Booking, CallType, CallTypeChange
from app.calendars.models import CalendarPicture
from app.lib.intervals import Interval
from app.lib.packed import pack
from tests.booking.core.desk import TUESDAY, Desk
from tests.support.queries import QueryRecorder

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Monday 9:00 in Bratislava, on which working hours begin, and the last half hour of them.
MONDAY_9 = datetime.fromisoformat("2026-11-30T08:00:00Z")
MONDAY_1630 = datetime.fromisoformat("2026-11-30T15:30:00Z")


def set_rules(desk: Desk, **columns: Any) -> None:
    desk.session.execute(update(CallType).where(CallType.slug == "product-support").values(**columns))
    desk.session.commit()


def change_for(desk: Desk, person_id: int, **rules: Any) -> None:
    call_type = desk.session.scalar(select(CallType.id).where(CallType.slug == "product-support"))
    values = {"call_type_id": call_type, "specialist_id": person_id, "rules": rules}
    desk.session.execute(insert(CallTypeChange).values(**values))
    desk.session.commit()


def reserved(desk: Desk) -> list[Interval]:
    rows = desk.session.execute(select(Reservation.starts_at, Reservation.ends_at))
    return sorted(Interval(*row) for row in rows)


@pytest.mark.postgres
def test_the_weekly_cap_counts_the_calls_of_the_iso_week(desk: Desk) -> None:
    set_rules(desk, weekly_cap=2)
    desk.book(desk.world.vera)
    desk.book(desk.world.vera, TUESDAY + DAY)
    with pytest.raises(SlotRefused) as refused:
        desk.book(desk.world.pavel, TUESDAY + 3 * DAY)
    assert refused.value.reason is Reason.CAP
    days = {start.date() for start in desk.open_starts(desk.world.pavel)}
    assert min(days) == MONDAY_9.date()
    assert desk.book(desk.world.pavel, MONDAY_9).status == "pending"


def test_a_call_moves_within_a_full_week_and_not_into_one(desk: Desk) -> None:
    set_rules(desk, weekly_cap=1)
    call = desk.book(desk.world.vera)
    desk.book(desk.world.pavel, MONDAY_9)
    assert desk.move(desk.world.vera.user, call, TUESDAY + DAY).move is not None
    with pytest.raises(SlotRefused):
        desk.move(desk.world.vera.user, call, MONDAY_9 + DAY)


def test_a_weekly_cap_is_of_one_specialist_and_one_call_type(desk: Desk) -> None:
    set_rules(desk, weekly_cap=1)
    desk.book(desk.world.vera)
    assert desk.book(desk.world.mallory).specialist.user_id == desk.world.rita.id
    assert desk.book(desk.world.pavel, TUESDAY + DAY, slug="feature-request").status == "pending"


def test_caps_of_zero_limit_nothing(desk: Desk) -> None:
    set_rules(desk, daily_cap=0, weekly_cap=0, open_cap=0)
    for number in range(4):
        desk.book(desk.world.vera, TUESDAY + number * HOUR)


@pytest.mark.postgres
def test_the_buffers_of_two_calls_add_up(desk: Desk) -> None:
    set_rules(desk, grid=5, buffer_before=10, buffer_after=15)
    desk.book(desk.world.vera)
    end = TUESDAY + 30 * MINUTE
    starts = desk.open_starts(desk.world.pavel)
    assert end + 20 * MINUTE not in starts and end + 25 * MINUTE in starts
    assert TUESDAY - 50 * MINUTE not in starts and TUESDAY - 55 * MINUTE in starts
    with pytest.raises(SlotTaken):
        desk.book(desk.world.pavel, end + 20 * MINUTE)
    desk.book(desk.world.pavel, end + 25 * MINUTE)
    first, second = reserved(desk)
    assert first == Interval(TUESDAY - 10 * MINUTE, end + 15 * MINUTE)
    assert second.start == first.end


def test_buffers_keep_off_busy_time(desk: Desk) -> None:
    set_rules(desk, grid=5, buffer_before=10, buffer_after=15)
    taken = CalendarPicture.person_id == desk.world.sam.id
    busy = pack([Interval(TUESDAY, TUESDAY + HOUR)])
    desk.session.execute(update(CalendarPicture).where(taken).values(busy=busy))
    desk.session.commit()
    starts = desk.open_starts(desk.world.vera)
    assert TUESDAY - 40 * MINUTE not in starts and TUESDAY - 45 * MINUTE in starts
    assert TUESDAY + HOUR + 5 * MINUTE not in starts and TUESDAY + HOUR + 10 * MINUTE in starts
    with pytest.raises(SlotTaken):
        desk.book(desk.world.vera, TUESDAY + HOUR + 5 * MINUTE)


def test_buffers_may_spill_out_of_the_working_hours(desk: Desk) -> None:
    set_rules(desk, buffer_before=30, buffer_after=30)
    for start in (MONDAY_9, MONDAY_1630):
        assert start in desk.open_starts(desk.world.vera)
        desk.book(desk.world.vera, start)
    early, late = reserved(desk)
    assert early.start == MONDAY_9 - 30 * MINUTE and late.end == MONDAY_1630 + HOUR


@pytest.mark.postgres
def test_a_chosen_length_is_offered_held_and_booked(desk: Desk) -> None:
    set_rules(desk, more_lengths=[60], grid=30)
    assert MONDAY_1630 in desk.open_starts(desk.world.vera)
    assert MONDAY_1630 not in desk.open_starts(desk.world.vera, length=60)
    held = desk.hold(desk.world.vera, TUESDAY, length=60)
    assert held.end == TUESDAY + HOUR
    call = desk.book(desk.world.vera, hold=held.public_id, length=60)
    assert (call.end, call.length) == (TUESDAY + HOUR, HOUR)
    assert reserved(desk) == [Interval(TUESDAY, TUESDAY + HOUR)]
    assert desk.move(desk.world.vera.user, call, TUESDAY + DAY).move == Interval(
        TUESDAY + DAY, TUESDAY + DAY + HOUR
    )


def test_a_length_that_is_not_offered_is_refused(desk: Desk) -> None:
    set_rules(desk, more_lengths=[60])
    with pytest.raises(LengthRefused) as told:
        desk.book(desk.world.vera, length=45)
    assert told.value.offered == (30, 60)
    with pytest.raises(LengthRefused):
        desk.hold(desk.world.vera, TUESDAY, length=0)


def test_the_same_key_with_another_length_is_another_request(desk: Desk) -> None:
    set_rules(desk, more_lengths=[60])
    desk.book(desk.world.vera, key="one", length=60)
    with pytest.raises(KeyReused):
        desk.book(desk.world.vera, key="one", length=30)


@pytest.mark.postgres
def test_what_differs_for_a_specialist_holds_for_their_calls_alone(desk: Desk) -> None:
    change_for(desk, desk.world.sam.id, length=45, grid=15, buffer_after=15, ways=["video"], move_notice=60)
    call = desk.book(desk.world.vera, TUESDAY + 15 * MINUTE)
    assert call.end == TUESDAY + HOUR
    assert reserved(desk) == [Interval(call.start, call.end + 15 * MINUTE)]
    assert (call.move_until, call.cancel_until) == (call.start - HOUR, call.start - 2 * HOUR)
    with pytest.raises(WayRefused):
        desk.book(desk.world.vera, TUESDAY + DAY, way="phone", phone="+49 30 123456")
    other = desk.book(desk.world.mallory, TUESDAY, way="phone", phone="+49 30 123456")
    assert other.end == TUESDAY + 30 * MINUTE


def test_what_differs_costs_no_query(
    desk: Desk, count_queries: Callable[[], AbstractContextManager[QueryRecorder]]
) -> None:
    counts = []
    for rules in ({}, {"length": 45, "weekly_cap": 3}):
        if rules:
            change_for(desk, desk.world.sam.id, **rules)
        with count_queries() as queries:
            desk.open_starts(desk.world.vera)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_cap_that_differs_counts_for_that_specialist(desk: Desk) -> None:
    change_for(desk, desk.world.sam.id, daily_cap=1, open_cap=2)
    desk.book(desk.world.vera)
    with pytest.raises(SlotRefused):
        desk.book(desk.world.pavel, TUESDAY + HOUR)
    desk.book(desk.world.vera, TUESDAY + DAY)
    with pytest.raises(TooManyOpen):
        desk.book(desk.world.vera, TUESDAY + 2 * DAY)


def test_a_hold_keeps_by_the_rules_of_its_specialist(desk: Desk) -> None:
    change_for(desk, desk.world.sam.id, length=60, buffer_after=30)
    held = desk.hold(desk.world.vera, TUESDAY)
    assert held.end == TUESDAY + HOUR
    assert reserved(desk) == [Interval(TUESDAY, TUESDAY + 90 * MINUTE)]
    # One's own hold does not stand in one's own way, its buffer included.
    assert desk.book(desk.world.vera, TUESDAY + HOUR).start == TUESDAY + HOUR


def test_a_booking_keeps_the_rules_that_it_was_made_under(desk: Desk) -> None:
    set_rules(desk, more_lengths=[60], buffer_after=10, weekly_cap=9)
    call = desk.book(desk.world.vera, length=60)
    set_rules(desk, length=15, more_lengths=[], buffer_after=0, grid=5, move_notice=10_000, is_active=False)
    kept = service.call_of(desk.session, desk.world.vera.user, call.public_id)
    assert kept == call
    moved = desk.move(desk.world.vera.user, call, TUESDAY + DAY)
    assert moved.move is not None and moved.move.length == HOUR
    stored = desk.session.scalars(select(Booking.rules)).one()
    assert stored["weekly_cap"] == 9 and stored["length"] == 60 and stored["reminders"] == [1440, 60]


def test_a_call_of_a_kind_that_is_offered_no_more_can_still_be_moved(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    set_rules(desk, is_active=False)
    assert desk.hold(desk.world.vera, TUESDAY + DAY, moving=call.public_id).start == TUESDAY + DAY


def test_a_booking_of_before_there_was_a_weekly_cap_is_read(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    row = desk.session.get_one(Booking, call.id)
    row.rules = {name: value for name, value in row.rules.items() if name not in {"weekly_cap", "open_cap"}}
    desk.session.commit()
    assert service.call_of(desk.session, desk.world.vera.user, call.public_id).rules == call.rules


@pytest.mark.parametrize(
    ("link", "room"),
    [
        ("", "https://meet.attache.example/sam"),
        ("https://meet.example/fixed", "https://meet.example/fixed"),
        ("https://meet.example/{reference}?c={id}", "https://meet.example/{0}?c={1}"),
    ],
)
def test_the_room_is_made_at_booking_and_kept(desk: Desk, link: str, room: str) -> None:
    set_rules(desk, video_link=link)
    call = desk.book(desk.world.vera)
    assert call.room_url == room.format(call.reference, call.public_id)
    set_rules(desk, video_link="https://elsewhere.example/")
    assert service.call_of(desk.session, desk.world.vera.user, call.public_id).room_url == call.room_url
