"""What can stand between a contact and a place in the waiting list, or the time offered to it."""

from collections.abc import Sequence

from app.booking.offers.wish import OpenTime
from app.lib.errors import DomainError


class DaysRefused(DomainError):
    """The days cannot be waited for.

    ``reason``: ``order``, ``past``, ``far`` (they cannot be booked yet) or ``after_call``.
    """

    code = "days_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"days refused: {reason}")
        self.reason = reason


class TooManyPlaces(DomainError):
    """The contact has as many places in the line as one may have (``limit``)."""

    code = "too_many_places"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} places are taken already")
        self.limit = limit


class TimesOpen(DomainError):
    """There is nothing to wait for: times are free in those days; ``alternatives`` are the first of them."""

    status = 409
    code = "times_open"

    def __init__(self, alternatives: Sequence[OpenTime]) -> None:
        super().__init__("there are free times in these days")
        self.alternatives = alternatives


class OfferGone(DomainError):
    """No time is kept for this place (any more)."""

    status = 409
    code = "offer_gone"
