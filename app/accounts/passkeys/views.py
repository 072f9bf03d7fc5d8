"""Passkeys where somebody signs in, sets up their first factor, or proves again who they are."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import guards
from app.accounts.again.views import again_page, proven
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, current_visit, may
from app.accounts.guards_limits import hit
from app.accounts.links import State
from app.accounts.passkeys import service, service_setting
from app.accounts.passkeys.ceremony import Purpose
from app.accounts.passkeys.service import Place, place_of_step, place_of_visit
from app.accounts.passkeys.values import NAME_LIMIT
from app.accounts.proofs.forms import AgainByPasswordForm, CodeForm
from app.accounts.proofs.service import second_proof
from app.accounts.proofs.views import current_step, dead_page, offered, second_page, seed_page, show_codes
from app.accounts.rights import Right
from app.accounts.security.security_page import passkey_refusal_words
from app.accounts.security.views import staff
from app.accounts.views_entry import go_on, this_client
from app.lib import clock
from app.lib.db import db, write
from app.lib.text import UncleanText, one_line

blueprint = Blueprint("passkeys", __name__)

Answer = str | AnyResponse | tuple[str, int]


def question(place: Place, purpose: Purpose) -> Response:
    """What the browser is to ask of a passkey, as JSON.

    Raises NotFound where the public address can have none.
    """
    now, settings = clock.now(), current_settings()
    if not service.our_site(settings).rp_id:
        raise NotFound("no passkeys for an address with a number for a host")
    asked = write(db.session(), [], lambda s: service.ask(s, now, settings, place, purpose))
    return Response(asked, mimetype="application/json")


def sent_answer() -> str:
    """What the browser says of the passkey, as JSON."""
    return request.form.get("credential", "")


def sent_name() -> str:
    """The name that somebody gave to a passkey; empty for none that can be taken."""
    try:
        return one_line(request.form.get("name", ""), NAME_LIMIT)
    except UncleanText:
        return ""


@blueprint.post("/sign-in/second/passkey/question")
@guards.public
def ask_second() -> Answer:
    """The question for the second proof."""
    step = current_step()
    return dead_page() if step is None else question(place_of_step(step), Purpose.PROVE)


@blueprint.post("/sign-in/second/passkey")
@guards.public
def give_second() -> Answer:
    """Sign in with a passkey as the second proof."""
    step, now, settings = current_step(), clock.now(), current_settings()
    if step is None:
        return dead_page()
    given = (guards.step_token(), sent_answer(), this_client())
    hit(second_proof(step.user), actor=step.user)
    outcome = write(db.session(), [step.user.id], lambda s: service.give_second(s, now, settings, *given))
    if outcome.state is State.SIGNED_IN:
        return go_on(outcome, now)
    if outcome.state is State.DEAD:
        return dead_page()
    return second_page(CodeForm(), step, _wrong()), 422


@blueprint.post("/sign-in/enrol/passkey/question")
@guards.public
def ask_enrol() -> Answer:
    """The question for the first factor of whoever has none."""
    step = current_step()
    if step is None or step.has_factor:
        return dead_page()
    return question(place_of_step(step), Purpose.REGISTER)


@blueprint.post("/sign-in/enrol/passkey")
@guards.public
def enrol() -> Answer:
    """Set up a passkey instead of an authenticator, and sign in."""
    step, now, settings, name = current_step(), clock.now(), current_settings(), sent_name()
    if step is None or step.has_factor:
        return dead_page()
    problem = "" if name else passkey_refusal_words("name")
    if not problem:
        given = (guards.step_token(), sent_answer(), name, this_client())
        work = service_setting.enrol
        outcome, codes = write(db.session(), [step.user.id], lambda s: work(s, now, settings, *given))
        if outcome.state is State.SIGNED_IN:
            return show_codes(outcome, codes, now)
        problem = passkey_refusal_words("answer")
    return seed_page(CodeForm(), step.user, offered(step.user, now), url_for("proofs.enrol"), problem), 422


@blueprint.post("/sign-in/again/passkey/question")
@may(Right.OWN_ACCOUNT)
def ask_again() -> Answer:
    """The question for whoever proves again who they are."""
    staff()
    return question(place_of_visit(current_visit()), Purpose.PROVE)


@blueprint.post("/sign-in/again/passkey")
@may(Right.OWN_ACCOUNT)
def again() -> Answer:
    """Prove it with a passkey."""
    staff()
    now, settings, visit, answer = clock.now(), current_settings(), current_visit(), sent_answer()
    hit(second_proof(visit.user), actor=visit.user)
    work = service.prove_again
    token = write(db.session(), [visit.user.id], lambda s: work(s, now, settings, visit, answer))
    return proven(token) if token else again_page(CodeForm(), AgainByPasswordForm(), _wrong())


def _wrong() -> str:
    return _("This passkey was not taken. Try again, or use a code")
