"""Whom handing out and erasing is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whose:
    """A contact, with the ids of the conversations that are theirs."""

    user_id: int
    email: str
    name: str
    phone: str
    conversations: tuple[int, ...]
