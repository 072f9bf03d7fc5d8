"""Codes that stand in for a lost second factor, once each."""

import secrets

from app.lib.tokens import token_hash

HOW_MANY = 10
# 32 characters that nobody mistakes for one another; 16 of them are 80 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz023456789"
_LENGTH = 16


def new_codes() -> list[str]:
    """A whole set of codes, each in four groups."""
    return [_in_groups("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))) for _ in range(HOW_MANY)]


def recovery_hash(code: str) -> str:
    """What is kept of a code, however its groups and letters were typed."""
    return token_hash("".join(letter for letter in code.lower() if letter in _LETTERS))


def _in_groups(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))
