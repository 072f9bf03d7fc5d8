"""What a password must be, and what is kept of it."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.proofs.commonest import COMMONEST
from app.lib.errors import DomainError

SHORTEST = 12
LONGEST = 200

_HASHER = PasswordHasher()


class PasswordRefused(DomainError):
    """``reason`` is ``short``, ``long``, ``personal`` (made of name or address) or ``common``."""

    code = "password"

    def __init__(self, reason: str) -> None:
        super().__init__(f"password refused: {reason}")
        self.reason = reason


def check(password: str, email: str, name: str) -> str:
    """The password as it is hashed: in NFC, so that every keyboard types the same.

    Raises PasswordRefused.
    """
    text = unicodedata.normalize("NFC", password)
    if len(text) < SHORTEST:
        raise PasswordRefused("short")
    if len(text) > LONGEST:
        raise PasswordRefused("long")
    folded = "".join(text.casefold().split())
    personal = {email, email.partition("@")[0], *email.partition("@")[2].split("."), name, *name.split()}
    if _core(folded) in {_core(word) for word in personal} - {""}:
        raise PasswordRefused("personal")
    if folded in COMMONEST or _core(folded) in COMMONEST:
        raise PasswordRefused("common")
    return text


def _core(text: str) -> str:
    """What is left without blanks, and without digits and signs around it; empty for digits alone."""
    folded = "".join(text.casefold().split())
    letters = [index for index, letter in enumerate(folded) if letter.isalpha()]
    return folded[letters[0] : letters[-1] + 1] if letters else ""


def hashed(password: str) -> str:
    """What is kept: Argon2id with the library's parameters (RFC 9106, the second recommended option)."""
    return _HASHER.hash(unicodedata.normalize("NFC", password))


def fits(kept: str | None, password: str) -> bool:
    """Whether the hash is of this password; without a hash the same work is done, for nothing."""
    if kept is None:
        hashed(password)
        return False
    try:
        return _HASHER.verify(kept, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)
