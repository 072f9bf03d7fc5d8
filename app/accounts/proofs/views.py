"""Signing in with a password, and the second proof that staff owe."""

from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import guards
from app.accounts.guards_limits import client_address, client_network, hit
from app.accounts.links import Outcome, State
from app.accounts.passkeys.guards import reach_here
from app.accounts.paths import local_path
from app.accounts.proofs import queries, service_setting
from app.accounts.proofs import service as proofs
from app.accounts.proofs.authenticator import in_groups, new_seed, picture
from app.accounts.proofs.forms import CodeForm, PasswordSignInForm
from app.accounts.proofs.offer import make_offer, offered_seed
from app.accounts.proofs.values import StepFacts
from app.accounts.values import SignedIn
from app.accounts.views_entry import go_on, hand_over, landing, this_client
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("proofs", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in/password", methods=["GET", "POST"])
@guards.public
def password() -> Answer:
    """The first proof of staff who have a password."""
    form = PasswordSignInForm()
    onward = local_path(request.values.get("next"))
    if form.validate_on_submit():
        now, settings, client = clock.now(), guards.current_settings(), this_client()
        checked = checked_password(str(form.email.data), str(form.password.data))
        given = (settings, checked, client, onward)
        outcome = write(db.session(), [], lambda s: proofs.use_password(s, now, *given))
        if outcome.state is State.SECOND_OWED:
            return go_on(outcome, now)
        form.password.errors = (_("This address and this password do not fit together"),)
    page = render_template("accounts/password.html", form=form, next=onward)
    return page, 422 if form.errors else 200


def checked_password(email: str, typed: str) -> proofs.CheckedPassword:
    """A password that somebody typed, counted and compared."""
    tried = proofs.PasswordTry(email, client_address(), client_network())
    # Counted before it is looked at, so that tries that come at once count, too.
    hit(*tried.uses, actor=email)
    kept = queries.password_hash(db.session(), email)
    db.session.rollback()
    # Hashing takes a tenth of a second, in which the database is left alone.
    return proofs.check_password(tried, kept, typed)


@blueprint.get("/sign-in/second")
@guards.public
def second() -> Answer:
    """Asks for the second proof."""
    step = current_step()
    if step is None:
        return dead_page()
    if not step.has_factor:
        return redirect(url_for("proofs.enrol"), 303)
    return second_page(CodeForm(), step)


@blueprint.post("/sign-in/second")
@guards.public
def give_second() -> Answer:
    """Sign in with it."""
    form, step, now = CodeForm(), current_step(), clock.now()
    if step is None:
        return dead_page()
    if not form.validate_on_submit():
        return second_page(form, step), 422
    settings, code = guards.current_settings(), str(form.code.data)
    given = (guards.step_token(), code, this_client())
    hit(proofs.second_proof(step.user), actor=step.user)
    outcome = write(db.session(), [step.user.id], lambda s: proofs.give_second(s, now, settings, *given))
    if outcome.state is State.SIGNED_IN:
        return go_on(outcome, now)
    if outcome.state is State.DEAD:
        return dead_page()
    form.code.errors = (_("That is not the code, or it was used already. Wait for the next one"),)
    return second_page(form, step), 422


@blueprint.route("/sign-in/enrol", methods=["GET", "POST"])
@guards.public
def enrol() -> Answer:
    """Whoever has no second factor sets one up before anything else."""
    form, step, now = CodeForm(), current_step(), clock.now()
    if step is None:
        return dead_page()
    if step.has_factor:
        return redirect(url_for("proofs.second"), 303)
    seed = offered(step.user, now)
    if not form.validate_on_submit():
        page = seed_page(form, step.user, seed, url_for("proofs.enrol"))
        return page, 422 if form.errors else 200
    settings = guards.current_settings()
    given = (guards.step_token(), seed, str(form.code.data), this_client())
    outcome, codes = write(
        db.session(), [step.user.id], lambda s: service_setting.enrol(s, now, settings, *given)
    )
    if outcome.state is State.SIGNED_IN:
        return show_codes(outcome, codes, now)
    if outcome.state is State.DEAD:
        return dead_page()
    refuse_code(form)
    return seed_page(form, step.user, seed, url_for("proofs.enrol")), 422


def show_codes(outcome: Outcome, codes: list[str], now: datetime) -> Response:
    """Hand over the session of somebody who enrolled, with their recovery codes."""
    assert outcome.user is not None
    session.clear()
    page = codes_page(codes, outcome.onward or landing(outcome.user.role))
    return hand_over(make_response(page), outcome, now)


def offered(user: SignedIn, now: datetime) -> str:
    """The seed that this browser is shown, the same until it is ten minutes old."""
    keys = guards.current_settings().sealing_keys
    seed = offered_seed(keys, now, user.public_id, session.get("offer", ""))
    if not seed:
        seed = new_seed()
        session["offer"] = make_offer(keys, now, user.public_id, seed)
    return seed


def current_step() -> StepFacts | None:
    """The step of whoever owes this browser the second proof."""
    token = guards.step_token()
    return queries.living_step(db.session(), clock.now(), token) if token else None


def second_page(form: CodeForm, step: StepFacts, problem: str = "") -> str:
    """The page that asks for the second proof; ``problem`` is what was wrong with a passkey."""
    facts = {"step": step, "reach": reach_here(), "problem": problem}
    return render_template("accounts/second.html", form=form, is_dead=False, **facts)


def dead_page() -> Answer:
    """The same when it is too late."""
    return render_template("accounts/second.html", form=CodeForm(), is_dead=True, problem=""), 410


def seed_page(form: CodeForm, user: SignedIn, seed: str, action: str, problem: str = "") -> str:
    """The page that shows a seed and asks for a code of it.

    Whoever enrols may have a passkey instead; ``problem`` is what was wrong with it.
    """
    organisation = guards.current_settings().organisation
    return render_template(
        "accounts/authenticator.html",
        form=form,
        action=action,
        takes_passkey=action == url_for("proofs.enrol") and reach_here().is_here,
        problem=problem,
        picture=picture(seed, user.email, organisation),
        secret=in_groups(seed),
    )


def codes_page(codes: list[str], onward: str) -> str:
    """The page that shows new recovery codes, this once."""
    return render_template("accounts/recovery_codes.html", codes=codes, onward=onward)


def refuse_code(form: CodeForm) -> None:
    """Say at the field that the code is not of the seed that is shown."""
    form.code.errors = (_("That is not the code. Check that the clock of your phone is right"),)
