"""What can go wrong with requests."""

from app.lib.errors import DomainError


class CannotChange(DomainError):
    """The request is in no state for that."""

    status = 409
    code = "request_state"
