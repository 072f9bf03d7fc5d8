"""A call that lies in two time offs at once is decided about once."""

from datetime import timedelta

from app.booking import service
from app.booking.standins.service import count_undecided, keep
from app.booking.values import CallValue
from app.lib.db import write
from tests.booking.core.desk import Desk
from tests.booking.standins.away import FIRST, LAST, goes_on_leave

DAY = timedelta(days=1)


def booked(desk: Desk) -> CallValue:
    """A call on the first day of the leave."""
    start = next(at for at in desk.open_starts(desk.world.vera) if at.date() == FIRST)
    return desk.book(desk.world.vera, start)


def undecided(desk: Desk) -> int:
    desk.session.rollback()
    return count_undecided(desk.session, desk.now, desk.settings, desk.world.sam.id)


def kept(desk: Desk, call: CallValue) -> None:
    sam = desk.world.sam
    people = service.people_to_lock(desk.session, desk.now, sam.id, call.public_id)
    write(desk.session, people, lambda s: keep(s, desk.now, desk.settings, sam.user, call.public_id))


def test_a_call_that_is_kept_is_kept_for_every_time_off_it_lies_in(desk: Desk) -> None:
    call = booked(desk)
    for first in (FIRST - DAY, FIRST):
        goes_on_leave(desk.session, desk.world.sam, first, LAST)
    assert undecided(desk) == 1
    kept(desk, call)
    assert undecided(desk) == 0


def test_time_off_that_is_entered_later_is_decided_about_anew(desk: Desk) -> None:
    call = booked(desk)
    goes_on_leave(desk.session, desk.world.sam, FIRST, LAST)
    kept(desk, call)
    goes_on_leave(desk.session, desk.world.sam, FIRST - DAY, LAST)
    assert undecided(desk) == 1
    kept(desk, call)
    assert undecided(desk) == 0
