"""Who acts, as values that other packages may keep."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CONTACT = "contact"
SPECIALIST = "specialist"
SENIOR = "senior"
ADMINISTRATOR = "administrator"
ROLES = (CONTACT, SPECIALIST, SENIOR, ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who proved who they are, by a session or an API token; ``role`` is one of ROLES.

    ``client_address`` is where the request came from that they make; two values of one person are equal
    wherever they come from.
    """

    id: int
    public_id: str
    name: str
    email: str
    role: str
    language: str
    time_zone: str
    client_address: str = field(default="", compare=False)

    @property
    def is_staff(self) -> bool:
        """Whether this is anybody else than a customer's contact."""
        return self.role != CONTACT


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser's session; ``user`` is its owner, ``proven_at`` when they last proved that."""

    id: int
    user: SignedIn
    created_at: datetime
    proven_at: datetime
    last_seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AuditFact:
    """One line of an object's history; ``actor`` is a name, or what the service calls itself."""

    at: datetime
    actor: str
    verb: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnsentLink:
    """A link that somebody asked for in vain: ``said`` is why the mail server refused it, if it did."""

    id: int
    email: str
    at: datetime
    said: str
    can_go: bool
