"""Callbacks as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_TOPIC = 500
MOST_NOTE = 2000


class Source(StrEnum):
    """How somebody asked to be rung."""

    PAGE = "page"
    CHAT = "chat"
    VOICEMAIL = "voicemail"
    MISSED = "missed"


class CallbackState(StrEnum):
    """How a callback stands; all but the first are final."""

    WAITING = "waiting"
    REACHED = "reached"
    WRONG_NUMBER = "wrong_number"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What came of ringing."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks to be rung; the same ``key`` again asks for nothing.

    ``number`` is E.164, empty when the caller hid it. ``topic`` is clean (app.lib.text.one_line).
    ``conversation_id`` is where it was asked, None for the contact's own conversation.
    """

    company_id: int | None
    contact_id: int | None
    number: str
    topic: str
    wished_at: datetime | None
    source: Source
    key: str
    conversation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody of ours rang."""

    by_name: str
    made_at: datetime
    outcome: Outcome
    note: str


@dataclass(frozen=True, slots=True)
class CallbackValue:
    """Somebody is to be rung by ``due_at``.

    ``zone`` is that of whoever is rung: the contact's, or where the number is; '' when nobody knows.
    ``taken_by_*`` is who said that they ring, ``booking`` the public id of the call booked instead,
    which ends the callback when it is confirmed.
    """

    id: int
    public_id: str
    company_id: int | None
    company_name: str
    contact_id: int | None
    contact_name: str
    zone: str
    number: str
    topic: str
    wished_at: datetime | None
    source: Source
    asked_at: datetime
    due_at: datetime
    state: CallbackState
    taken_by_id: int | None
    taken_by_public_id: str
    taken_by_name: str
    taken_at: datetime | None
    closed_at: datetime | None
    booking: str
    conversation_id: int | None
    attempts: tuple[Attempt, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether they are still to be rung."""
        return self.state is CallbackState.WAITING
