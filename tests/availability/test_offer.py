"""Times from the copy of a calendar: what is offered, why a start is refused, and when all is closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.availability.errors import CalendarAway, SlotRefused
from app.availability.models import Reservation
from app.availability.presence import State
from app.availability.service import calendar_state, check_slot, offer_slots, presence
from app.availability.slots import Reason, SlotRules
from app.calendars.models import CalendarAccount
from app.config import Settings
from app.lib.intervals import Interval
from tests.availability.replica import NOW, at, span, store_replica
from tests.world import build_world

MINUTE = timedelta(minutes=1)
RULES = SlotRules(30 * MINUTE, 30 * MINUTE, 0 * MINUTE, 10 * MINUTE, 120 * MINUTE, timedelta(days=56), 8)
TUESDAY = span(24, 0, 24)


@pytest.fixture
def sam(session: Session) -> Any:
    """Sam's profile; her calendar holds hours from 9 to 12 on Tuesday and an entry from 10 to 11."""
    profile = build_world(session, NOW).sam.profile
    store_replica(session, profile.user_id, working=[span(24, 9, 12)], busy=[span(24, 10, 11)])
    return profile


def starts(session: Session, settings: Settings, sam: Any, now: datetime = NOW, **asked: Any) -> list[str]:
    offer = offer_slots(session, now, settings, sam, RULES, TUESDAY, **asked)
    return [f"{slot.start + timedelta(hours=1):%H:%M}" for slot in offer.slots]


def reserve_row(session: Session, sam: Any, taken: Interval, expires_at: datetime | None = None) -> int:
    kind = "booking" if expires_at is None else "hold"
    values = {"person_id": sam.user_id, "starts_at": taken.start, "ends_at": taken.end}
    row = insert(Reservation).values(kind=kind, expires_at=expires_at, **values).returning(Reservation.id)
    found = session.execute(row).scalar_one()
    session.commit()
    return found


def test_free_times_lie_in_the_hours_and_outside_the_calendar(
    session: Session, settings: Settings, sam: Any
) -> None:
    assert starts(session, settings, sam) == ["09:00", "11:00", "11:30"]


def test_a_reservation_closes_its_time_and_an_expired_hold_does_not(
    session: Session, settings: Settings, sam: Any
) -> None:
    reserve_row(session, sam, span(24, 11, 12), NOW + 5 * MINUTE)
    assert starts(session, settings, sam) == ["09:00"]
    assert starts(session, settings, sam, now=NOW + 5 * MINUTE) == ["09:00", "11:00", "11:30"]


def test_ones_own_hold_does_not_stand_in_the_way(session: Session, settings: Settings, sam: Any) -> None:
    own = reserve_row(session, sam, span(24, 11, 12), NOW + 5 * MINUTE)
    assert "11:00" in starts(session, settings, sam, without_kept=[own])


def test_our_own_event_counts_as_its_reservation_and_as_busy_where_it_was_moved_to(
    session: Session, settings: Settings, sam: Any
) -> None:
    store_replica(session, sam.user_id, working=[span(24, 9, 12)], own=[("attache-1", span(24, 11, 12))])
    assert starts(session, settings, sam) == ["09:00", "09:30", "10:00"]
    written = frozenset({("attache-1", at(24, 11), at(24, 12))})
    assert "11:30" in starts(session, settings, sam, own=written)


def test_the_public_holidays_of_the_specialists_country_are_closed(
    session: Session, settings: Settings, sam: Any
) -> None:
    christmas = Interval(datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 24, 23, tzinfo=UTC))
    store_replica(session, sam.user_id, working=[christmas])
    asked = (session, NOW, settings, replace(sam, country="SK"), RULES, christmas)
    assert offer_slots(*asked).slots == ()
    assert offer_slots(*asked[:3], replace(sam, country="GB"), *asked[4:]).slots != ()


