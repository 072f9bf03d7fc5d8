"""The reasons of breaches, and what stands on top of our people's pages."""

from collections.abc import Callable

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.desk.queries import visible_to
from app.desk.requests.values import ClockName
from app.desk.requests.views_shared import Sent, find, request_url, show_request, writing
from app.desk.warnings.alerts_page import AlertsPage, alerts_page
from app.desk.warnings.queries import alerts
from app.desk.warnings.service import give_reason
from app.desk.warnings.values import MOST_REASON, SentReason
from app.lib import clock
from app.lib.db import db
from app.lib.rates import MESSAGES
from app.lib.text import UncleanText, many_lines
from app.words import error_words

blueprint = Blueprint("warnings", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def offer_alerts() -> dict[str, Callable[[], AlertsPage]]:
    """Lets pages ask for the notes, those of lower packages too; they are read only when asked for."""
    return {"desk_alerts": _alerts}


@blueprint.post("/requests/<conversation_id>/reason")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def reason(conversation_id: str) -> Answer:
    """Say why a clock was not met in time."""
    user, settings, found = signed_in_user(), current_settings(), find(conversation_id)
    sent = request.form.get("reason", "")
    name = _clock_name(request.form.get("clock", ""))
    try:
        text = many_lines(sent, MOST_REASON)
        if not text:
            raise UncleanText("empty", MOST_REASON)
    except UncleanText as error:
        problem = error_words(error.code)[1]
        return show_request(conversation_id, Sent(reason=SentReason(name, sent, problem))), error.status
    number = found.request.conversation.id
    writing(lambda s, now: give_reason(s, now, settings, user, number, name, text))
    return redirect(f"{request_url(conversation_id)}#reasons", 303)


def _clock_name(text: str) -> ClockName:
    if text not in set(ClockName):
        raise NotFound(f"no clock {text!r}")
    return ClockName(text)


def _alerts() -> AlertsPage:
    session, now = db.session(), clock.now()
    seen = visible_to(session, now, current_settings(), signed_in_user())
    return alerts_page(alerts(session, now, seen), request_url)
