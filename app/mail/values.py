"""What pages show of mail."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A mail that did not go out: to whom, what about, and what the server said."""

    id: int
    recipient: str
    subject: str
    said: str
    at: datetime
    can_go: bool
