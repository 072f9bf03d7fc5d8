"""How the calls ahead stand."""

from dataclasses import dataclass
from datetime import datetime

# Where a page of calls goes on: the start of its last call and that call's number.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class CallsToday:
    """The calls of a day by status, and those that wait for a calendar, whenever they are.

    ``waiting_since`` is when the one that waits the longest was last changed.
    """

    by_status: dict[str, int]
    waiting: int
    waiting_since: datetime | None
