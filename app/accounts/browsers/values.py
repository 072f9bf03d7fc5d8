"""A person's sessions, as they see them."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.sessions import is_over, lifetime


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session; ``ended_at`` is when somebody ended it, None while nobody did."""

    id: int
    public_id: str
    method: str
    user_agent: str
    client_address: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    def is_living(self, role: str, now: datetime) -> bool:
        """Whether it still opens something."""
        return self.ended_at is None and not is_over(role, self.last_seen_at, self.ends_at, now)

    def over_since(self, role: str) -> datetime:
        """When it ended or, if it ran out, was worth nothing any more."""
        return self.ended_at or min(self.ends_at, self.last_seen_at + lifetime(role).idle)
