"""The table of states."""

import pytest

from app.booking.errors import CannotChange
from app.booking.lifecycle import ACTIVE, Status, Step, after, is_active

ENDED = [Status.CANCELLED, Status.DECLINED, Status.EXPIRED]


@pytest.mark.parametrize("status", ENDED)
@pytest.mark.parametrize("step", list(Step))
def test_nothing_happens_to_an_ended_call(status: Status, step: Step) -> None:
    with pytest.raises(CannotChange) as told:
        after(status, step)
    assert told.value.reason == "ended"


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_an_active_call_can_be_cancelled_moved_and_confirmed(status: Status) -> None:
    assert after(status, Step.CANCEL) == Status.CANCELLED
    assert after(status, Step.MOVE) == status
    assert after(status, Step.CONFIRM) == Status.CONFIRMED
    assert is_active(status)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CLASH])
@pytest.mark.parametrize("step", [Step.DECLINE, Step.EXPIRE])
def test_what_was_promised_is_not_taken_back(status: Status, step: Step) -> None:
    with pytest.raises(CannotChange):
        after(status, step)


def test_the_words_in_the_database_are_the_states() -> None:
    assert after("pending", Step.EXPIRE) == "expired"
    with pytest.raises(ValueError, match="held"):
        after("held", Step.CANCEL)
