"""A member of staff's own passkeys: adding, naming and removing them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, current_visit, may
from app.accounts.passkeys import queries, service_setting
from app.accounts.passkeys.ceremony import Purpose
from app.accounts.passkeys.errors import PasskeyRefused
from app.accounts.passkeys.service import place_of_visit
from app.accounts.passkeys.views import question, sent_answer, sent_name
from app.accounts.rights import Right
from app.accounts.security.security_page import passkey_refusal_words
from app.accounts.security.views import staff
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("own_passkeys", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/profile/security/passkeys/new")
@may(Right.OWN_ACCOUNT, fresh=True)
def new() -> Answer:
    """The form of a new one."""
    staff()
    return render_template("accounts/new_passkey.html", problem="")


@blueprint.post("/profile/security/passkeys/new/question")
@may(Right.OWN_ACCOUNT, fresh=True)
def ask() -> Answer:
    """What the browser is to ask of the device."""
    staff()
    return question(place_of_visit(current_visit()), Purpose.REGISTER)


@blueprint.post("/profile/security/passkeys/new")
@may(Right.OWN_ACCOUNT, fresh=True)
def add() -> Answer:
    """Keep what the device made."""
    user, now, settings, name, answer = staff(), clock.now(), current_settings(), sent_name(), sent_answer()
    refusal: PasskeyRefused | None = PasskeyRefused("name")
    if name:
        place, work = place_of_visit(current_visit()), service_setting.register
        refusal = write(db.session(), [user.id], lambda s: work(s, now, settings, place, answer, name))
    if refusal is None:
        return _back("passkey")
    problem = passkey_refusal_words(refusal.reason)
    return render_template("accounts/new_passkey.html", problem=problem), refusal.status


@blueprint.get("/profile/security/passkeys/<passkey_id>")
@may(Right.OWN_ACCOUNT, fresh=True)
def show(passkey_id: str) -> Answer:
    """One of them."""
    return _page(passkey_id)


@blueprint.post("/profile/security/passkeys/<passkey_id>")
@may(Right.OWN_ACCOUNT, fresh=True)
def rename(passkey_id: str) -> Answer:
    """Give it another name."""
    user, now, name = staff(), clock.now(), sent_name()
    if not name:
        return _page(passkey_id, "name")
    write(db.session(), [], lambda s: service_setting.rename(s, now, user, passkey_id, name))
    return _back("passkey")


@blueprint.post("/profile/security/passkeys/<passkey_id>/remove")
@may(Right.OWN_ACCOUNT, fresh=True)
def remove(passkey_id: str) -> Answer:
    """Remove it, unless it is the only second factor."""
    user, now, own = staff(), clock.now(), guards.session_token()
    work = service_setting.remove
    try:
        write(db.session(), [user.id], lambda s: work(s, now, user, passkey_id, own))
    except PasskeyRefused as error:
        return _page(passkey_id, error.reason)
    return _back("passkey-removed")


def _page(passkey_id: str, reason: str = "") -> Answer:
    session, user = db.session(), staff()
    found = queries.one_of(session, user.id, passkey_id)
    if found is None:
        raise NotFound("no such passkey of theirs")
    page = render_template(
        "accounts/passkey.html",
        passkey=found,
        is_last=service_setting.is_last(session, user.id),
        problem=passkey_refusal_words(reason) if reason else "",
    )
    return page, 422 if reason else 200


def _back(done: str) -> Response:
    flash(done)
    return redirect(url_for("security.overview"), 303)
