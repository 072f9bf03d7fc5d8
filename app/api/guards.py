"""What stands before the API's views: bearer tokens (RFC 6750) and the reading of bodies."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Request, g
from flask_smorest.blueprint import Blueprint
from webargs.flaskparser import FlaskParser

from app.accounts import rights
from app.accounts.guards import record_refusal
from app.accounts.rights import Right
from app.accounts.tokens.guards import note_token_use, token_use
from app.accounts.values import SignedIn
from app.api.problems import BadRequest, NotForThisRole, NoToken, OutOfScope
from app.lib import clock

P = ParamSpec("P")
R = TypeVar("R")


def bearer(right: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only the owner of a valid token in who has this right, if the token's scopes reach so far.

    Raises NoToken without a token, NotForThisRole when the owner's role does not have the right, OutOfScope
    when the token must not be used for it; what was refused to somebody is written down.
    """
    scope = rights.needed_scope(right)

    def guarded(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R:
            now = clock.now()
            use = token_use(now)
            if use is None:
                raise NoToken
            if not rights.may(use.user.role, right):
                record_refusal(use.user)
                raise NotForThisRole
            if not rights.covers(use.scopes, right):
                record_refusal(use.user, scope=scope.value)
                raise OutOfScope(scope.value)
            note_token_use(now, use)
            g.api_user = use.user
            return view(*args, **kwargs)

        # The OpenAPI document names the scope at each operation (3.1, security requirement object).
        documented = Blueprint.doc(security=[{"token": [scope.value]}])(entered)
        documented.guard = ("bearer", right.value)
        return cast(Callable[P, R], documented)

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
