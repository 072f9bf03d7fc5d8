"""Whoever frees a senior's time holds the lock of that senior, as whoever takes it does."""

from datetime import timedelta

import pytest

from app.booking import service
from app.booking.values import ANY_SENIOR
from tests.booking.core.desk import TUESDAY, Desk

pytestmark = pytest.mark.postgres


def locked_for(desk: Desk, user_id: int, call: str = "") -> set[int]:
    """Who is locked for what this person does to ``call``, or to no call at all."""
    people = service.people_to_lock(desk.session, desk.now, user_id, call)
    desk.session.rollback()
    return set(people)


@pytest.mark.parametrize("by", ["vera", "sam"])
def test_many_calls_at_once_are_called_off_under_the_locks_of_all_on_them(desk: Desk, by: str) -> None:
    """The rest of a series by its contact, what is gone from their calendar by its specialist."""
    somebody = getattr(desk.world, by).id
    before = locked_for(desk, somebody)
    assert desk.world.lev.id not in before
    desk.book(desk.world.vera, senior=ANY_SENIOR)
    assert locked_for(desk, somebody) == before | {desk.world.sam.id, desk.world.lev.id}


@pytest.mark.parametrize("by", ["vera", "sam"])
def test_another_time_is_kept_under_the_lock_of_whose_time_was_kept_before(desk: Desk, by: str) -> None:
    call, somebody = desk.book(desk.world.vera), getattr(desk.world, by)
    desk.hold(somebody, TUESDAY + timedelta(hours=2), call.public_id, senior=ANY_SENIOR)
    assert desk.world.lev.id in locked_for(desk, somebody.id)
