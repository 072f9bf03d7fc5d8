"""What can stand between a contact and their specialist."""

from app.lib.errors import DomainError


class NotEntitled(DomainError):
    """The company does not have the option today; the page for it says what it is and whom to ask."""

    status = 403
    code = "not_entitled"


class NoSpecialist(DomainError):
    """The company has the option, but nobody is assigned to serve it."""

    status = 503
    code = "no_specialist"
