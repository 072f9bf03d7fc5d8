"""How sending and fetching mail can fail."""

from app.lib.errors import DomainError


class MailTrouble(DomainError):
    """The mail server does not do what it is asked; the text says what it said."""

    status = 503
    code = "mail"


class NotSent(MailTrouble):
    """The server cannot be reached or asks to come back: trying again is right."""


class Refused(MailTrouble):
    """The server will never take this mail for this recipient."""


class NotFetched(MailTrouble):
    """The mailbox cannot be read at the moment: trying again is right."""
