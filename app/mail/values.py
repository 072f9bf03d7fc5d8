"""What pages show of mail, and what came in as it was fetched."""

from dataclasses import dataclass
from datetime import datetime

from app.mail.incoming import Incoming


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A mail that did not go out: to whom, what about, and what the server said."""

    id: int
    recipient: str
    subject: str
    said: str
    at: datetime
    can_go: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it was fetched: ``size`` in bytes, of which ``mail`` may have seen only the first.

    ``content`` is what was fetched of it: less than ``size`` of one that is too large.
    """

    identity: str
    size: int
    mail: Incoming
    content: bytes = b""

    @property
    def is_whole(self) -> bool:
        """Whether all of it was fetched."""
        return len(self.content) >= self.size
