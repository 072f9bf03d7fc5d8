"""On the days of a leave the stand-in's times are offered, and booked in the stand-in's calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.models import Reservation
from app.availability.slots import Reason
from app.booking import service
from app.booking.errors import LengthRefused
from app.booking.models import Booking, CallTypeChange
from app.booking.rules import minutes
from app.booking.series.values import Repeat
from app.booking.values import OpenTimes
from app.calendars.models import CalendarAccount
from app.customers.models import TimeOff
from app.lib.intervals import Interval
from app.words import refusal_words
from tests.booking.core.desk import NOW, Desk
from tests.booking.standins.away import FIRST, LAST, goes_on_leave, stands_in

# Ten o'clock in the service zone, on the first day of the leave, and on the days around it.
AWAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
BEFORE, AFTER = AWAY - timedelta(days=1), AWAY + timedelta(days=3)


def open_times(desk: Desk, days: int = 21) -> OpenTimes:
    kind = service.call_type(desk.session, "product-support")
    span = Interval(desk.now, desk.now + timedelta(days=days))
    found = service.open_times(desk.session, desk.now, desk.settings, desk.world.vera.profile, kind, span)
    desk.session.rollback()
    return found


def whose(found: OpenTimes) -> dict[str, set[str]]:
    """First names by day."""
    days: dict[str, set[str]] = {}
    for slot in found.offer.slots:
        name = found.person_at(slot.start).name.split()[0]
        days.setdefault(f"{slot.start:%m-%d}", set()).add(name)
    return days


@pytest.fixture(autouse=True)
def _rita_stands_in(desk: Desk) -> None:
    stands_in(desk.session, desk.world.rita, desk.world.sam)


def test_each_day_has_the_times_of_whoever_serves_on_it(desk: Desk) -> None:
    goes_on_leave(desk.session, desk.world.sam)
    found = whose(open_times(desk))
    assert [found[day] for day in ("11-30", "12-01", "12-02", "12-03", "12-04")] == [
        {"Sam"},
        {"Rita"},
        {"Rita"},
        {"Rita"},
        {"Sam"},
    ]


def test_without_anybody_the_days_have_no_times_and_the_others_theirs(desk: Desk) -> None:
    stands_in(desk.session, None, desk.world.sam)
    goes_on_leave(desk.session, desk.world.sam)
    found = open_times(desk)
    assert not {f"{FIRST:%m-%d}", f"{LAST:%m-%d}"} & whose(found).keys()
    assert found.offer.closed is None and whose(found)["12-04"] == {"Sam"}
    assert [share.served.until for share in found.shares if share.is_nobodys and share.served] == [LAST]
    with pytest.raises(SlotRefused) as told:
        desk.book(desk.world.vera, AWAY)
    assert told.value.reason is Reason.TIME_OFF


def test_a_leave_that_the_picture_does_not_show_yet_offers_nothing_of_the_one_who_is_away(desk: Desk) -> None:
    stands_in(desk.session, None, desk.world.sam)
    row = TimeOff(specialist_id=desk.world.sam.id, uid="x", first_day=FIRST, last_day=LAST, noticed_at=NOW)
    desk.session.add(row)
    desk.session.commit()
    assert f"{FIRST:%m-%d}" not in whose(open_times(desk))
    with pytest.raises(SlotRefused):
        desk.book(desk.world.vera, AWAY)


@pytest.mark.postgres
def test_a_call_on_a_day_away_is_the_stand_ins_in_every_respect(desk: Desk) -> None:
    goes_on_leave(desk.session, desk.world.sam)
    held = desk.hold(desk.world.vera, AWAY)
    assert held.specialist == desk.world.rita.profile
    call = desk.book(desk.world.vera, AWAY, hold=held.public_id)
    assert call.specialist == desk.world.rita.profile
    assert call.room_url.startswith(desk.world.rita.profile.room_url)
    taken = desk.session.scalars(select(Reservation.person_id).where(Reservation.booking_id == call.id)).all()
    assert taken == [desk.world.rita.id]
    with pytest.raises(SlotTaken):
        desk.book(desk.world.mallory, AWAY)
    assert desk.book(desk.world.vera, AFTER).specialist == desk.world.sam.profile


def test_the_locks_are_those_of_all_who_may_stand_in(desk: Desk) -> None:
    world = desk.world
    goes_on_leave(desk.session, world.sam, named=world.lev)
    found = service.people_to_lock(desk.session, NOW, world.vera.id)
    assert {world.sam.id, world.rita.id, world.lev.id} <= set(found)


def test_a_leave_that_arrives_between_looking_and_booking_decides(desk: Desk) -> None:
    held = desk.hold(desk.world.vera, AWAY)
    assert held.specialist == desk.world.sam.profile
    goes_on_leave(desk.session, desk.world.sam)
    call = desk.book(desk.world.vera, AWAY)
    assert call.specialist == desk.world.rita.profile
    assert desk.session.query(Reservation).filter_by(person_id=desk.world.sam.id).count() == 0


def test_a_leave_that_is_taken_back_gives_the_day_back(desk: Desk) -> None:
    goes_on_leave(desk.session, desk.world.sam, last=FIRST)
    desk.session.execute(delete(TimeOff))
    desk.session.commit()
    # The picture still has it for a moment: nothing is offered then, and nobody else's.
    assert "12-01" not in whose(open_times(desk))


def test_what_is_different_with_the_stand_in_counts_on_their_days_alone(desk: Desk) -> None:
    kind = service.call_type(desk.session, "product-support")
    change = CallTypeChange(call_type_id=kind.id, specialist_id=desk.world.rita.id, rules={"length": 60})
    desk.session.add(change)
    desk.session.commit()
    goes_on_leave(desk.session, desk.world.sam)
    lengths = {f"{slot.start:%m-%d}": slot.length for slot in open_times(desk).offer.slots}
    assert (lengths["11-30"], lengths["12-01"]) == (kind.rules.length, timedelta(hours=1))
    assert desk.book(desk.world.vera, AWAY).length == timedelta(hours=1)


def test_days_of_whoever_has_no_such_calls_are_not_offered_as_somebody_elses(desk: Desk) -> None:
    kind = service.call_type(desk.session, "product-support")
    change = CallTypeChange(call_type_id=kind.id, specialist_id=desk.world.rita.id, rules={"length": 60})
    desk.session.add(change)
    # The days are Rita's already, and still in Sam's calendar.
    row = TimeOff(specialist_id=desk.world.sam.id, uid="x", first_day=FIRST, last_day=LAST, noticed_at=NOW)
    desk.session.add(row)
    desk.session.commit()
    span, kind = Interval(AWAY, AWAY + timedelta(days=1)), service.call_type(desk.session, "product-support")
    wanted = (desk.session, NOW, desk.settings, desk.world.vera.profile, kind, span)
    with pytest.raises(LengthRefused):
        desk.book(desk.world.vera, AWAY, length=minutes(kind.rules.length))
    found = service.open_times(*wanted, length=minutes(kind.rules.length))
    assert found.offer.slots == () and found.offer.closed is None


def test_where_nobody_serves_nobody_else_takes_the_call(desk: Desk) -> None:
    goes_on_leave(desk.session, desk.world.sam)
    stands_in(desk.session, None, desk.world.sam)
    with pytest.raises(SlotRefused):
        desk.book(desk.world.vera, AWAY, specialist=desk.world.rita.profile.public_id)


def test_a_moved_call_keeps_its_person_and_has_no_times_while_they_are_away(desk: Desk) -> None:
    call = desk.book(desk.world.vera, BEFORE)
    goes_on_leave(desk.session, desk.world.sam)
    with pytest.raises(SlotRefused) as told:
        desk.move(desk.world.vera.user, call, AWAY)
    assert told.value.reason is Reason.TIME_OFF
    assert desk.move(desk.world.vera.user, call, AFTER).specialist == desk.world.sam.profile


def test_a_series_is_with_whoever_serves_on_each_day(desk: Desk) -> None:
    goes_on_leave(desk.session, desk.world.sam)
    first = AWAY - timedelta(days=7)
    plan = service.plan_series(
        desk.session, NOW, desk.settings, desk.world.vera.id, "product-support", first, Repeat(1, 3)
    )
    whose = [plan.wishes.at(call.start) for call in plan.calls]
    sam, rita = desk.world.sam.profile, desk.world.rita.profile
    assert [wish and wish.specialist for wish in whose] == [sam, rita, sam]
    assert [call.why for call in plan.calls] == ["", "", ""]


def test_a_listing_with_a_second_person_costs_few_more_queries(desk: Desk, count_queries) -> None:
    def cost() -> int:
        with count_queries() as queries:
            open_times(desk)
        return len(queries)

    alone = cost()
    goes_on_leave(desk.session, desk.world.sam)
    # Who stands in; their calendar, reservations and calls; and Sam's again for the days after.
    assert cost() - alone <= 9
    assert desk.session.query(Booking).count() == 0


@pytest.mark.parametrize("unread", ["sam", "rita"])
def test_days_of_an_unread_calendar_are_told_as_that_and_stop_a_series_only_at_its_first_call(
    desk: Desk, unread: str
) -> None:
    goes_on_leave(desk.session, desk.world.sam)
    whose = CalendarAccount.person_id == getattr(desk.world, unread).id
    desk.session.execute(update(CalendarAccount).where(whose).values(in_step_at=NOW - timedelta(days=1)))
    desk.session.commit()
    weekly = Repeat(1, count=2)

    def whys(first: datetime) -> list[str]:
        plan = service.plan_series(
            desk.session, NOW, desk.settings, desk.world.vera.id, "product-support", first, weekly
        )
        return [call.why for call in plan.calls]

    of_sam, of_rita = AWAY - timedelta(days=7), AWAY
    stopped, told = (of_sam, of_rita) if unread == "sam" else (of_rita, of_sam)
    with pytest.raises(CalendarAway):
        whys(stopped)
    assert whys(told) == ["", "calendar_away"]
    assert refusal_words("calendar_away") != refusal_words("time_off")
