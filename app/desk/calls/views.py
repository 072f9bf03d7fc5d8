"""Calls of requests: links made and taken back from either page, and what those pages show of them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.rights import may as has_right
from app.booking import service as booking
from app.booking.in_words import Reader
from app.desk.calls import queries, service
from app.desk.calls.calls_page import CallsPart, RequestsPart, calls_part
from app.desk.values import ConversationValue
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import MESSAGES

blueprint = Blueprint("linked_calls", __name__)


@blueprint.post("/requests/<conversation_id>/calls")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def link_call(conversation_id: str) -> Response:
    """Link a call to a request, or with ``remove`` take the link back."""
    call = request.form.get("remove", "")
    _change(service.unlink if call else service.link, conversation_id, call or request.form.get("call", ""))
    return redirect(url_for("requests.show", conversation_id=conversation_id, _anchor="calls"), 303)


@blueprint.post("/calls/<booking_id>/requests")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def link_request(booking_id: str) -> Response:
    """Link a call of theirs to a request."""
    booking.call_of(db.session(), signed_in_user(), booking_id)
    _change(service.link, request.form.get("request", ""), booking_id)
    return redirect(url_for("booking.show", booking_id=booking_id, _anchor="requests"), 303)


def _change(work: Callable[..., None], conversation_id: str, call: str) -> None:
    now, settings, user = clock.now(), current_settings(), signed_in_user()

    def change(session: Session) -> None:
        work(session, now, settings, user, conversation_id, call)

    write(db.session(), [], change)


def calls_of(conversation: ConversationValue) -> CallsPart:
    """The calls of a request, for its page; two queries."""
    session, now, user = db.session(), clock.now(), signed_in_user()
    whose = Reader(locale_of(), user.time_zone, current_settings().service_time_zone)
    can_link = has_right(user.role, Right.WRITE_DESK)
    about = (conversation.company_id, conversation.id)
    others = queries.linkable_calls(session, now, user, *about) if can_link else []
    linked = queries.linked_calls(session, conversation.id)
    return calls_part(conversation.public_id, linked, others, user, whose, now, can_link=can_link)


@blueprint.app_context_processor
def _for_pages_of_calls() -> dict[str, Any]:
    """Those pages belong to a package that knows nothing of requests: they ask for them by this name."""
    return {"requests_of_call": _requests_of_call}


def _requests_of_call(booking_id: str) -> RequestsPart:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    linked = queries.requests_of_call(session, now, settings, user, booking_id)
    can_link = has_right(user.role, Right.WRITE_DESK)
    others = queries.linkable_requests(session, now, settings, user, booking_id) if can_link else []
    return RequestsPart(booking_id, tuple(linked), tuple(others))
