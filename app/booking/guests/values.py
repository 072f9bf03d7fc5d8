"""Who is invited to a call, and which addresses can be."""

import re
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from app.booking.errors import GuestRefused
from app.booking.values import CallValue

# At a time, besides the contact; in a call's whole life, and within 24 hours on all calls of one contact,
# because each addition is a mail to a stranger.
MOST_GUESTS = 10
MOST_ADDITIONS = 30
MOST_ADDITIONS_A_DAY = 60
# The facts in the audit log.
ADDED, REMOVED = "guest_added", "guest_removed"
_LONGEST_ADDRESS = 254
# In a mailto URI these would have to be written otherwise (RFC 6068, 2), and clients compare as it stands.
_NOT_IN_URIS = re.compile(r"[?&%]")


@dataclass(frozen=True, slots=True)
class AttendeeValue:
    """Somebody who is invited to a call: its contact (``is_contact``) or a colleague.

    ``partstat`` is their answer (RFC 5545, 3.2.12), ``comment`` what they wrote with it;
    ``sent_sequence`` the SEQUENCE of the last message to them, None before the first; ``removed_at`` when
    they were taken off.
    """

    id: int
    email: str
    name: str
    is_contact: bool
    partstat: str
    sent_sequence: int | None = None
    removed_at: datetime | None = None
    comment: str = ""

    @property
    def label(self) -> str:
        """The name, else the address."""
        return self.name or self.email


def guest_address(text: str) -> str:
    """The address in lower case, its domain in ASCII; whether it takes mail is not looked up.

    Raises GuestRefused("address").
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise GuestRefused("address") from error
    address = (found.ascii_email or "").lower()
    if not 0 < len(address) <= _LONGEST_ADDRESS or _NOT_IN_URIS.search(address):
        raise GuestRefused("address")
    return address


def guest_addresses(text: str) -> tuple[str, ...]:
    """The addresses of a text with one a line (or between commas), each once.

    Raises GuestRefused("address") and, for more than a call takes, GuestRefused("full").
    """
    words = (word.strip() for word in re.split(r"[\n,;]", text))
    found = tuple(dict.fromkeys(guest_address(word) for word in words if word))
    if len(found) > MOST_GUESTS:
        raise GuestRefused("full")
    return found


def next_sequence(call: CallValue, guest: AttendeeValue) -> int:
    """The SEQUENCE of the next message to a colleague: the call's, and above every one that they were sent.

    Taking one person off raises it for them alone (RFC 5546, 3.2.5): the call itself did not change, and for
    the others a higher one would make their answers look old. Whoever is added again goes on from there.
    """
    return call.sequence if guest.sent_sequence is None else max(call.sequence, guest.sent_sequence + 1)
