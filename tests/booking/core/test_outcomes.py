"""What became of a call, and the notes on it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.accounts.errors import NotFound
from app.accounts.service import history
from app.accounts.values import SignedIn
from app.booking import service
from app.booking.errors import CannotChange
from app.booking.lifecycle import Event
from app.booking.models import CallType
from app.booking.outcomes.notes import Notes
from app.booking.values import CallValue
from app.calendars.models import CalendarAccount
from app.lib.text import UncleanText
from tests.booking.core.desk import Desk
from tests.booking.core.test_changes import confirm


def mark(desk: Desk, user: SignedIn, call: CallValue, event: Event, notes: Notes | None = None) -> CallValue:
    return desk._write(
        user.id,
        lambda s: service.mark(s, desk.now, desk.settings, user, call.public_id, event, notes or Notes()),
        call.public_id,
    )


def begun(desk: Desk) -> CallValue:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.now = call.start
    return call


def test_a_call_is_marked_once_it_has_begun_and_can_be_put_right(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    sam = desk.world.sam.user
    with pytest.raises(CannotChange) as told:
        mark(desk, sam, call, Event.TAKE_PLACE)
    assert told.value.reason == "early"
    desk.now = call.start
    assert mark(desk, sam, call, Event.MISS).status == "no_show"
    assert mark(desk, desk.world.ada.user, call, Event.TAKE_PLACE).status == "took_place"
    verbs = [fact.verb for fact in history(desk.session, "booking", call.public_id)]
    assert verbs == ["booked", "no_show", "took_place"]


def test_the_customer_reads_one_note_and_not_the_other(desk: Desk) -> None:
    call = begun(desk)
    mark(desk, desk.world.sam.user, call, Event.TAKE_PLACE, Notes("Try 4.2", "They use 3.9"))
    assert service.notes_of(desk.session, call, desk.world.vera.user) == Notes("Try 4.2", "")
    assert service.notes_of(desk.session, call, desk.world.sam.user) == Notes("Try 4.2", "They use 3.9")


def test_notes_that_cannot_be_taken_change_nothing(desk: Desk) -> None:
    call = begun(desk)
    with pytest.raises(UncleanText):
        mark(desk, desk.world.sam.user, call, Event.TAKE_PLACE, Notes("x" * 4001))
    assert service.call_of(desk.session, desk.world.sam.user, call.public_id).status == "confirmed"


def test_nobody_else_marks_a_call(desk: Desk) -> None:
    call = begun(desk)
    with pytest.raises(CannotChange):
        mark(desk, desk.world.vera.user, call, Event.MISS)
    with pytest.raises(NotFound):
        mark(desk, desk.world.rita.user, call, Event.MISS)


def in_step(desk: Desk) -> None:
    """The calendars were read just now."""
    desk.session.execute(update(CalendarAccount).values(in_step_at=desk.now))
    desk.session.commit()


def test_a_call_that_took_place_still_counts_for_the_cap_of_its_day(desk: Desk) -> None:
    desk.session.execute(update(CallType).values(daily_cap=1, notice=0))
    desk.session.commit()
    call = begun(desk)
    in_step(desk)
    mark(desk, desk.world.sam.user, call, Event.TAKE_PLACE)
    starts = desk.open_starts(desk.world.pavel)
    assert starts and not [start for start in starts if start.date() == call.start.date()]


def test_specialist_and_administrator_move_a_call_and_its_contact_reads_why(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    later = call.start + timedelta(hours=3)
    moved = desk.move(desk.world.sam.user, call, later, "I am at the dentist")
    assert moved.move is not None and moved.move.start == later
    facts = history(desk.session, "booking", call.public_id)
    assert facts[-1].detail["reason"] == "I am at the dentist"
    again = desk.move(desk.world.ada.user, call, later + timedelta(hours=1))
    assert again.move is not None and again.sequence == 2


def test_staff_move_inside_the_notice_that_contacts_keep(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.now = call.start - timedelta(minutes=30)
    in_step(desk)
    soon = call.start + timedelta(minutes=30)
    with pytest.raises(CannotChange):
        desk.move(desk.world.vera.user, call, soon)
    assert desk.move(desk.world.sam.user, call, soon).move is not None


def test_nothing_is_said_of_a_call_whose_new_time_still_waits(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.move(desk.world.sam.user, call, call.start + timedelta(hours=3))
    desk.now = call.start
    with pytest.raises(CannotChange) as told:
        mark(desk, desk.world.sam.user, call, Event.MISS)
    assert told.value.reason == "moving"
