"""The table of a call's life: what each event requires, where it leads, and whom it tells."""

from datetime import UTC, datetime, timedelta

import pytest

from app.booking.errors import CannotChange
from app.booking.letters.kinds import Kind
from app.booking.life.words import If, Time, When
from app.booking.lifecycle import (
    ACTIVE,
    STANDING,
    TABLE,
    Event,
    Status,
    Who,
    after,
    begin,
    is_active,
    is_possible,
    who_is,
)
from app.booking.values import CallValue
from tests.booking.made_up import call

START = datetime(2026, 11, 25, 13, tzinfo=UTC)
BEFORE, LATER = START - timedelta(days=1), START + timedelta(minutes=5)
NEW = {Event.HOLD, Event.BOOK}
CHANGES = [event for event in Event if event not in NEW]
ENDED = [Status.CANCELLED, Status.DECLINED, Status.EXPIRED]


def in_status(status: Status) -> CallValue:
    return call(status=status.value, start=START, end=START + timedelta(minutes=30))


def moment_for(event: Event) -> datetime:
    return LATER if TABLE[event].when is When.BEGUN else BEFORE


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_row_and_somebody_who_may(event: Event) -> None:
    assert TABLE[event].by and TABLE[event].verb


@pytest.mark.parametrize("status", ENDED)
@pytest.mark.parametrize("event", CHANGES)
def test_nothing_happens_to_an_ended_call(status: Status, event: Event) -> None:
    who = next(iter(TABLE[event].by))
    with pytest.raises(CannotChange) as told:
        after(in_status(status), event, who, moment_for(event))
    assert told.value.reason == "ended"


@pytest.mark.parametrize("event", CHANGES)
@pytest.mark.parametrize("who", list(Who))
def test_only_those_whom_the_table_names_may(event: Event, who: Who) -> None:
    status = next(status for status in TABLE[event].leads if status is not None)
    possible = is_possible(in_status(status), event, who, moment_for(event))
    assert possible == (who in TABLE[event].by)


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_an_active_call_can_be_cancelled_and_moved_by_both_sides_and_the_administrator(
    status: Status,
) -> None:
    for who in (Who.CONTACT, Who.SPECIALIST, Who.ADMINISTRATOR):
        assert after(in_status(status), Event.CANCEL, who, BEFORE) is Status.CANCELLED
        assert after(in_status(status), Event.RESCHEDULE, who, BEFORE) is status
    assert is_active(status)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CLASH])
@pytest.mark.parametrize("event", [Event.DECLINE, Event.EXPIRE])
def test_what_was_promised_is_not_taken_back(status: Status, event: Event) -> None:
    with pytest.raises(CannotChange):
        after(in_status(status), event, Who.SERVICE, BEFORE)


def test_the_last_moment_of_each_notice_is_still_in_time_for_a_contact() -> None:
    dated = call(start=START, move_until=START - timedelta(hours=2), cancel_until=START - timedelta(hours=1))
    second = timedelta(seconds=1)
    for event, until in ((Event.RESCHEDULE, dated.move_until), (Event.CANCEL, dated.cancel_until)):
        after(dated, event, Who.CONTACT, until)
        with pytest.raises(CannotChange) as told:
            after(dated, event, Who.CONTACT, until + second)
        assert told.value.reason == "late"
        after(dated, event, Who.SPECIALIST, until + second)


@pytest.mark.parametrize("event", [Event.CANCEL, Event.RESCHEDULE])
def test_a_call_that_has_begun_is_changed_by_nobody(event: Event) -> None:
    for who in TABLE[event].by:
        with pytest.raises(CannotChange) as told:
            after(in_status(Status.CONFIRMED), event, who, START)
        assert told.value.reason == "ended"


def test_what_became_of_a_call_is_said_after_it_began_and_can_be_put_right() -> None:
    for event, end in ((Event.TAKE_PLACE, Status.TOOK_PLACE), (Event.MISS, Status.NO_SHOW)):
        for status in STANDING:
            assert after(in_status(status), event, Who.SPECIALIST, START) is end
        with pytest.raises(CannotChange) as told:
            after(in_status(Status.CONFIRMED), event, Who.SPECIALIST, BEFORE)
        assert told.value.reason == "early"
        with pytest.raises(CannotChange):
            after(in_status(Status.CONFIRMED), event, Who.CONTACT, START)


def test_a_call_begins_as_pending_and_only_for_a_contact() -> None:
    assert begin(Event.BOOK, Who.CONTACT) is Status.PENDING
    with pytest.raises(CannotChange):
        begin(Event.BOOK, Who.ADMINISTRATOR)


def test_whoever_loses_their_time_is_told_unless_it_was_their_own_doing() -> None:
    for event, rule in TABLE.items():
        if rule.time is Time.FREE:
            assert {tell.condition for tell in rule.tells if not tell.at_home} & {If.ALWAYS, If.PROMISED}, (
                event
            )


def test_whatever_changes_time_or_status_of_an_invitation_raises_the_sequence_before() -> None:
    for event, rule in TABLE.items():
        kinds = {tell.kind for tell in rule.tells}
        if kinds & {Kind.FOLLOWED, Kind.CANCELLED, Kind.CALLED_OFF}:
            assert rule.raises_sequence, event
    # A move raised it when it was asked for.
    assert TABLE[Event.RESCHEDULE].raises_sequence and Kind.UPDATED in {
        tell.kind for tell in TABLE[Event.ARRIVE].tells
    }


def test_roles_are_sides() -> None:
    assert [who_is(role) for role in ("contact", "specialist", "senior", "administrator", None)] == [
        Who.CONTACT,
        Who.SPECIALIST,
        Who.SPECIALIST,
        Who.ADMINISTRATOR,
        Who.SERVICE,
    ]


def test_the_words_in_the_database_are_the_states() -> None:
    assert after(call(status="pending"), Event.EXPIRE, Who.SERVICE, BEFORE) == "expired"
    with pytest.raises(ValueError, match="held"):
        after(call(status="held"), Event.CANCEL, Who.CONTACT, BEFORE)
