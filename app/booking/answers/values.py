"""Which other times were proposed."""

from dataclasses import dataclass

from app.booking.guests.values import AttendeeValue
from app.booking.values import CallValue
from app.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """Another time for a call that a guest would rather have, and nobody has answered to yet."""

    public_id: str
    call: CallValue
    guest: AttendeeValue
    span: Interval
    comment: str
