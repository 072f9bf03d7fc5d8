"""Moving and cancelling, before the calendar has been asked."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.availability.errors import SlotRefused, SlotTaken
from app.availability.models import Reservation
from app.booking import service
from app.booking.errors import AlreadyYours, CannotChange
from app.booking.models import Booking
from app.booking.values import CallValue
from app.jobs.client import live_keys
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.desk import NOW, TUESDAY, Desk

HOUR = timedelta(hours=1)
LATER = TUESDAY + 2 * HOUR


def confirm(desk: Desk, call: CallValue) -> CallValue:
    """As if the calendar had it."""
    values = {"status": "confirmed", "confirmed_at": NOW, "written_sequence": call.sequence}
    desk.session.execute(update(Booking).where(Booking.id == call.id).values(**values))
    desk.session.commit()
    return service.call_of(desk.session, desk.world.sam.user, call.public_id)


def taken(desk: Desk) -> Sequence[Interval]:
    rows = desk.session.execute(
        select(Reservation.starts_at, Reservation.ends_at).order_by(Reservation.starts_at)
    )
    return [Interval(*row) for row in rows]


@pytest.mark.postgres
def test_a_move_keeps_the_old_time_until_it_is_confirmed(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    moved = desk.move(desk.world.vera.user, call, LATER)
    assert (moved.status, moved.start, moved.sequence) == ("confirmed", TUESDAY, 1)
    assert moved.move == Interval(LATER, LATER + HOUR / 2)
    assert taken(desk) == [call.rules.taken_by(TUESDAY), call.rules.taken_by(LATER)]
    assert f"booking:{call.id}:1:move" in live_keys(desk.session)
    with pytest.raises(SlotTaken):
        desk.book(desk.world.pavel, LATER)


@pytest.mark.postgres
def test_a_small_move_reserves_the_hull_of_both_times(desk: Desk) -> None:
    start = next(s for s in desk.open_starts(desk.world.vera, "feature-training") if s >= TUESDAY)
    call = confirm(desk, desk.book(desk.world.vera, start, slug="feature-training"))
    grid = call.rules.grid
    desk.move(desk.world.vera.user, call, start + grid)
    assert taken(desk) == [Interval(call.rules.taken_by(start).start, call.rules.taken_by(start + grid).end)]


def test_asking_again_for_the_same_time_changes_nothing(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    once = desk.move(desk.world.vera.user, call, LATER)
    assert desk.move(desk.world.vera.user, call, LATER) == once
    assert (
        desk.move(desk.world.vera.user, desk.book(desk.world.vera, LATER + HOUR), LATER + HOUR).sequence == 0
    )


@pytest.mark.postgres
def test_another_new_time_takes_the_place_of_the_first(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.move(desk.world.vera.user, call, LATER)
    again = desk.move(desk.world.vera.user, call, LATER + HOUR)
    assert again.sequence == 2
    assert taken(desk) == [call.rules.taken_by(TUESDAY), call.rules.taken_by(LATER + HOUR)]


def test_asking_for_the_present_time_gives_the_move_up(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.move(desk.world.vera.user, call, LATER)
    back = desk.move(desk.world.vera.user, call, TUESDAY)
    assert (back.move, back.sequence, back.status) == (None, 2, "confirmed")
    assert taken(desk) == [call.rules.taken_by(TUESDAY)]


def test_a_pending_call_can_be_moved_too(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    moved = desk.move(desk.world.vera.user, call, LATER)
    assert (moved.status, moved.move) == ("pending", Interval(LATER, LATER + HOUR / 2))


def test_a_taken_or_closed_new_time_changes_nothing(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.book(desk.world.pavel, LATER)
    with pytest.raises(SlotTaken):
        desk.move(desk.world.vera.user, call, LATER)
    with pytest.raises(SlotRefused):
        desk.move(desk.world.vera.user, call, LATER + timedelta(minutes=1))
    assert service.call_of(desk.session, desk.world.vera.user, call.public_id) == call


def test_a_hold_for_a_move_keeps_what_the_call_does_not_have_yet(desk: Desk) -> None:
    start = next(s for s in desk.open_starts(desk.world.vera, "feature-training") if s >= TUESDAY)
    call = confirm(desk, desk.book(desk.world.vera, start, slug="feature-training"))
    desk.hold(desk.world.vera, start + call.rules.grid, moving=call.public_id)
    moved = desk.move(desk.world.vera.user, call, start + call.rules.grid)
    assert moved.move is not None and len(taken(desk)) == 1
    with pytest.raises(AlreadyYours):
        desk.hold(desk.world.vera, start)
    with pytest.raises(CannotChange):
        desk.hold(desk.world.vera, start, moving=call.public_id)


def test_inside_the_move_notice_a_contact_is_too_late_and_a_specialist_is_not(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.now = call.change_until + timedelta(seconds=1)
    for change in (
        lambda: desk.move(desk.world.vera.user, call, LATER),
        lambda: desk.cancel(desk.world.vera.user, call),
    ):
        with pytest.raises(CannotChange) as told:
            change()
        assert (told.value.reason, told.value.status) == ("late", 422)
    assert desk.cancel(desk.world.sam.user, call).status == "cancelled"


def test_a_call_that_has_begun_or_ended_cannot_be_changed(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.now = TUESDAY
    with pytest.raises(CannotChange) as told:
        desk.cancel(desk.world.sam.user, call)
    assert (told.value.reason, told.value.status) == ("ended", 409)


def test_somebody_elses_call_does_not_exist(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    for stranger in (desk.world.mallory, desk.world.pavel, desk.world.rita):
        for ask in (
            lambda user=stranger.user: service.call_of(desk.session, user, call.public_id),
            lambda user=stranger.user: desk.move(user, call, LATER),
            lambda user=stranger.user: desk.cancel(user, call),
        ):
            with pytest.raises(NotFound):
                ask()


@pytest.mark.postgres
def test_cancelling_frees_the_time_at_once_and_mails_the_cancellation(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    cancelled = desk.cancel(desk.world.vera.user, call, "Solved")
    assert (cancelled.status, cancelled.sequence, cancelled.ended_reason) == ("cancelled", 1, "Solved")
    assert taken(desk) == []
    assert TUESDAY in desk.open_starts(desk.world.pavel)
    mail = desk.session.scalars(select(OutgoingMail)).one()
    assert mail.subject_key == f"booking:{call.id}:1:cancelled:{desk.world.vera.id}"
    assert b"METHOD:CANCEL" not in mail.content and b'method="CANCEL"' in mail.content
    assert f"booking:{call.id}:1:cancel" in live_keys(desk.session)


def test_cancelling_again_changes_nothing(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    once = desk.cancel(desk.world.vera.user, call)
    assert desk.cancel(desk.world.vera.user, call, "again") == once
    with pytest.raises(CannotChange):
        desk.move(desk.world.vera.user, call, LATER)


def test_a_call_that_nobody_was_invited_to_is_cancelled_without_a_mail(desk: Desk) -> None:
    desk.cancel(desk.world.vera.user, desk.book(desk.world.vera))
    assert desk.session.scalars(select(OutgoingMail)).all() == []


def test_a_reserved_call_that_its_specialist_calls_off_is_told(desk: Desk) -> None:
    desk.cancel(desk.world.sam.user, desk.book(desk.world.vera), "I am on leave")
    mail = desk.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "vera@nordwind.example" and mail.subject_key.split(":")[3] == "not_booked"


def test_a_cancel_during_a_move_frees_both_times(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.move(desk.world.vera.user, call, LATER)
    cancelled = desk.cancel(desk.world.vera.user, call)
    assert (cancelled.move, cancelled.sequence) == (None, 2)
    assert taken(desk) == []


def test_coming_and_past_calls_are_told_apart(desk: Desk) -> None:
    first = confirm(desk, desk.book(desk.world.vera))
    second = desk.book(desk.world.vera, LATER)
    gone = desk.cancel(desk.world.vera.user, desk.book(desk.world.vera, LATER + HOUR))
    user = desk.world.vera.user

    def listed(when: str) -> list[str]:
        calls = service.calls_of(desk.session, desk.now, user, when=when)
        return [call.public_id for call in calls]

    assert listed("coming") == [first.public_id, second.public_id]
    assert listed("past") == [gone.public_id]
    desk.now = first.end
    assert (listed("coming"), listed("past")) == ([second.public_id], [gone.public_id, first.public_id])
    assert service.calls_of(desk.session, desk.now, desk.world.pavel.user, when="coming") == []
    assert len(service.calls_of(desk.session, NOW, desk.world.sam.user, when="coming")) == 2


def test_contacts_ask_for_no_time_of_a_specialist_whose_account_is_closed(desk: Desk) -> None:
    call = confirm(desk, desk.book(desk.world.vera))
    desk.session.execute(update(User).where(User.id == desk.world.sam.id).values(is_active=False))
    desk.session.commit()
    for way in (
        lambda: desk.move(desk.world.vera.user, call, LATER),
        lambda: desk.hold(desk.world.vera, LATER, moving=call.public_id),
    ):
        with pytest.raises(CannotChange) as told:
            way()
        assert told.value.reason == "left"
    assert taken(desk) == [call.rules.taken_by(TUESDAY)]
    # Administrators may, and cancelling is everybody's.
    assert desk.move(desk.world.ada.user, call, LATER).move is not None
    assert desk.cancel(desk.world.vera.user, call).status == "cancelled"
