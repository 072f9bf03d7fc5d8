"""Passkeys as their owner sees them, and what can stand in the way of changing them."""

from dataclasses import dataclass
from datetime import datetime

MOST_PASSKEYS = 10
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey; ``last_used_at`` is None while it was never used."""

    public_id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
