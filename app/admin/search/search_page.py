"""What a search found, as lines that lead somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.values import CONTACT
from app.admin.record_words_page import role_name
from app.booking.finding.values import FoundCall
from app.booking.in_words import Reader, day_and_time
from app.customers.finding.values import FoundCompany, FoundPerson
from app.desk.today.values import FoundRequest


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the answer; ``endpoint`` and ``key`` with ``id`` are its address."""

    endpoint: str
    key: str
    id: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer; ``is_cut`` when there may be more."""

    text: str
    hits: tuple[Hit, ...]
    is_cut: bool


def company_hit(found: FoundCompany) -> Hit:
    """A company."""
    return Hit("admin.company", "company_id", found.public_id, found.name, _("Company"))


def person_hit(found: FoundPerson) -> Hit:
    """A contact, or somebody of ours."""
    if found.role == CONTACT:
        detail = f"{found.email}, {found.company}"
        return Hit("contacts.contact", "contact_id", found.public_id, found.name, detail)
    detail = f"{found.email}, {role_name(found.role)}"
    return Hit("admin.person", "person_id", found.public_id, found.name, detail)


def call_hit(found: FoundCall, reader: Reader) -> Hit:
    """A call."""
    detail = f"{found.company}, {day_and_time(found.start, reader)}"
    return Hit("booking.show", "booking_id", found.public_id, found.reference, detail)


def request_hit(found: FoundRequest) -> Hit:
    """A request."""
    detail = f"{found.company}, {found.subject}"
    return Hit("requests.show", "conversation_id", found.public_id, found.reference, detail)


def search_page(text: str, hits: Sequence[Hit], limit: int) -> SearchPage:
    """The page; more than ``limit`` of a kind are not shown."""
    return SearchPage(text, tuple(hits), len(hits) >= limit)
