"""Starts for a call that two take part in: open exactly when they are open for each."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.availability.slots import Reason, find_slots, judged_starts, refusal
from app.lib.intervals import Interval
from tests.availability.test_slots import DAY, NOW, RULES, WHOLE_DAY, at, between, situation
from tests.availability.test_slots_against_model import cases


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ({}, None),
        ({"busy": [between(at(10), at(11))]}, Reason.BUSY),
        ({"busy": [between(at(10, 35), at(11))]}, Reason.BUSY),
        ({"busy": [between(at(10, 40), at(11))]}, None),
        ({"reserved": [between(at(10), at(10, 30))]}, Reason.TAKEN),
        ({"time_off": [between(at(9), at(12))]}, Reason.BUSY),
        ({"working": [between(at(11), at(17))]}, Reason.BUSY),
        ({"working": [between(at(9), at(10, 30))]}, None),
        ({"holidays": frozenset({DAY})}, Reason.BUSY),
        ({"holidays": frozenset({date(2026, 11, 26)})}, None),
        ({"window": []}, Reason.BUSY),
    ],
)
def test_a_start_is_open_when_it_is_open_for_each(theirs: dict[str, object], reason: Reason | None) -> None:
    other = situation(**theirs)
    assert refusal(RULES, situation(), at(10), NOW, [other]) is reason
    listed = [slot.start for slot in find_slots(RULES, situation(), WHOLE_DAY, NOW, [other])]
    assert (at(10) in listed) is (reason is None)
    assert dict(judged_starts(RULES, situation(), WHOLE_DAY, NOW, [other]))[at(10)] is reason


def test_the_first_ones_own_reason_is_told_first() -> None:
    mine, theirs = situation(working=[between(at(11), at(17))]), situation(reserved=[between(at(9), at(12))])
    assert refusal(RULES, mine, at(10), NOW, [theirs]) is Reason.HOURS


@given(mine=cases(), theirs=cases())
@settings(max_examples=60, deadline=None)
def test_slots_of_two_are_those_in_both_lists(mine: tuple, theirs: tuple) -> None:  # type: ignore[type-arg]
    rules, first, span, now = mine
    second = theirs[1]
    if second.zone != first.zone:
        return
    both = find_slots(rules, first, span, now, [second])
    alone = (find_slots(rules, each, span, now) for each in (first, second))
    expected = set.intersection(*(set(found) for found in alone))
    assert set(both) == expected
    for start in (slot.start for slot in find_slots(rules, first, span, now)):
        is_open = Interval(start, start + rules.length) in expected
        assert (refusal(rules, first, start, now, [second]) is None) is is_open


def test_a_call_between_two_peoples_busy_times_needs_room_for_its_buffer() -> None:
    mine = situation(busy=[between(at(9), at(10))])
    theirs = situation(busy=[between(at(11), at(17))])
    found = find_slots(RULES, mine, WHOLE_DAY, NOW, [theirs])
    assert [slot.start for slot in found] == [at(10)]
    assert RULES.taken_by(at(10)).end == at(10, 40) and RULES.length == timedelta(minutes=30)
