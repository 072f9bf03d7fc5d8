"""What can go wrong with accounts and rights."""

import math
from datetime import timedelta

from app.lib.errors import DomainError


class NotFound(DomainError):
    """There is no such thing, or it belongs to somebody else: the two look the same on purpose."""

    status = 404
    code = "not_found"


class TooMany(DomainError):
    """A limit is reached; ``retry_after`` is in whole seconds (HTTP Retry-After, RFC 9110, 10.2.3)."""

    status = 429
    code = "too_many"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"limit reached, again in {wait}")
        self.retry_after = max(1, math.ceil(wait.total_seconds()))


class ForeignRequest(DomainError):
    """A change was asked for by a page of another origin."""

    status = 403
    code = "foreign_request"
