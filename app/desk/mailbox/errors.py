"""What can be wrong when a mail is taken out of quarantine."""

from app.lib.errors import DomainError


class NoSuchContact(DomainError):
    """Nobody whom the person serves has this address."""

    status = 422
    code = "no_such_contact"
