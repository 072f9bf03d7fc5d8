"""Requests as pages of calls name them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """A request; ``id`` is its conversation's public id."""

    id: str
    reference: str
    subject: str
    is_solved: bool
