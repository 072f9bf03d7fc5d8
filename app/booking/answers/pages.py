"""What pages show of the answers to invitations; every text in the reader's words."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody invited: ``answer`` in words, ``state`` its key; the comment is for the specialist alone."""

    name: str
    email: str
    state: Literal["accepted", "tentative", "declined", "none"]
    answer: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """Another time for a call: ``when`` "Tue 24 Nov, 10:00–10:30", ``instead_of`` the time that it has."""

    id: str
    call_id: str
    who: str
    when: str
    instead_of: str
    comment: str


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """The part of a call's page below its facts; ``problem`` why a proposed time could not be taken."""

    guests: tuple[GuestLine, ...]
    proposals: tuple[ProposalLine, ...]
    problem: str = ""
