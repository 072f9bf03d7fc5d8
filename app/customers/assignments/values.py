"""Who serves a company from when, and what must hold before that is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company, as far as it matters who serves it."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AssignmentValue:
    """From ``starts_on`` (service zone) this specialist serves the company.

    ``is_handed_over``: it came of a confirmed hand-over, of which people were told.
    """

    id: int
    specialist_id: int
    name: str
    starts_on: date
    is_handed_over: bool = False


def current(assignments: Sequence[AssignmentValue], day: date) -> AssignmentValue | None:
    """Who serves on a day: the latest that began by then; ``assignments`` in order of their days."""
    begun = [item for item in assignments if item.starts_on <= day]
    return begun[-1] if begun else None
