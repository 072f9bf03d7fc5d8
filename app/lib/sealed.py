"""Credentials at rest: sealed with a key that is not in the database, bound to the place they belong to."""

import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(ValueError):
    """The sealed value was made with another key, for another place, or was changed."""


def _digest(place: Sequence[str]) -> bytes:
    whole = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in place)
    return hashlib.sha256(whole).digest()


def seal(keys: Sequence[str], secret: str, *place: str) -> str:
    """Seal a secret for one place (for example account, origin, user name, field)."""
    box = MultiFernet([Fernet(key) for key in keys])
    return box.encrypt(_digest(place) + secret.encode()).decode()


def unseal(keys: Sequence[str], sealed: str, *place: str) -> str:
    """The secret again.

    Raises CannotOpen when key, place or value do not fit together.
    """
    box = MultiFernet([Fernet(key) for key in keys])
    try:
        plain = box.decrypt(sealed.encode())
    except InvalidToken:
        raise CannotOpen("the value was sealed with another key or was changed") from None
    if plain[:32] != _digest(place):
        raise CannotOpen("the value was sealed for another place")
    return plain[32:].decode()
