"""Level 2 as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.desk.escalations.order import Ask
from app.desk.requests.values import CALL_SENIOR, reference

MOST_NOTE = 4000


class Cause(StrEnum):
    """Why a senior is wanted: the customer or the specialist asked, or the severity alone."""

    CUSTOMER = "customer"
    SPECIALIST = "specialist"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class SeniorName:
    """Whoever took it: ``titles`` are what they are, by language."""

    user_id: int
    public_id: str
    name: str
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NamedAsk:
    """An ask, and the name of who was asked."""

    name: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class EscalationValue:
    """A senior is wanted in a conversation; ``asks`` are in order, each with the last time it was made.

    ``severity`` and ``request_id`` are None where the conversation is no request. ``taken_by`` is None until
    somebody took it, and for a person who is gone since.
    """

    id: int
    public_id: str
    conversation_id: int
    conversation_public_id: str
    company_id: int
    company_name: str
    contact_name: str
    subject: str
    severity: int | None
    request_id: int | None
    cause: Cause
    asked_by: str
    note: str
    asked_at: datetime
    round_at: datetime
    taken_by: SeniorName | None
    taken_at: datetime | None
    ended_at: datetime | None
    next_ask_at: datetime | None
    asks: tuple[NamedAsk, ...] = ()

    @property
    def is_urgent(self) -> bool:
        """Whether it is about a severity that wakes people."""
        return self.severity in CALL_SENIOR

    @property
    def reference(self) -> str:
        """The reference of the request; empty where there is none."""
        return reference(self.request_id) if self.request_id is not None else ""

    def asked_now(self, user_id: int) -> bool:
        """Whether this senior was asked, said nothing yet, and it is still to be taken."""
        if self.taken_at is not None or self.ended_at is not None:
            return False
        asks = (item.ask for item in self.asks if item.ask.senior_id == user_id)
        return any(ask.declined_at is None and ask.asked_at >= self.round_at for ask in asks)
