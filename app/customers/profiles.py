"""Who takes part in a call, as values that other packages may keep."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.accounts.values import SignedIn
from app.customers.entitlement import Option
from app.lib.wording import in_language


@dataclass(frozen=True, slots=True)
class ContactProfile:
    """A contact with their company and what it is entitled to."""

    user_id: int
    public_id: str
    name: str
    email: str
    language: str
    time_zone: str
    phone: str
    company_id: int
    company_public_id: str
    company_name: str
    option: Option


@dataclass(frozen=True, slots=True)
class SpecialistProfile:
    """A specialist or senior; ``country``, ``region`` are ISO 3166, ``spoken_languages`` like ``en,ru``."""

    user_id: int
    public_id: str
    name: str
    email: str
    language: str
    time_zone: str
    titles: Mapping[str, str]
    country: str
    phone: str
    spoken_languages: str
    room_url: str
    region: str = ""

    def title(self, language: str) -> str:
        """What they are, in a language, else in English; may be empty."""
        return in_language(self.titles, language)


def as_user(profile: ContactProfile | SpecialistProfile, role: str) -> SignedIn:
    """The person as the one who did something."""
    return SignedIn(
        id=profile.user_id,
        public_id=profile.public_id,
        name=profile.name,
        email=profile.email,
        role=role,
        language=profile.language,
        time_zone=profile.time_zone,
    )
