"""Mails to the dedicated address as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.desk.mailbox.letter import Letter


class Reason(StrEnum):
    """Why a mail is in quarantine.

    ``unknown``: nobody has the sender's address. ``unproven``: nothing proves that it is from them.
    ``not_entitled``: their company has not booked the service. ``astray``: one of us writes, and it belongs
    to no conversation that they may write in. ``empty``: nothing of their own in it. ``unreadable``: it
    cannot be taken apart.
    """

    UNKNOWN = "unknown"
    UNPROVEN = "unproven"
    NOT_ENTITLED = "not_entitled"
    ASTRAY = "astray"
    EMPTY = "empty"
    UNREADABLE = "unreadable"

    @property
    def can_be_taken(self) -> bool:
        """Whether it can become a contact's message: what one of us wrote cannot."""
        return self not in {Reason.ASTRAY, Reason.EMPTY, Reason.UNREADABLE}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter and the identity that it was taken in under (app.mail.service_incoming)."""

    identity: str
    letter: Letter

    @property
    def key(self) -> str:
        """What its message is known by."""
        return f"mail:{self.identity}"


@dataclass(frozen=True, slots=True)
class QuarantinedValue:
    """A mail that waits; ``contact_name`` and ``company_name`` are those of the sender's address, if known.

    ``company_id`` is that company's.
    """

    id: int
    public_id: str
    sender: str
    subject: str
    excerpt: str
    reason: Reason
    received_at: datetime
    contact_name: str
    company_name: str
