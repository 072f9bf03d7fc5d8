"""Why an account cannot be made or changed by an operator; told in one line."""

from app.lib.errors import DomainError


class UserRefused(DomainError):
    """The text says what is wrong."""

    status = 409
    code = "user_refused"


class StillServes(UserRefused):
    """A specialist whom companies would lose; the text names them."""

    code = "still_serves"
