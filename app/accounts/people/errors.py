"""Why an account cannot be made or changed."""

from app.lib.errors import DomainError


class AddressTaken(DomainError):
    """Somebody else has this e-mail address."""

    status = 409
    code = "address_taken"


class OwnAccount(DomainError):
    """Nobody takes away their own role or account."""

    status = 409
    code = "own_account"


class LastAdministrator(DomainError):
    """Without this account nobody could administer the service."""

    status = 409
    code = "last_administrator"
