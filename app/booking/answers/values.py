"""Which other times were proposed, and how the mailbox stands."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class MailboxTrouble:
    """The mailbox cannot be read ``since`` then; ``detail`` is what its server or the network said first."""

    since: datetime
    detail: str