def test_a_single_start_is_checked_as_the_list_says(session: Session, settings: Settings, sam: Any) -> None:
    check_slot(session, NOW, settings, sam, RULES, at(24, 9))
    with pytest.raises(SlotRefused) as refused:
        check_slot(session, NOW, settings, sam, RULES, at(24, 10))
    assert refused.value.reason is Reason.BUSY


def test_nothing_is_offered_beyond_what_the_copy_covers(
    session: Session, settings: Settings, sam: Any
) -> None:
    store_replica(session, sam.user_id, working=[span(24, 9, 12)], covered=Interval(NOW, at(24, 10)))
    assert starts(session, settings, sam) == ["09:00"]
    with pytest.raises(SlotRefused) as refused:
        check_slot(session, NOW, settings, sam, RULES, at(24, 9, 30))
    assert refused.value.reason is Reason.HORIZON


def test_an_old_copy_offers_nothing_and_says_since_when(
    session: Session, settings: Settings, sam: Any
) -> None:
    late = NOW + settings.calendar_max_age + timedelta(seconds=1)
    offer = offer_slots(session, late, settings, sam, RULES, TUESDAY)
    assert offer.slots == ()
    assert offer.closed is not None
    assert (offer.closed.reason, offer.closed.since) == ("calendar_away", NOW)
    with pytest.raises(CalendarAway):
        check_slot(session, late, settings, sam, RULES, at(24, 9))
    assert presence(session, late, settings, sam).state is State.UNKNOWN
    assert calendar_state(session, late, settings, sam.user_id).state == "calendar_away"


def test_a_copy_from_the_future_offers_nothing_for_its_age_is_unknown(
    session: Session, settings: Settings, sam: Any
) -> None:
    before = NOW - timedelta(minutes=2)
    offer = offer_slots(session, before, settings, sam, RULES, TUESDAY)
    assert offer.closed is not None
    assert offer.closed.reason == "calendar_away"
    assert offer_slots(session, NOW - timedelta(seconds=30), settings, sam, RULES, TUESDAY).slots


def test_a_calendar_that_was_never_read_offers_nothing(
    session: Session, settings: Settings, sam: Any
) -> None:
    session.execute(update(CalendarAccount).values(in_step_at=None))
    offer = offer_slots(session, NOW, settings, sam, RULES, TUESDAY)
    assert offer.closed is not None
    assert offer.closed.reason == "calendar_away"


def test_no_calendar_offers_nothing(session: Session, settings: Settings) -> None:
    rita = build_world(session, NOW).rita.profile
    offer = offer_slots(session, NOW, settings, rita, RULES, TUESDAY)
    assert offer.closed is not None
    assert offer.closed.reason == "no_calendar"
    assert calendar_state(session, NOW, settings, rita.user_id).state == "no_calendar"


def test_the_last_entitled_day_ends_the_offer(session: Session, settings: Settings, sam: Any) -> None:
    assert starts(session, settings, sam, last_day=date(2026, 11, 23)) == []


def test_presence_needs_the_calendar_the_window_and_the_calls(
    session: Session, settings: Settings, sam: Any
) -> None:
    at_nine = at(24, 9)
    session.execute(update(CalendarAccount).values(in_step_at=at_nine))
    assert presence(session, at_nine, settings, sam).state is State.IN
    reserve_row(session, sam, span(24, 9, 10))
    assert presence(session, at_nine, settings, sam).state is State.ON_CALL


@pytest.mark.postgres
def test_looking_costs_four_queries_whatever_stands_in_the_calendar(
    session: Session, settings: Settings, sam: Any, count_queries: Callable[[], Any]
) -> None:
    many = [Interval(at(24, 9) + n * MINUTE, at(24, 9) + (n + 1) * MINUTE) for n in range(0, 600, 2)]
    store_replica(session, sam.user_id, working=[span(24, 9, 12)], busy=many)
    with count_queries() as queries:
        offer_slots(session, NOW, settings, sam, RULES, TUESDAY)
    assert len(queries) <= 4
    with count_queries() as queries:
        presence(session, NOW, settings, sam)
    assert len(queries) <= 4
