"""Contacts as administrators see them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactItem:
    """A contact with their company."""

    user_id: int
    public_id: str
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    is_active: bool
    company: str
    company_public_id: str
