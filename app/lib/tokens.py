"""Random tokens, their stored hashes, and keyed digests."""

import hashlib
import hmac
import secrets

_REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_REFERENCE_DIGITS = "23456789"


def new_token() -> str:
    """A secret of 192 random bits for links, sessions, feeds and API access (URL-safe)."""
    return secrets.token_urlsafe(24)


def new_public_id() -> str:
    """A random id of 96 bits for addresses: unguessable, but not a secret."""
    return secrets.token_urlsafe(12)


def new_reference() -> str:
    """A short name for a booking that can be read out on the phone, like K7M-254."""
    head = secrets.choice(_REFERENCE_LETTERS) + secrets.choice(_REFERENCE_DIGITS)
    head += secrets.choice(_REFERENCE_LETTERS)
    return head + "-" + "".join(secrets.choice(_REFERENCE_DIGITS) for _ in range(3))


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**6):06d}"


def token_hash(token: str) -> str:
    """What the database keeps of a random token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: str, *parts: str) -> str:
    """HMAC-SHA256 over the parts, in hex; the parts cannot run into each other."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def equal(left: str, right: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
