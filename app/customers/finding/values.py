"""What a search finds of companies and people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A company that fits."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A contact (with ``company``) or somebody of ours that fits."""

    public_id: str
    name: str
    email: str
    role: str
    company: str
