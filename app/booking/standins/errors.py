"""What can come between deciding about a call and doing it."""

from app.lib.errors import DomainError


class StandInChanged(DomainError):
    """Somebody else stands in now than the page showed, or nobody does."""

    status = 409
    code = "stand_in_changed"
