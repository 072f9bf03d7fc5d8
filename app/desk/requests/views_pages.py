"""The queue, a customer's requests, and one request's page."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import ColumnElement

from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.rights import may as has_right
from app.accounts.values import ADMINISTRATOR
from app.customers import service as customers
from app.desk.queries import visible_to
from app.desk.requests.queries_list import counts, newest, owners, queue
from app.desk.requests.queue_page import QueuePage, hours_words, queue_page, request_rows
from app.desk.requests.request_page import state_line
from app.desk.requests.values import Only
from app.desk.requests.views_shared import Answer, blueprint, find, reader, show_request
from app.lib import clock
from app.lib.db import db
from app.lib.paging import Place
from app.lib.wording import local_date

_LONGEST_KEY = 60


@blueprint.get("/requests")
@may(Right.SEE_DESK)
def all_requests() -> Answer:
    """The queue; for customers what their company has asked."""
    if signed_in_user().role == ADMINISTRATOR:
        record_view("viewed the requests", "conversation")
    page = _list()
    if not page.rows and not signed_in_user().is_staff:
        _require_option()
    return render_template("desk/requests.html", page=page, can_open=_can_open())


@blueprint.get("/requests/rows")
@may(Right.SEE_DESK)
def rows() -> Answer:
    """The part of the list that changes with the minute."""
    return render_template("desk/_requests.html", page=_list(), can_open=_can_open())


@blueprint.get("/requests/<conversation_id>")
@may(Right.SEE_DESK)
def show(conversation_id: str) -> Answer:
    """One request."""
    return show_request(conversation_id)


@blueprint.get("/requests/<conversation_id>/clocks")
@may(Right.SEE_DESK)
def clocks(conversation_id: str) -> Answer:
    """The part of a request's page that changes with the minute."""
    found = find(conversation_id)
    state = state_line(found.request, found.policy, signed_in_user(), clock.now(), reader())
    return render_template("desk/_request_state.html", state=state)


def _can_open() -> bool:
    return has_right(signed_in_user().role, Right.WRITE_DESK)


def _require_option() -> None:
    """Raises NotEntitled: who has asked nothing and has no option is told what that is."""
    profile = customers.contact_profile(db.session(), signed_in_user().id)
    customers.require_entitled(profile, clock.now(), current_settings())


def _list() -> QueuePage:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    seen, asked, whose = visible_to(session, now, settings, user), _asked_place(), reader()
    refresh = url_for("requests.rows", **_here())
    if not user.is_staff:
        found = newest(session, seen, asked)
        listed = request_rows(found.items, {}, user, now, whose)
        return queue_page(found, listed, {}, Only.OPEN, _address, refresh, "")
    only = _asked_filter()
    found = queue(session, now, seen, only, asked)
    today = local_date(now, settings.service_time_zone)
    serving = owners(session, today, {item.request.conversation.company_id for item in found.items})
    listed = request_rows(found.items, serving, user, now, whose)
    hours = hours_words(settings.service_window, settings.service_time_zone, whose.language, now)
    return queue_page(found, listed, _counts(seen), only, _address, refresh, hours)


def _counts(seen: ColumnElement[bool]) -> dict[Only, int]:
    return dict(counts(db.session(), clock.now(), seen))


def _here() -> dict[str, Any]:
    return {name: request.args[name] for name in ("show", "after", "before") if name in request.args}


def _address(**parameters: Any) -> str:
    return url_for("requests.all_requests", **parameters)


def _asked_filter() -> Only:
    text = request.args.get("show", "")
    return Only(text) if text in set(Only) else Only.OPEN


def _asked_place() -> Place:
    after, before = request.args.get("after", ""), request.args.get("before", "")
    return Place(after[:_LONGEST_KEY], before[:_LONGEST_KEY])
