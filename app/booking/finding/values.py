"""What a search finds of calls."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call that fits."""

    public_id: str
    reference: str
    company: str
    start: datetime
