"""What pages show of durable work."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FailedWork:
    """A piece of work by its key, what it is for, and since when it lies there."""

    key: str
    handler: str
    said: str
    since: datetime
