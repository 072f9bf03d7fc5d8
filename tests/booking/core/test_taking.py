"""Booking: who may, when, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.models import AuditEntry
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.models import Reservation
from app.availability.slots import Reason
from app.booking import service
from app.booking.errors import AlreadyYours, HoldGone, KeyReused, TooManyOpen, WayRefused
from app.booking.models import Booking, CallType, Hold
from app.calendars.models import CalendarAccount
from app.customers.errors import NotEntitled
from app.jobs.client import live_keys
from app.lib.text import UncleanText
from tests.booking.core.desk import NOW, TUESDAY, Desk

HALF_HOUR = timedelta(minutes=30)


@pytest.mark.postgres
def test_a_booking_is_pending_and_its_time_is_taken_with_buffers(desk: Desk) -> None:
    call = desk.book(desk.world.vera, topic="Import of price lists")
    assert (call.status, call.sequence, call.start, call.end) == ("pending", 0, TUESDAY, TUESDAY + HALF_HOUR)
    row = desk.session.scalars(select(Reservation)).one()
    taken = call.rules.taken_by(call.start)
    assert (row.starts_at, row.ends_at, row.kind, row.booking_id) == (
        taken.start,
        taken.end,
        "booking",
        call.id,
    )
    assert TUESDAY not in desk.open_starts(desk.world.pavel)


@pytest.mark.postgres
def test_its_writing_is_enqueued_and_it_is_in_the_audit_log(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    assert live_keys(desk.session) == {f"booking:{call.id}:0:write"}
    entry = desk.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "booking")).one()
    assert (entry.verb, entry.actor, entry.object_id) == ("booked", "vera@nordwind.example", call.public_id)


def test_uid_and_href_are_fixed_beforehand(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    row = desk.session.get_one(Booking, call.id)
    assert row.href.endswith(f"/{row.uid}.ics") and row.uid.startswith("attache-")
    assert row.etag == "" and row.written_sequence is None


@pytest.mark.postgres
def test_the_same_key_and_body_give_the_same_booking(desk: Desk) -> None:
    first = desk.book(desk.world.vera, key="one")
    again = desk.book(desk.world.vera, key="one")
    assert again == first
    assert desk.session.execute(select(func.count(Booking.id))).scalar_one() == 1


def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    desk.book(desk.world.vera, key="one")
    with pytest.raises(KeyReused):
        desk.book(desk.world.vera, key="one", topic="Something else")


def test_two_people_may_use_the_same_key(desk: Desk) -> None:
    first = desk.book(desk.world.vera, key="one")
    second = desk.book(desk.world.pavel, TUESDAY + 2 * HALF_HOUR, key="one")
    assert first.public_id != second.public_id


@pytest.mark.postgres
def test_of_two_people_one_gets_the_slot(desk: Desk) -> None:
    desk.book(desk.world.vera)
    with pytest.raises(SlotTaken):
        desk.book(desk.world.pavel)


def test_the_second_try_of_the_same_person_is_told_so(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    with pytest.raises(AlreadyYours) as told:
        desk.book(desk.world.vera)
    assert told.value.public_id == call.public_id


def test_other_specialists_do_not_share_a_time(desk: Desk) -> None:
    desk.book(desk.world.vera)
    assert desk.book(desk.world.mallory).specialist.user_id == desk.world.rita.id


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (TUESDAY + timedelta(minutes=7), Reason.OFF_GRID),
        (NOW - timedelta(days=1), Reason.PAST),
        (NOW + HALF_HOUR, Reason.NOTICE),
        (TUESDAY + timedelta(hours=12), Reason.WINDOW),
        (NOW + timedelta(days=200), Reason.HORIZON),
    ],
)
def test_a_start_against_the_rules_is_refused_and_nothing_written(
    desk: Desk, start: object, reason: Reason
) -> None:
    with pytest.raises(SlotRefused) as refused:
        desk.book(desk.world.vera, start)  # type: ignore[arg-type]
    assert refused.value.reason is reason
    assert desk.session.execute(select(func.count(Booking.id))).scalar_one() == 0
    assert desk.session.execute(select(func.count(Reservation.id))).scalar_one() == 0


def test_without_the_option_nothing_is_booked(desk: Desk) -> None:
    with pytest.raises(NotEntitled):
        desk.book(desk.world.otto)


def test_an_old_picture_of_the_calendar_closes_booking(desk: Desk) -> None:
    stale = NOW - timedelta(hours=1)
    desk.session.execute(update(CalendarAccount).values(in_step_at=stale))
    desk.session.commit()
    with pytest.raises(CalendarAway):
        desk.book(desk.world.vera)
    assert desk.session.execute(select(func.count(Booking.id))).scalar_one() == 0


def test_the_daily_cap_counts_the_calls_of_the_day(desk: Desk) -> None:
    desk.session.execute(update(CallType).values(daily_cap=1))
    desk.session.commit()
    desk.book(desk.world.vera)
    with pytest.raises(SlotRefused) as refused:
        desk.book(desk.world.pavel, TUESDAY + timedelta(hours=2))
    assert refused.value.reason is Reason.CAP
    desk.book(desk.world.pavel, TUESDAY + timedelta(days=1))


def test_a_company_has_only_so_many_calls_ahead(desk: Desk) -> None:
    desk.session.execute(update(CallType).values(open_cap=1))
    desk.session.commit()
    desk.book(desk.world.vera)
    with pytest.raises(TooManyOpen):
        desk.book(desk.world.vera, TUESDAY + timedelta(days=1))
    desk.book(desk.world.pavel, TUESDAY + timedelta(days=1))


def test_texts_and_ways_are_looked_at(desk: Desk) -> None:
    with pytest.raises(UncleanText):
        desk.book(desk.world.vera, topic="x" * 2001)
    with pytest.raises(WayRefused):
        desk.book(desk.world.vera, way="phone", phone="call me")
    call = desk.book(desk.world.vera, way="phone", phone="+49 30 123456")
    assert (call.phone, call.room_url) == ("+49 30 123456", "")


@pytest.mark.postgres
def test_a_hold_keeps_the_time_for_its_contact_alone(desk: Desk) -> None:
    held = desk.hold(desk.world.vera, TUESDAY)
    assert TUESDAY not in desk.open_starts(desk.world.pavel)
    assert TUESDAY in desk.open_starts(desk.world.vera)
    with pytest.raises(SlotTaken):
        desk.book(desk.world.pavel)
    call = desk.book(desk.world.vera, hold=held.public_id)
    assert call.start == TUESDAY
    assert desk.session.execute(select(func.count(Hold.id))).scalar_one() == 0
    assert desk.session.execute(select(func.count(Reservation.id))).scalar_one() == 1


def test_an_expired_hold_frees_the_time(desk: Desk) -> None:
    held = desk.hold(desk.world.vera, TUESDAY)
    desk.now = NOW + timedelta(minutes=5)
    with pytest.raises(HoldGone):
        service.held(desk.session, desk.now, desk.world.vera.id, held.public_id)
    with pytest.raises(HoldGone):
        desk.book(desk.world.vera, hold=held.public_id)
    assert desk.book(desk.world.pavel).start == TUESDAY


def test_a_new_hold_replaces_the_old_one(desk: Desk) -> None:
    desk.hold(desk.world.vera, TUESDAY)
    second = desk.hold(desk.world.vera, TUESDAY + timedelta(hours=2))
    assert desk.session.scalars(select(Hold.public_id)).all() == [second.public_id]
    assert TUESDAY in desk.open_starts(desk.world.pavel)


def test_a_hold_is_only_good_for_its_own_time_and_contact(desk: Desk) -> None:
    held = desk.hold(desk.world.vera, TUESDAY)
    with pytest.raises(HoldGone):
        desk.book(desk.world.vera, TUESDAY + timedelta(hours=2), hold=held.public_id)
    with pytest.raises(HoldGone):
        service.held(desk.session, NOW, desk.world.pavel.id, held.public_id)


def test_alternatives_are_the_nearest_open_times(desk: Desk) -> None:
    desk.book(desk.world.vera)
    call_type = service.call_type(desk.session, "product-support")
    found = service.alternatives(
        desk.session, NOW, desk.settings, desk.world.pavel.profile, call_type, TUESDAY
    )
    assert len(found) == 3 and found == sorted(found, key=lambda time: time.start)
    assert all(abs(slot.start - TUESDAY) <= timedelta(hours=3) for slot in found)
    assert TUESDAY not in [slot.start for slot in found]


@pytest.mark.postgres
def test_a_time_in_the_buffer_of_ones_own_hold_can_be_booked(desk: Desk) -> None:
    desk.hold(desk.world.vera, TUESDAY, slug="feature-training")
    after = TUESDAY + timedelta(hours=1)
    assert after in desk.open_starts(desk.world.vera)
    assert desk.book(desk.world.vera, after).status == "pending"
    assert desk.session.scalars(select(Hold)).all() == []
