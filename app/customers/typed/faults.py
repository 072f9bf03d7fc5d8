"""What is wrong with something that was typed, on a page or in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be taken as it is typed, by its name in the form or column.

    ``reason``: ``empty``, ``long`` (more than ``limit`` characters), ``characters``, ``address``, ``phone``,
    ``zone``, ``choice``, ``day``, ``price``, ``link``, ``order`` (an end before its start),
    ``past``, ``languages``,
    ``region``.
    """

    field: str
    reason: str
    value: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """What was read: values by column, and what could not be."""

    values: Mapping[str, Any]
    faults: tuple[Fault, ...]
