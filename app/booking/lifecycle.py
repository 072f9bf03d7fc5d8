"""The states of a call and what may happen in each; this table alone decides it."""

from collections.abc import Mapping
from enum import StrEnum

from app.booking.errors import CannotChange


class Status(StrEnum):
    """Where a call stands.

    ``pending`` is reserved, ``confirmed`` means that the calendar server has the event, ``clash`` that
    something else appeared beside it there, or that its specialist moved it to where it cannot be. The other
    three are ends.
    """

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CLASH = "clash"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can happen to a call; a move waits beside the status until it is confirmed or dropped.

    FOLLOW: its specialist moved the event in the calendar, and the call goes along.
    """

    CONFIRM = "confirm"
    FIND_CLASH = "find_clash"
    DECLINE = "decline"
    EXPIRE = "expire"
    CANCEL = "cancel"
    MOVE = "move"
    DROP_MOVE = "drop_move"
    FOLLOW = "follow"


# The calls that take their specialist's time.
ACTIVE = frozenset({Status.PENDING, Status.CONFIRMED, Status.CLASH})

_AFTER: Mapping[tuple[Status, Step], Status] = {
    (Status.PENDING, Step.CONFIRM): Status.CONFIRMED,
    (Status.PENDING, Step.FIND_CLASH): Status.CLASH,
    (Status.PENDING, Step.DECLINE): Status.DECLINED,
    (Status.PENDING, Step.EXPIRE): Status.EXPIRED,
    (Status.PENDING, Step.CANCEL): Status.CANCELLED,
    (Status.PENDING, Step.MOVE): Status.PENDING,
    (Status.PENDING, Step.DROP_MOVE): Status.PENDING,
    (Status.CONFIRMED, Step.CONFIRM): Status.CONFIRMED,
    (Status.CONFIRMED, Step.FIND_CLASH): Status.CLASH,
    (Status.CONFIRMED, Step.CANCEL): Status.CANCELLED,
    (Status.CONFIRMED, Step.MOVE): Status.CONFIRMED,
    (Status.CONFIRMED, Step.DROP_MOVE): Status.CONFIRMED,
    (Status.PENDING, Step.FOLLOW): Status.CONFIRMED,
    (Status.CONFIRMED, Step.FOLLOW): Status.CONFIRMED,
    (Status.CLASH, Step.FOLLOW): Status.CONFIRMED,
    (Status.CLASH, Step.CONFIRM): Status.CONFIRMED,
    (Status.CLASH, Step.FIND_CLASH): Status.CLASH,
    (Status.CLASH, Step.CANCEL): Status.CANCELLED,
    (Status.CLASH, Step.MOVE): Status.CLASH,
    (Status.CLASH, Step.DROP_MOVE): Status.CLASH,
}


def after(status: str, step: Step) -> Status:
    """The status after a step.

    Raises CannotChange("ended") when the step is not possible in this status.
    """
    result = _AFTER.get((Status(status), step))
    if result is None:
        raise CannotChange("ended")
    return result


def is_active(status: str) -> bool:
    """Whether the call takes its specialist's time."""
    return status in ACTIVE
