"""The address that one guest of one call answers to: knowing it proves that the invitation reached them."""

import base64

from app.lib.tokens import equal, keyed_digest

_BYTES = 16


def tagged_address(organizer: str, key: str, booking_id: int, guest: str) -> str:
    """ORGANIZER_ADDRESS with a tag of 128 bits, the same each time for a booking and guest."""
    digest = bytes.fromhex(keyed_digest(key, "organizer", str(booking_id), guest.lower()))[:_BYTES]
    tag = base64.b32encode(digest).decode().rstrip("=").lower()
    local, _at, domain = organizer.rpartition("@")
    return f"{local}+{tag}@{domain}"


def is_tagged(address: str) -> bool:
    """Whether an organizer's address has a guest's tag."""
    return "+" in address.rpartition("@")[0]


def was_sent_to(address: str, recipients: frozenset[str]) -> bool:
    """Whether a mail came to a guest's own address; ``recipients`` in small letters."""
    return is_tagged(address) and any(equal(address.lower(), other) for other in recipients)
