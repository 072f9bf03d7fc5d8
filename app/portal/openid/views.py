"""Signing in at the OpenID provider: the way there and the way back."""

import logging

from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, public
from app.accounts.guards_limits import client_address, client_network, hit
from app.accounts.links import Outcome
from app.accounts.openid import client
from app.accounts.openid import service as openid
from app.accounts.openid.errors import OpenidTrouble
from app.accounts.openid.flow import authorization_url, begin, check_issuer, resumed
from app.accounts.paths import local_path
from app.accounts.service_limits import Use
from app.accounts.views_entry import go_on, this_client
from app.availability.time_off.service_alarm import telling_of_closed
from app.booking import service as booking
from app.config_openid import OpenidSettings
from app.customers.openid import service as staff
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import OPENID_PER_CLIENT
from app.portal.openid.openid_page import refusal_page, status_of

log = logging.getLogger(__name__)

blueprint = Blueprint("openid", __name__)

Answer = str | Response | tuple[str, int]

# Accounts are made and linked one after another: this is the lock of nobody's id.
_ONE_BY_ONE = (0,)
_KEPT = "openid"


@blueprint.get("/sign-in/openid")
@public
def begin_sign_in() -> Answer:
    """To the provider, with secrets that this browser alone keeps."""
    chosen, now, onward = _chosen(), clock.now(), local_path(request.args.get("next"))
    try:
        provider, _keys = openid.kept_provider(db.session(), now, chosen)
    except OpenidTrouble as trouble:
        return _refuse(chosen, trouble.reason, onward)
    begun = begin(now, onward)
    session[_KEPT] = begun.as_kept()
    return redirect(authorization_url(provider, chosen, begun, _way_back()), 303)


@blueprint.get("/sign-in/openid/back")
@public
def come_back() -> Answer:
    """Back from the provider: the one place where a page waits for another server (decision 13)."""
    chosen, now = _chosen(), clock.now()
    answer, kept, onward = request.args.to_dict(), session.pop(_KEPT, None), ""
    try:
        begun = resumed(kept, now, answer)
        onward = begun.onward
        hit(Use(OPENID_PER_CLIENT, client_network()), actor=client_address())
        provider, keys = openid.kept_provider(db.session(), now, chosen)
        check_issuer(provider, answer)
        # Nothing of the database is held while the provider is waited for.
        db.session.rollback()
        asked = (chosen, provider, keys, begun, answer["code"], _way_back())
        identity, newer = client.identify(*asked, now)
    except OpenidTrouble as trouble:
        _note(trouble)
        return _refuse(chosen, trouble.reason, onward)
    arrival, settings = staff.Arrival(identity, this_client(), onward), current_settings()
    expected = staff.expected(db.session(), identity)

    def work(writer: Session) -> Outcome | staff.Refusal:
        def has_calls(person_id: int) -> bool:
            return booking.has_calls_ahead(writer, now, person_id)

        if newer is not None:
            openid.keep_keys(writer, chosen, newer)
        with telling_of_closed(writer, now, settings, expected):
            return staff.sign_in(writer, now, settings, chosen, arrival, has_calls)

    outcome = write(db.session(), [*_ONE_BY_ONE, *expected], work)
    if isinstance(outcome, staff.Refusal):
        return _refuse(chosen, outcome.reason, onward)
    return go_on(outcome, now)


def _chosen() -> OpenidSettings:
    """Raises NotFound where no provider is set up."""
    chosen = current_settings().openid
    if chosen is None:
        raise NotFound("no OpenID provider is set up")
    return chosen


def _way_back() -> str:
    """The address that the provider sends browsers to; it is registered there."""
    return current_settings().public_url + url_for("openid.come_back")


def _note(trouble: OpenidTrouble) -> None:
    """Tell the log what went wrong, and the audit log of what may be an attack."""
    log.warning("sign-in by OpenID: %s", trouble)
    if trouble.reason == "bad_answer":
        now, why = clock.now(), str(trouble)
        write(db.session(), [], lambda s: staff.record_refusal(s, now, "", client_address(), reason=why))


def _refuse(chosen: OpenidSettings, reason: str, onward: str) -> Answer:
    page = refusal_page(reason, chosen.name, current_settings().organisation, onward)
    return render_template("accounts/openid_refused.html", page=page), status_of(reason)
