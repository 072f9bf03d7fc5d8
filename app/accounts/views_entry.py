"""What a browser is handed when a proof was right, and where it goes then."""

from datetime import datetime

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.devices.service import DEVICE_LIFETIME
from app.accounts.guards_limits import client_address
from app.accounts.links import Client, Outcome, State
from app.accounts.values import ADMINISTRATOR, CONTACT


def landing(role: str) -> str:
    """The page that a person of this role comes to after signing in."""
    if role == CONTACT:
        return url_for("portal.home")
    return url_for("admin.overview" if role == ADMINISTRATOR else "booking.schedule")


def this_client() -> Client:
    """The browser that this request comes from."""
    return Client(guards.session_token(), request.user_agent.string, client_address(), guards.device_tokens())


def go_on(outcome: Outcome, now: datetime) -> Response:
    """To where somebody wanted who is signed in; to the second proof for whoever owes it."""
    if outcome.state is State.SECOND_OWED:
        response = redirect(url_for("proofs.second"), 303)
        guards.set_step_cookie(response, guards.current_settings(), outcome.token, _age(outcome, now))
        return response
    assert outcome.user is not None
    # Whatever this browser was before it signed in is over: form secrets, other people's choices.
    session.clear()
    return hand_over(redirect(outcome.onward or landing(outcome.user.role), 303), outcome, now)


def hand_over(response: Response, outcome: Outcome, now: datetime) -> Response:
    """Hand the new session over with this answer."""
    settings = guards.current_settings()
    if guards.step_token():
        guards.set_step_cookie(response, settings, "", 0)
    guards.set_session_cookie(response, settings, outcome.token, _age(outcome, now))
    assert outcome.user is not None
    whose, year = outcome.user.public_id, int(DEVICE_LIFETIME.total_seconds())
    guards.set_device_cookie(response, settings, whose, outcome.device, year)
    return response


def _age(outcome: Outcome, now: datetime) -> int:
    assert outcome.ends_at is not None
    return int((outcome.ends_at - now).total_seconds())
