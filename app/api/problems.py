"""Errors of the API's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.lib.errors import DomainError


class NoToken(DomainError):
    """The request came without a bearer token, or with one that is not known."""

    status = 401
    code = "no_token"


class NotForThisRole(DomainError):
    """The token's owner cannot do this: only contacts book."""

    status = 403
    code = "not_for_this_role"


class OutOfScope(DomainError):
    """The token may not be used for this: it lacks the scope that the member ``scope`` names."""

    status = 403
    code = "scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"the token lacks the scope {scope}")
        self.members = {"scope": scope}


class BadRequest(DomainError):
    """The request cannot be read: unparsable JSON, or a header that is missing."""

    status = 400
    code = "bad_request"


class NotFree(DomainError):
    """The time is gone (``code`` says to whom); ``alternatives`` are the nearest that are free, and whose."""

    status = 409

    def __init__(self, code: str, alternatives: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(f"{code}: {len(alternatives)} alternatives")
        self.code = code
        self.members = {"alternatives": list(alternatives)}


class SeriesNotFree(DomainError):
    """Some calls of a series cannot be booked; ``conflicts`` are their starts, reasons and alternatives."""

    status = 409

    def __init__(self, code: str, conflicts: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(f"{code}: {len(conflicts)} conflicts")
        self.code = code
        self.members = {"conflicts": list(conflicts)}
