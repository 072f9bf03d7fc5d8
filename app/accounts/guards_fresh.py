"""Asking somebody who is signed in to prove once more who they are, and leading them back."""

from typing import cast

from flask import Response, current_app, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# In the form's cookie: a change of theirs was refused, and they have proved since that it is them.
PRESS_AGAIN = "press_again"


def to_prove_again() -> Response:
    """To the page that asks for a proof, and back; a form that was sent is not repeated afterwards."""
    is_refused = request.method != "GET"
    here = _page_above(request.path) if is_refused else request.full_path.rstrip("?")
    address = url_for("again.prove", next=here, refused=1 if is_refused else None)
    return cast(Response, redirect(address, 303))


def is_to_press_again() -> bool:
    """Whether the page that is made now is to tell that a change was not made; it is told once."""
    return PRESS_AGAIN in session and bool(session.pop(PRESS_AGAIN))


def _page_above(path: str) -> str:
    """The nearest page at or above a path: where the form of a refused change stands."""
    addresses = current_app.create_url_adapter(request)
    assert addresses is not None
    while path:
        try:
            addresses.match(path, method="GET")
        except (HTTPException, RequestRedirect):
            path = path.rpartition("/")[0]
        else:
            return path
    return "/"
