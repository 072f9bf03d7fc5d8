"""Signing in by e-mail link, signing out, and language."""

from typing import Any

from flask import (
    Blueprint,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import guards, queries, service
from app.accounts.errors import NotFound
from app.accounts.forms import SignInForm
from app.accounts.guards_fresh import PRESS_AGAIN
from app.accounts.guards_limits import client_network, hit
from app.accounts.links import LINK_LIFETIME, Attempt, LinkRequest, State
from app.accounts.paths import local_path
from app.accounts.proofs import service as proofs
from app.accounts.service_limits import Use
from app.accounts.views_entry import go_on, landing, this_client
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import LINKS_PER_ADDRESS, LINKS_PER_CLIENT
from app.lib.tokens import new_code, new_token

blueprint = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@guards.public
def sign_in() -> Answer:
    """The page that asks for an address; sending it leaves a link for the worker to mail."""
    form = SignInForm()
    onward = local_path(request.values.get("next"))
    if not form.validate_on_submit():
        user = guards.current_user()
        if request.method == "GET" and user:
            return redirect(onward or landing(user.role), 303)
        notice = _("Sign in to go on.") if onward else ""
        openid = guards.current_settings().openid
        provider = openid.name if openid else ""
        page = render_template(
            "accounts/sign_in.html", form=form, notice=notice, next=onward, provider=provider
        )
        return page, 422 if form.errors else 200
    return ask_for_link(str(form.email.data), onward)


def ask_for_link(email: str, onward: str, *, is_refused: bool = False) -> Response:
    """Leave a link for the worker to mail, which leads on to ``onward``.

    ``is_refused`` says that a change was refused for want of it, so that whoever made it is told there to
    press again. Raises TooMany.
    """
    settings = guards.current_settings()
    now, code = clock.now(), new_code()
    browser = session.setdefault("browser", new_token())
    asked = LinkRequest(email, browser, code, request.remote_addr or "", guards.locale_of())
    # The client first: what is refused to it is not counted against the address that it names.
    hit(Use(LINKS_PER_CLIENT, client_network()), Use(LINKS_PER_ADDRESS, email.lower()), actor=email)
    write(db.session(), [], lambda s: service.ask_for_link(s, now, settings, asked))
    session["asked"] = {"email": email, "code": code, "next": onward, "is_refused": is_refused}
    return redirect(url_for("accounts.link_sent"), 303)


@blueprint.get("/sign-in/sent")
@guards.public
def link_sent() -> Answer:
    """Where the link went, and the code that other browsers will ask for."""
    asked: dict[str, Any] | None = session.get("asked")
    if not asked:
        return redirect(url_for("accounts.sign_in"), 303)
    settings = guards.current_settings()
    return render_template(
        "accounts/link_sent.html",
        email=asked["email"],
        code=f"{asked['code'][:3]} {asked['code'][3:]}",
        minutes=int(LINK_LIFETIME.total_seconds() // 60),
        mail_url=url_for("demo.mail_list") if settings.shows_demo_mail else "",
    )


@blueprint.get("/sign-in/<token>")
@guards.public
def open_link(token: str) -> Answer:
    """The link's page with its button; looking at it changes nothing."""
    link = queries.living_link(db.session(), clock.now(), token)
    if link is None:
        return _link_page(token, is_dead=True), 410
    return _link_page(token, needs_code=service.needs_code(link, session.get("browser", "")))


@blueprint.post("/sign-in/<token>")
@guards.public
def use_link(token: str) -> Answer:
    """Sign in."""
    settings = guards.current_settings()
    now = clock.now()
    code = request.form.get("code", "")[:20]
    asked = session.get("asked") or {}
    onward = local_path(asked.get("next"))
    attempt = Attempt(
        token,
        session.get("browser", ""),
        code,
        this_client(),
        asked_for=asked.get("email", ""),
        onward=onward,
    )
    outcome = write(db.session(), [], lambda s: proofs.sign_in_by_link(s, now, settings, attempt))
    match outcome.state:
        case State.CODE_MISSING:
            problem = _("Enter the six digits from the page where you asked for this link")
            return _link_page(token, needs_code=True, problem=problem), 422
        case State.CODE_WRONG:
            problem = _("That is not the code. It stands on the page where you asked for this link")
            return _link_page(token, needs_code=True, problem=problem), 422
        case State.DEAD:
            return _link_page(token, is_dead=True), 410
        case _:
            response = go_on(outcome, now)
            if asked.get("is_refused") and outcome.onward:
                session[PRESS_AGAIN] = True
            return response


def _link_page(token: str, **facts: Any) -> str:
    facts = {"needs_code": False, "problem": "", "is_dead": False} | facts
    return render_template("accounts/open_link.html", token=token, **facts)


@blueprint.post("/sign-out")
@guards.public
def sign_out() -> Answer:
    """End the session here and on the server."""
    settings = guards.current_settings()
    user, token, now = guards.current_user(), guards.session_token(), clock.now()
    if user:
        write(db.session(), [], lambda s: service.sign_out(s, now, user, token))
    language = guards.locale_of()
    session.clear()
    session["language"] = language
    response = redirect(url_for("accounts.sign_in"), 303)
    guards.set_session_cookie(response, settings, "", 0)
    return response


@blueprint.post("/language")
@guards.public
def language() -> Answer:
    """Change the language, for the person or, when nobody is signed in, for this browser."""
    settings = guards.current_settings()
    chosen = request.form.get("language", "")
    if chosen not in settings.languages:
        raise NotFound(f"no language {chosen!r}")
    session["language"] = chosen
    user = guards.current_user()
    if user:
        write(db.session(), [], lambda s: service.save_profile(s, user.id, language=chosen))
    return redirect(local_path(request.form.get("next")) or "/", 303)
