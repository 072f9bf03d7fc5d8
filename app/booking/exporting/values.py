"""What handing out and erasing is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactItem:
    """A contact in a list."""

    user_id: int
    public_id: str
    name: str
    email: str
    company: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure leaves: past calls in specialists' own calendars, which only their owners empty."""

    events_left: int
