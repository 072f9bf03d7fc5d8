"""The rules of the waiting list, with values alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.booking.values import CallValue
from app.booking.waiting.line import (
    Place,
    State,
    as_it_stands,
    choose,
    fate,
    has_run_out,
    in_line,
    is_untold,
    kept_until,
    passed,
    span_of,
)
from app.lib.intervals import Interval
from tests.booking.made_up import NOW, SUPPORT, at, call, slot

ZONE = "Europe/Bratislava"
MINUTE = timedelta(minutes=1)


def place(**changes: Any) -> Place:
    """Vera waits for Sam on Wednesday and Thursday."""
    plain = Place(
        id=1,
        public_id="w1",
        contact_id=1,
        company_id=1,
        specialist_id=5,
        specialist_name="Sam Okafor",
        call_type_id=1,
        call_type_slug=SUPPORT.slug,
        call_type_names=SUPPORT.names,
        moving_id=None,
        moves_from=None,
        first_day=date(2026, 11, 25),
        last_day=date(2026, 11, 26),
        state=State.WAITING,
        created_at=NOW,
        passed_at=None,
        passed_starts=frozenset(),
        offer=None,
        offer_expires_at=None,
        is_kept=False,
    )
    return replace(plain, **changes)


OFFERED: dict[str, Any] = {
    "state": State.OFFERED,
    "offer": slot(25, 9),
    "offer_expires_at": NOW + 30 * MINUTE,
    "is_kept": True,
}
# Her call on Wednesday at 13:00 UTC is to be moved.
MOVING: dict[str, Any] = {"moving_id": 7, "moves_from": at(25, 13)}


def test_the_line_is_in_the_order_of_joining_and_who_let_an_offer_run_out_goes_last() -> None:
    first, second = place(id=1), place(id=2, created_at=NOW + MINUTE)
    passed_over = place(id=3, created_at=NOW - MINUTE, passed_at=NOW + 2 * MINUTE)
    later = place(id=4, created_at=NOW + 3 * MINUTE)
    assert [item.id for item in in_line([later, passed_over, second, first])] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changes", "calls", "then"),
    [
        ({}, [], State.WAITING),
        ({"last_day": date(2026, 11, 24), "first_day": date(2026, 11, 24)}, [], State.WAITING),
        ({"last_day": date(2026, 11, 23), "first_day": date(2026, 11, 23)}, [], State.ENDED),
        # The contact has booked otherwise: before it joined, into its days, on another day, of another kind.
        ({}, [call()], State.WAITING),
        ({}, [call(created_at=NOW + MINUTE)], State.ENDED),
        ({}, [call(created_at=NOW + MINUTE, start=at(27, 13), end=at(27, 14))], State.WAITING),
        ({}, [call(created_at=NOW + MINUTE, call_type_id=2)], State.WAITING),
        # An offer: kept, run out, given up, and become a call.
        (OFFERED, [], State.OFFERED),
        ({**OFFERED, "offer_expires_at": NOW}, [], State.WAITING),
        ({**OFFERED, "is_kept": False}, [], State.WAITING),
        (OFFERED, [call(created_at=NOW + MINUTE, start=at(25, 9), end=at(25, 10))], State.TAKEN),
        (OFFERED, [call(created_at=NOW + MINUTE)], State.ENDED),
        # A call to move: as it was, on its way to the offer or elsewhere, earlier, later, gone, too late.
        (MOVING, [call()], State.WAITING),
        ({**MOVING, **OFFERED}, [call(move=slot(25, 9))], State.TAKEN),
        (MOVING, [call(move=slot(25, 10))], State.WAITING),
        (MOVING, [call(start=at(25, 10), end=at(25, 11))], State.ENDED),
        (MOVING, [call(start=at(25, 15), end=at(25, 16))], State.WAITING),
        (MOVING, [], State.ENDED),
        (MOVING, [call(move_until=NOW - MINUTE)], State.ENDED),
        ({**MOVING, "first_day": date(2026, 11, 26)}, [call()], State.ENDED),
        # Ends stay ends.
        ({"state": State.TAKEN}, [call()], State.TAKEN),
        ({"state": State.ENDED}, [], State.ENDED),
    ],
)
def test_what_a_place_is_now(changes: dict[str, Any], calls: list[CallValue], then: State) -> None:
    assert fate(place(**changes), calls, NOW, ZONE, 5) is then


@pytest.mark.parametrize("serves", [6, None])
def test_a_time_of_somebody_who_does_not_serve_any_more_is_no_offer(serves: int | None) -> None:
    assert fate(place(**OFFERED), [], NOW, ZONE, serves) is State.WAITING


def test_an_earlier_time_with_another_than_the_call_is_with_now_is_lost() -> None:
    held = place(**MOVING | OFFERED)
    theirs = as_it_stands(held, [call()], None, NOW, ZONE)
    assert theirs.state is State.OFFERED and not theirs.is_lost
    others = as_it_stands(replace(held, specialist_id=6), [call()], None, NOW, ZONE)
    assert others.state is State.WAITING and others.is_lost
    assert others.specialist_name == call().specialist.name
    # What was given back is lost no more.
    assert not as_it_stands(replace(held, specialist_id=6, is_kept=False), [call()], None, NOW, ZONE).is_lost


def test_a_lost_offer_is_told_of_once_and_while_it_lies_ahead() -> None:
    lost = place(**OFFERED | {"state": State.WAITING, "is_kept": False})
    assert is_untold(lost, NOW)
    assert not is_untold(lost, at(25, 9))
    assert not is_untold(replace(lost, offer=None), NOW)
    assert not is_untold(replace(lost, passed_starts=frozenset({"2026-11-25T09:00:00Z"})), NOW)
    assert not is_untold(place(**OFFERED), NOW)


def test_only_an_unanswered_offer_has_run_out() -> None:
    assert has_run_out(place(**OFFERED), NOW + 30 * MINUTE)
    assert not has_run_out(place(**OFFERED), NOW + 29 * MINUTE)
    assert not has_run_out(place(**OFFERED | {"state": State.WAITING}), NOW + 30 * MINUTE)


def test_it_waits_for_its_days_in_the_service_zone_from_now_on() -> None:
    # In Bratislava Wednesday begins at 23:00 UTC on Tuesday.
    assert span_of(place(), [], NOW, ZONE) == Interval(at(24, 23), at(26, 23))
    assert span_of(place(), [], at(25, 10), ZONE) == Interval(at(25, 10), at(26, 23))
    assert span_of(place(), [], at(26, 23), ZONE) is None


def test_before_a_call_only_earlier_times_count_and_none_while_it_moves() -> None:
    assert span_of(place(**MOVING), [call()], NOW, ZONE) == Interval(at(24, 23), at(25, 13))
    assert span_of(place(**MOVING), [call(move=slot(26, 9))], NOW, ZONE) is None
    assert span_of(place(**MOVING), [], NOW, ZONE) is None


def test_what_it_let_pass_is_not_chosen_again_and_what_is_over_is_forgotten() -> None:
    starts = passed(place(**OFFERED), [slot(25, 10), slot(23, 10)], NOW)
    assert starts == ["2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z"]
    later = place(passed_starts=frozenset(starts))
    assert choose(later, [slot(25, 9), slot(25, 10), slot(25, 11)]) == [slot(25, 11)]


def test_an_offer_is_kept_for_half_an_hour_and_never_longer_than_it_can_be_taken() -> None:
    far, soon = slot(25, 9), Interval(NOW + 140 * MINUTE, NOW + 170 * MINUTE)
    notice = timedelta(hours=2)
    assert kept_until(NOW, far, notice, None) == NOW + 30 * MINUTE
    assert kept_until(NOW, soon, notice, None) == NOW + 20 * MINUTE
    assert kept_until(NOW, far, notice, NOW + 10 * MINUTE) == NOW + 10 * MINUTE
    assert kept_until(NOW, far, notice, NOW + 4 * MINUTE) is None
