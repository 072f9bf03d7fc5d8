"""Companies as administrators see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.customers.entitlement import DaySpan, Option


class Only(StrEnum):
    """Which companies a list shows; ``ENDING`` is an option that holds today and not in 30 days."""

    ALL = ""
    WITH = "with"
    WITHOUT = "without"
    ENDING = "ending"
    UNSERVED = "unserved"


@dataclass(frozen=True, slots=True)
class CompanyItem:
    """A company in a list; ``specialist`` is who serves it today, empty for nobody.

    Where that is a stand-in, ``stands_in_for`` is who is away.
    """

    id: int
    public_id: str
    name: str
    plan: str
    option: Option
    specialist: str
    contacts: int
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days that are paid for (service zone), at ``price_cents`` a month."""

    id: int
    starts_on: date
    ends_on: date | None
    price_cents: int
    note: str

    @property
    def days(self) -> DaySpan:
        """Its days alone."""
        return DaySpan(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Company:
    """One company; ``spans`` in order."""

    id: int
    public_id: str
    name: str
    plan: str
    note: str
    spans: tuple[Span, ...]

    @property
    def option(self) -> Option:
        """What entitles it."""
        return Option(self.plan, tuple(span.days for span in self.spans))
