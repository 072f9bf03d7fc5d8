"""Why somebody's data cannot be erased yet."""

from collections.abc import Sequence

from app.lib.errors import DomainError


class CallsAhead(DomainError):
    """Coming calls must be cancelled first; ``calls`` names them."""

    status = 409
    code = "calls_ahead"

    def __init__(self, calls: Sequence[str]) -> None:
        super().__init__(f"cancel the coming calls first: {', '.join(calls)}")
        self.calls = tuple(calls)


class MailOnItsWay(DomainError):
    """Mail to the person, about their calls or that names them has not gone out yet."""

    status = 409
    code = "mail_on_its_way"

    def __init__(self) -> None:
        super().__init__("mail to this contact is still on its way; try again in some minutes")
