"""What can be said no to when a time is asked for."""

from datetime import datetime

from app.availability.slots import Reason
from app.lib.errors import DomainError


class SlotTaken(DomainError):
    """Somebody else has the time: the database refused a second reservation over it."""

    status = 409
    code = "slot_taken"


class SlotRefused(DomainError):
    """The rules say no to a start; ``reason`` says which one."""

    code = "slot_refused"

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"slot refused: {reason.value}")
        self.reason = reason


class CalendarAway(DomainError):
    """Nothing is offered, because the calendar cannot be read.

    ``reason`` is ``no_calendar`` or ``calendar_away``, ``since`` since when, ``as_of`` when it
    was last in step (None: never).
    """

    status = 503
    code = "calendar_away"

    def __init__(self, reason: str, since: datetime | None, as_of: datetime | None = None) -> None:
        super().__init__(f"no slots: {reason} since {since}")
        self.reason = reason
        self.since = since
        self.as_of = as_of


class DayNamed(DomainError):
    """There is a day off of just that day and place already."""

    status = 409
    code = "day_named"
