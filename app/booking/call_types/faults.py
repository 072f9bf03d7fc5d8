"""What is wrong with something that was typed about a call type."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be taken as it is typed, by its name in the form.

    ``reason``: ``empty``, ``duration``, ``number``, ``duration_range`` and ``number_range`` (from ``low`` to
    ``high``), ``many`` and ``text`` (at most ``high`` of them, or characters), ``grid``, ``ways``, ``link``,
    ``both_languages``, ``choices``.
    """

    field: str
    reason: str
    low: int = 0
    high: int = 0
