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


class AssignmentRefused(DomainError):
    """Who serves a company cannot be changed like that.

    ``reason``: ``past`` (a day that is over, or has begun for what is taken back), ``person`` (nobody who can
    serve), ``served`` (somebody serves already: it is handed over), ``same`` (they serve already),
    ``handed_over`` (it came of a hand-over), ``none`` (there is nothing to hand over yet), ``open`` (a
    hand-over is under way), ``settled`` (it is confirmed, declined or called off already).
    """

    status = 409
    code = "assignment_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"who serves cannot be changed like that: {reason}")
        self.reason = reason
