"""What can be wrong with a wish for an API token."""

from app.lib.errors import DomainError


class TokenRefused(DomainError):
    """A token that cannot be made: ``reason`` is ``scopes``, ``days`` or ``many``."""

    status = 422
    code = "token_refused"

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
