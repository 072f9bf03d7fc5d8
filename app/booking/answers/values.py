"""Who answered an invitation, and which other times were proposed."""

from dataclasses import dataclass

from app.booking.values import CallValue
from app.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited to a call; ``partstat`` is their answer (RFC 5545, 3.2.12)."""

    name: str
    email: str
    is_contact: bool
    partstat: str
    comment: str


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """Another time for a call that a guest would rather have, and nobody has answered to yet."""

    public_id: str
    call: CallValue
    guest: Guest
    span: Interval
    comment: str
