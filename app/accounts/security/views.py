"""How a member of the staff signs in: password, authenticator, recovery codes."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import hit
from app.accounts.proofs import queries
from app.accounts.proofs import service as proofs
from app.accounts.proofs import service_setting as setting
from app.accounts.proofs.authenticator import new_seed
from app.accounts.proofs.forms import CodeForm, NewPasswordForm
from app.accounts.proofs.offer import RENEWAL, make_offer, offered_seed
from app.accounts.proofs.passwords import PasswordRefused
from app.accounts.proofs.views import codes_page, refuse_code, seed_page
from app.accounts.rights import Right
from app.accounts.security.security_page import refusal_words, saved_words
from app.accounts.values import SignedIn
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("security", __name__)

Answer = str | Response | tuple[str, int]
T = TypeVar("T")


@blueprint.get("/profile/security")
@may(Right.OWN_ACCOUNT)
def overview() -> Answer:
    """What is set up."""
    kept = queries.kept(db.session(), _staff().id)
    saved = [words for key in get_flashed_messages() if (words := saved_words(str(key)))]
    return render_template("accounts/security.html", kept=kept, saved=saved)


@blueprint.route("/profile/security/password", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT)
def password() -> Answer:
    """Set or change the password; sessions in other browsers end."""
    user, form = _staff(), NewPasswordForm()
    if form.validate_on_submit() and _keep_password(user, form):
        flash("password")
        return redirect(url_for("security.overview"), 303)
    page = render_template("accounts/new_password.html", form=form, email=user.email)
    return page, 422 if form.errors else 200


def _keep_password(user: SignedIn, form: NewPasswordForm) -> bool:
    now, own = clock.now(), guards.session_token()
    try:
        # Hashing takes a tenth of a second, in which the database is left alone.
        hashed = setting.password_to_keep(user, str(form.password.data))
    except PasswordRefused as error:
        form.password.errors = (refusal_words(error.reason),)
        return False
    return _with_proof(user, form, lambda s: setting.change_password(s, now, user, hashed, own)) is not None


@blueprint.route("/profile/security/authenticator", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT)
def authenticator() -> Answer:
    """Ask who it is before another authenticator takes the place of this one."""
    user, form, now = _staff(), CodeForm(), clock.now()
    if form.validate_on_submit() and _with_proof(user, form, lambda _session: True):
        keys = current_settings().sealing_keys
        session["offer"] = make_offer(keys, now, user.public_id, RENEWAL, new_seed())
        return redirect(url_for("security.new_authenticator"), 303)
    return _prove_page(form, _("Set up another authenticator app"), url_for("security.authenticator"))


@blueprint.route("/profile/security/authenticator/new", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT)
def new_authenticator() -> Answer:
    """Show the seed that was offered; it counts once a code of it is typed."""
    user, form, now, settings = _staff(), CodeForm(), clock.now(), current_settings()
    seed = offered_seed(settings.sealing_keys, now, user.public_id, RENEWAL, session.get("offer", ""))
    if not seed:
        return redirect(url_for("security.authenticator"), 303)
    if form.validate_on_submit():
        given = (seed, str(form.code.data), guards.session_token())
        if write(db.session(), [user.id], lambda s: setting.change_seed(s, now, settings, user, *given)):
            session.pop("offer")
            flash("authenticator")
            return redirect(url_for("security.overview"), 303)
        refuse_code(form)
    page = seed_page(form, user, seed, url_for("security.new_authenticator"))
    return page, 422 if form.errors else 200


@blueprint.route("/profile/security/recovery-codes", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT)
def recovery_codes() -> Answer:
    """Make new ones and show them, this once."""
    user, form, now = _staff(), CodeForm(), clock.now()
    if form.validate_on_submit():
        codes = _with_proof(user, form, lambda s: setting.renew_recovery_codes(s, now, user))
        if codes:
            return codes_page(codes, url_for("security.overview"))
    return _prove_page(form, _("Make new recovery codes"), url_for("security.recovery_codes"))


def _with_proof(user: SignedIn, form: CodeForm, work: Callable[[Session], T]) -> T | None:
    """Do ``work`` in the transaction in which the form's code is taken; None when it is wrong."""
    now, settings, code = clock.now(), current_settings(), str(form.code.data)

    def proven(session_: Session) -> T | None:
        return work(session_) if proofs.prove(session_, now, settings, user, code) else None

    hit(proofs.second_proof(user), actor=user)
    done = write(db.session(), [user.id], proven)
    if done is None:
        form.code.errors = (_("That is not the code, or it was used already. Wait for the next one"),)
    return done


def _prove_page(form: CodeForm, title: str, action: str) -> Answer:
    page = render_template("accounts/prove.html", form=form, title=title, action=action)
    return page, 422 if form.errors else 200


def _staff() -> SignedIn:
    """Who is signed in; contacts have nothing here, they sign in by the links that are mailed to them."""
    user = signed_in_user()
    if not user.is_staff:
        raise NotFound("contacts have no second factor")
    return user
