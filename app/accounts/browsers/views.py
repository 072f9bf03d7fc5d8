"""Where somebody is signed in: the page of their sessions, and ending them."""

from datetime import timedelta

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.browsers import queries, service
from app.accounts.browsers.sessions_page import SessionsPage, saved_words, session_rows
from app.accounts.guards import current_settings, current_visit, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("browsers", __name__)

Answer = str | Response | tuple[str, int]
_PAGE = 50


@blueprint.get("/profile/sessions")
@may(Right.OWN_ACCOUNT)
def sessions() -> Answer:
    """Those that are living, and those that ended lately, a page at a time."""
    session, now, visit, language = db.session(), clock.now(), current_visit(), locale_of()
    text = request.args.get("before", "")
    before = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
    living = queries.living(session, now, visit.user, _PAGE) if before is None else []
    since = now - timedelta(days=current_settings().ended_session_days)
    ended = queries.ended(session, now, visit.user, since, before, _PAGE + 1)
    shown = ended[:_PAGE]
    saved = [words for key in get_flashed_messages() if (words := saved_words(str(key)))]
    page = SessionsPage(
        session_rows(living, visit, language, is_living=True),
        session_rows(shown, visit, language, is_living=False),
        shown[-1].id if len(ended) > _PAGE else None,
        before is None,
        saved[0] if saved else "",
    )
    return render_template("accounts/sessions.html", page=page)


@blueprint.post("/profile/sessions/<session_id>/end")
@may(Right.OWN_ACCOUNT)
def end(session_id: str) -> Answer:
    """End one of them; it opens nothing from then on."""
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda s: service.end_one(s, now, user, session_id))
    return _back("session")


@blueprint.post("/profile/sessions/end-others")
@may(Right.OWN_ACCOUNT)
def end_others() -> Answer:
    """End all but this one."""
    now, user, own = clock.now(), signed_in_user(), guards.session_token()
    write(db.session(), [], lambda s: service.end_others(s, now, user, own))
    return _back("sessions")


def _back(done: str) -> Response:
    flash(done)
    return redirect(url_for("browsers.sessions"), 303)
