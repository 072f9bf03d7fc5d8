"""Phone calls as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# A caller speaks so long at most, in seconds.
MOST_SECONDS = 120


class CallState(StrEnum):
    """How a call stands: ``ended`` is over, and nobody knows yet whether it was recorded."""

    RINGING = "ringing"
    ANSWERED = "answered"
    RECORDED = "recorded"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call as the provider tells of it: its name there, the caller's number in E.164, empty when hidden."""

    provider_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What a caller left: where the provider keeps it ('' when that is no place we fetch from), how long."""

    url: str
    seconds: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who rings by their number: a contact, a company (several contacts share it), or nobody we know."""

    company_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class PhoneCallValue:
    """A call that came in; ``contact_*`` are empty for a caller whom nobody knows.

    ``is_kept`` when there is a recording of an unknown caller to download, ``is_coming`` while a recording
    is still to be fetched, ``detail`` why it was not.
    """

    id: int
    public_id: str
    provider_id: str
    number: str
    contact_id: int | None
    contact_name: str
    contact_language: str
    contact_zone: str
    company_id: int | None
    company_name: str
    came_at: datetime
    state: CallState
    answered_by: str
    seconds: int
    is_kept: bool
    is_coming: bool
    detail: str

    @property
    def is_known(self) -> bool:
        """Whether it is a customer's."""
        return self.company_id is not None
