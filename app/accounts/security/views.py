"""How a member of the staff signs in: password, authenticator, recovery codes."""

from datetime import datetime

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.passkeys.guards import reach_here
from app.accounts.passkeys.queries import own as own_passkeys
from app.accounts.passkeys.values import MOST_PASSKEYS
from app.accounts.proofs import queries
from app.accounts.proofs import service_setting as setting
from app.accounts.proofs.forms import CodeForm, NewPasswordForm
from app.accounts.proofs.passwords import PasswordRefused
from app.accounts.proofs.views import codes_page, offered, refuse_code, seed_page
from app.accounts.rights import Right
from app.accounts.security.security_page import passkey_rows, refusal_words, saved_words
from app.accounts.values import SignedIn
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("security", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/profile/security")
@may(Right.OWN_ACCOUNT)
def overview() -> Answer:
    """What is set up."""
    user = staff()
    kept = queries.kept(db.session(), user.id)
    rows = passkey_rows(own_passkeys(db.session(), user.id), user, guards.locale_of())
    saved = [words for key in get_flashed_messages() if (words := saved_words(str(key)))]
    page = {"kept": kept, "passkeys": rows, "saved": saved, "can_add": kept.passkeys < MOST_PASSKEYS}
    return render_template("accounts/security.html", **page, reach=reach_here())


@blueprint.route("/profile/security/password", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT, fresh=True)
def password() -> Answer:
    """Set or change the password; sessions in other browsers end."""
    user, form = staff(), NewPasswordForm()
    if form.validate_on_submit() and _keep_password(user, form, clock.now()):
        flash("password")
        return redirect(url_for("security.overview"), 303)
    page = render_template("accounts/new_password.html", form=form, email=user.email)
    return page, 422 if form.errors else 200


def _keep_password(user: SignedIn, form: NewPasswordForm, now: datetime) -> bool:
    own = guards.session_token()
    try:
        # Hashing takes a tenth of a second, in which the database is left alone.
        hashed = setting.password_to_keep(user, str(form.password.data))
    except PasswordRefused as error:
        form.password.errors = (refusal_words(error.reason),)
        return False
    write(db.session(), [user.id], lambda s: setting.change_password(s, now, user, hashed, own))
    return True


@blueprint.route("/profile/security/authenticator", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT, fresh=True)
def authenticator() -> Answer:
    """Show a new seed, which counts once a code of it is typed; sessions in other browsers end then."""
    user, form, now, settings = staff(), CodeForm(), clock.now(), current_settings()
    seed = offered(user, now)
    if form.validate_on_submit():
        given = (seed, str(form.code.data), guards.session_token())
        if write(db.session(), [user.id], lambda s: setting.change_seed(s, now, settings, user, *given)):
            session.pop("offer")
            flash("authenticator")
            return redirect(url_for("security.overview"), 303)
        refuse_code(form)
    page = seed_page(form, user, seed, url_for("security.authenticator"))
    return page, 422 if form.errors else 200


@blueprint.get("/profile/security/recovery-codes")
@may(Right.OWN_ACCOUNT, fresh=True)
def recovery_codes() -> Answer:
    """Asks once more before those that are kept somewhere are worth nothing."""
    staff()
    return render_template("accounts/renew_codes.html")


@blueprint.post("/profile/security/recovery-codes")
@may(Right.OWN_ACCOUNT, fresh=True)
def renew_codes() -> Answer:
    """Make new ones and show them, this once."""
    user, now = staff(), clock.now()
    codes = write(db.session(), [user.id], lambda s: setting.renew_recovery_codes(s, now, user))
    return codes_page(codes, url_for("security.overview"))


def staff() -> SignedIn:
    """Who is signed in; contacts have nothing here, they sign in by the links that are mailed to them."""
    user = signed_in_user()
    if not user.is_staff:
        raise NotFound("contacts have no second factor")
    return user
