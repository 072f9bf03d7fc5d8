"""Warnings and reasons as values."""

from dataclasses import dataclass

MOST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many requests run out soon, and those whose breach has no reason yet: id and conversation."""

    soon: int
    without_reason: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class SentReason:
    """A reason as it was sent for a clock, and what is wrong with it."""

    clock: str
    text: str
    problem: str
