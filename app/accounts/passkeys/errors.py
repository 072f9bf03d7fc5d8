"""Why a passkey is not taken or stays."""

from app.lib.errors import DomainError


class PasskeyRefused(DomainError):
    """``reason``: ``answer`` (of the browser), ``known`` (the credential), ``many``, or ``last`` (factor)."""

    status = 422
    code = "passkey"

    def __init__(self, reason: str) -> None:
        super().__init__(f"passkey refused: {reason}")
        self.reason = reason
