"""How sending a mail can fail."""

from app.lib.errors import DomainError


class MailTrouble(DomainError):
    """A mail was not taken; the text says what the server said."""

    status = 503
    code = "mail"


class NotSent(MailTrouble):
    """The server cannot be reached or asks to come back: trying again is right."""


class Refused(MailTrouble):
    """The server will never take this mail for this recipient."""
