"""Who takes the call that a page is about, and what it is like with them."""

from dataclasses import dataclass
from datetime import datetime

from app.availability.pages import Problem
from app.booking import service
from app.booking.errors import LengthRefused
from app.booking.offers.lengths_page import length_problems
from app.booking.rules import effective
from app.booking.shared.views import taken_by
from app.booking.values import CallTypeValue
from app.customers.profiles import SpecialistProfile
from app.lib.db import db


@dataclass(frozen=True, slots=True)
class Offered:
    """Who would take a call, and its type as it is with them.

    ``refused`` is the length that was asked for (minutes) when they do not offer it; the call type has their
    usual one then, and the page lets choose.
    """

    specialist: SpecialistProfile
    call_type: CallTypeValue
    refused: int | None = None

    def problems(self, shown: str) -> tuple[Problem, ...]:
        """That the length is refused, if it is; ``shown`` is the public id of who was shown."""
        return () if self.refused is None else length_problems(self.specialist, self.refused, shown)


def offered_at(start: datetime, slug: str, length: int | None) -> Offered:
    """Whoever serves them on that day gets the call, just as the times were offered."""
    specialist, kind = taken_by(start), service.call_type(db.session(), slug)
    try:
        return Offered(specialist, effective(kind, specialist.user_id, length))
    except LengthRefused:
        return Offered(specialist, effective(kind, specialist.user_id), length)
