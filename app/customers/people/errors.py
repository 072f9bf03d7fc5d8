"""What cannot be done with somebody of ours."""

from app.lib.errors import DomainError


class StillServes(DomainError):
    """The role cannot be left while companies or calls depend on it."""

    status = 409
    code = "still_serves"


class NoStandIn(DomainError):
    """Whoever is to stand in is no active specialist, or is the person themselves."""

    code = "no_stand_in"
