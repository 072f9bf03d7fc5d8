"""Many events moved at a time: their specialist is asked before customers are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.booking.values import CallValue
from tests.booking.core.office import Office, row_of, starts

WEEK = timedelta(days=7)


@pytest.fixture
def moved(office: Office) -> list[CallValue]:
    """Four calls whose events a program has shifted by a week."""
    calls = [office.booked(start) for start in starts(office, 4)]
    for call in calls:
        office.drag(call, call.start + WEEK)
    office.look()
    return calls


def test_four_moves_at_once_are_asked_about_and_nobody_else_is_told(
    office: Office, moved: list[CallValue]
) -> None:
    office.look()
    assert [office.now_of(call).start for call in moved] == [call.start for call in moved]
    assert all(row_of(office, call).asked_at for call in moved)
    assert office.kinds() == ["moved_many sam"]


@pytest.mark.postgres
def test_moves_asked_about_are_followed_when_their_specialist_says_so(
    office: Office, moved: list[CallValue]
) -> None:
    assert office.answer("follow", moved[0]) == 1
    assert office.answer("follow", None) == 3
    for call in moved:
        office.work(call)
    assert [office.now_of(call).start for call in moved] == [call.start + WEEK for call in moved]
    assert office.kinds() == ["moved_many sam", *["followed vera"] * 4]
    office.look()
    assert not any(row_of(office, call).asked_at for call in moved)


def test_moves_asked_about_can_be_put_back(office: Office, moved: list[CallValue]) -> None:
    assert office.answer("back", None) == 4
    for call in moved:
        office.work(call)
    office.look()
    assert sorted(event.start for event in office.events()) == [call.start for call in moved]
    assert [office.now_of(call).status for call in moved] == ["confirmed"] * 4
    assert office.kinds() == ["moved_many sam"]


def test_what_is_put_back_by_hand_is_asked_about_no_more(office: Office, moved: list[CallValue]) -> None:
    there = replace(moved[0], start=moved[0].start + WEEK, end=moved[0].end + WEEK)
    office.drag(there, moved[0].start)
    office.look()
    assert [bool(row_of(office, item).asked_at) for item in moved] == [False, True, True, True]


def test_three_moves_by_hand_are_followed(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 3)]
    for call in calls:
        office.drag(call, call.start + WEEK)
    office.look()
    assert office.kinds() == ["followed vera"] * 3
