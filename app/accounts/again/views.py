"""Asks somebody who is signed in to prove once more who they are, before they change what counts."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.again import service
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, current_visit, may, signed_in_user
from app.accounts.guards_fresh import PRESS_AGAIN
from app.accounts.guards_limits import hit
from app.accounts.passkeys.guards import reach_here
from app.accounts.paths import local_path
from app.accounts.proofs import queries
from app.accounts.proofs import service as proofs
from app.accounts.proofs.forms import AgainByPasswordForm, CodeForm
from app.accounts.proofs.views import checked_password
from app.accounts.rights import Right
from app.accounts.views import ask_for_link
from app.accounts.views_entry import landing
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("again", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/sign-in/again")
@may(Right.OWN_ACCOUNT)
def prove() -> Answer:
    """What they can prove it with: contacts a link, staff what they have set up."""
    return again_page(CodeForm(), AgainByPasswordForm())


@blueprint.post("/sign-in/again/link")
@may(Right.OWN_ACCOUNT)
def by_link() -> Answer:
    """Mail a contact a link; using it in this browser is a fresh sign-in."""
    user = signed_in_user()
    if user.is_staff:
        raise NotFound("a link alone proves nothing of staff")
    return ask_for_link(user.email, _onward(), is_refused=_is_refused())


@blueprint.post("/sign-in/again")
@may(Right.OWN_ACCOUNT)
def by_code() -> Answer:
    """Take a code of the authenticator, or a recovery code."""
    form, now, settings, visit = CodeForm(), clock.now(), current_settings(), current_visit()
    _staff_only()
    if not form.validate_on_submit():
        return again_page(form, AgainByPasswordForm())
    code = str(form.code.data)
    hit(proofs.second_proof(visit.user), actor=visit.user)
    work = service.prove_by_code
    token = write(db.session(), [visit.user.id], lambda s: work(s, now, settings, visit, code))
    if token:
        return proven(token)
    form.code.errors = (_("That is not the code, or it was used already. Wait for the next one"),)
    return again_page(form, AgainByPasswordForm())


@blueprint.post("/sign-in/again/password")
@may(Right.OWN_ACCOUNT)
def by_password() -> Answer:
    """Take the password."""
    form, now, settings, visit = AgainByPasswordForm(), clock.now(), current_settings(), current_visit()
    _staff_only()
    if not form.validate_on_submit():
        return again_page(CodeForm(), form)
    checked = checked_password(visit.user.email, str(form.password.data))
    work = service.prove_by_password
    token = write(db.session(), [visit.user.id], lambda s: work(s, now, settings, visit, checked))
    if token:
        return proven(token)
    form.password.errors = (_("That is not your password"),)
    return again_page(CodeForm(), form)


def proven(token: str) -> Response:
    """Hand over the session's new token, and go on to where somebody was stopped."""
    visit, now = current_visit(), clock.now()
    if _is_refused():
        session[PRESS_AGAIN] = True
    response = redirect(_onward() or landing(visit.user.role), 303)
    left = int((visit.ends_at - now).total_seconds())
    guards.set_session_cookie(response, current_settings(), token, left)
    return response


def _staff_only() -> None:
    if not signed_in_user().is_staff:
        raise NotFound("contacts prove themselves by links")


def _onward() -> str:
    return local_path(request.values.get("next"))


def _is_refused() -> bool:
    return request.values.get("refused") == "1"


def again_page(code: CodeForm, password: AgainByPasswordForm, problem: str = "") -> Answer:
    """The page; ``problem`` is what was wrong with a passkey."""
    user = signed_in_user()
    page = render_template(
        "accounts/again.html",
        code=code,
        password=password,
        kept=queries.kept(db.session(), user.id),
        reach=reach_here(),
        is_staff=user.is_staff,
        next=_onward(),
        is_refused=_is_refused(),
        cancel=_onward() or url_for("portal.home"),
        problem=problem,
    )
    return page, 422 if code.errors or password.errors or problem else 200
