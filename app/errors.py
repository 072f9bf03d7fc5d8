"""Errors as people and programs see them: a page, or a problem document (RFC 9457)."""

import logging
import math
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.accounts.guards import current_settings, current_user, locale_of
from app.accounts.values import CONTACT
from app.api.answers import near_item
from app.booking import service as booking
from app.booking.call_page import calls_page
from app.booking.errors import AnswersRefused
from app.booking.in_words import Reader
from app.customers import service as customers
from app.lib import clock
from app.lib.db import db
from app.lib.errors import DomainError
from app.lib.tokens import new_reference
from app.settings.in_words import window_words
from app.words import answer_words, error_words, refusal_words, status_words

log = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"


def init_app(app: Flask) -> None:
    """Answer every error in the form that its reader understands."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected_error)


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _domain_error(error: DomainError) -> Response:
    db.session.rollback()
    reason = getattr(error, "reason", None)
    title, text = error_words(error.code)
    if isinstance(reason, str) and (words := refusal_words(reason)):
        text = words
    if wait := getattr(error, "retry_after", None):
        text = _when_again(wait)
    extra: dict[str, Any] = {"code": error.code}
    if reason is not None:
        extra["reason"] = str(reason)
    if isinstance(error, AnswersRefused):
        reasons = {key: [answer_words(why)] for key, why in error.answers.items()}
        extra["errors"] = {"json": {"answers": reasons}}
    # Extension members of the problem document (RFC 9457, 3.2).
    extra |= getattr(error, "members", {})
    alternatives = getattr(error, "alternatives", None)
    if alternatives is not None:
        extra["alternatives"] = [near_item(time) for time in alternatives]
    response = _answer(error.status, title, text, extra)
    if error.status == 503:
        response.headers["Retry-After"] = "30"
    if wait:
        response.headers["Retry-After"] = str(wait)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _when_again(seconds: int) -> str:
    # Rounded up: who comes when we said is let in.
    wait = timedelta(minutes=math.ceil(seconds / 60)) if seconds > 60 else timedelta(seconds=seconds)
    return _("Try again %(when)s.", when=format_timedelta(wait, add_direction=True, threshold=1.5))


def _stale_form(_error: CSRFError) -> Response:
    return _answer(400, *error_words("stale_form"), {"code": "stale_form"})


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    title, text = status_words(status)
    extra: dict[str, Any] = {}
    data = getattr(error, "data", None)
    if isinstance(data, dict) and "messages" in data:
        extra["errors"] = data["messages"]
        text = _("Some fields cannot be taken as they are; see errors.")
    response = _answer(status, title, text, extra)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _database_error(error: OperationalError) -> Response:
    db.session.rollback()
    log.warning("the database did not answer: %s", error.orig)
    response = _answer(503, *error_words("busy"), {"code": "busy"})
    response.headers["Retry-After"] = "5"
    return response


def _unexpected_error(error: Exception) -> Response:
    db.session.rollback()
    reference = new_reference()
    log.error("unexpected error %s", reference, exc_info=error)
    if current_app.testing:
        raise error
    title, text = status_words(500)
    return _answer(500, title, text, {"reference": reference})


def _answer(status: int, title: str, text: str, extra: dict[str, Any]) -> Response:
    if _wants_json():
        code = extra.get("code", f"http_{status}").replace("_", "-")
        body = {
            "type": f"urn:problem:attache:{code}",
            "title": title,
            "status": status,
            "detail": text,
            **extra,
        }
        return Response(current_app.json.dumps(body), status, mimetype=PROBLEM_TYPE)
    if extra.get("code") == "not_entitled":
        return Response(_option_page(), status)
    page = render_template(
        "errors/error.html", status=status, title=title, text=text, reference=extra.get("reference", "")
    )
    return Response(page, status)


def _option_page() -> str:
    """What the option is and whom to ask, and what was booked while the company still had it."""
    settings, user, now = current_settings(), current_user(), clock.now()
    kept: dict[str, Any] = {}
    if user is not None and user.role == CONTACT:
        coming = booking.calls_of(db.session(), now, user, when="coming")
        reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
        company = customers.contact_profile(db.session(), user.id).company_name
        kept = {"company": company, "calls": calls_page(coming, [], reader, now).upcoming}
    return render_template(
        "errors/no_option.html",
        contact=settings.option_contact,
        price=settings.option_price,
        hours=window_words(settings.service_window, locale_of()),
        standard_chat_url=settings.standard_chat_url,
        standard_email=settings.standard_email,
        **kept,
    )
