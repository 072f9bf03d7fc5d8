"""What stands before the API's views: bearer tokens (RFC 6750) and the reading of bodies."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Request, g, request
from webargs.flaskparser import FlaskParser

from app.accounts import rights
from app.accounts.rights import Right
from app.accounts.service import find_api_user
from app.accounts.values import SignedIn
from app.api.problems import BadRequest, NotForThisRole, NoToken
from app.lib.db import db

P = ParamSpec("P")
R = TypeVar("R")


def bearer(right: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only the owner of a valid token in who has this right.

    Raises NoToken without one, NotForThisRole when the owner's role does not have the right.
    """

    def guarded(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            user = find_api_user(db.session(), token.strip()) if scheme.lower() == "bearer" else None
            if user is None:
                raise NoToken
            if not rights.may(user.role, right):
                raise NotForThisRole
            g.api_user = user
            return view(*args, **kwargs)

        entered.guard = ("bearer", right.value)  # type: ignore[attr-defined]
        return entered

    return guarded


def api_user() -> SignedIn:
    """The owner of this request's token."""
    user = g.api_user
    assert isinstance(user, SignedIn)
    return user


def key_header(most: int) -> dict[str, Any]:
    """The header Idempotency-Key of at most so many characters, for the OpenAPI document."""
    limits = {"type": "string", "minLength": 1, "maxLength": most}
    return {"in": "header", "name": "Idempotency-Key", "required": True, "schema": limits}


class BodyParser(FlaskParser):
    """Reads JSON; what is too deep or too large a number for Python's reader is as unreadable as the rest."""

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body's JSON; raises BadRequest when it cannot be read."""
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError) as error:
            raise BadRequest("unreadable JSON") from error
