"""What can go wrong with callbacks."""

from app.lib.errors import DomainError


class CallbackTaken(DomainError):
    """Somebody else has taken it: ``name``, empty when nobody has it any more."""

    status = 409
    code = "callback_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"the callback is with {name!r}")
        self.name = name


class CallbackClosed(DomainError):
    """It is over: they were reached, booked a call, or want none any more."""

    status = 409
    code = "callback_closed"


class WishRefused(DomainError):
    """Nobody can be rung when they wish: ``reason`` is ``day``, ``time``, ``past`` or ``hours``."""

    code = "wish_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"wish refused: {reason}")
        self.reason = reason
