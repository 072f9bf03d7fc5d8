"""How the promises of the desk stand today."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClocksToday:
    """Open requests that are overdue or due within the hour, and the clocks of today: kept and missed."""

    is_open: int
    overdue: int
    soon: int
    kept: int
    missed: int


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request that a search found; ``public_id`` is its conversation's."""

    public_id: str
    reference: str
    subject: str
    company: str
