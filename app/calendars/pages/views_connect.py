"""Connecting calendars: asking where they are, waiting for the server's answer, choosing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.calendars.connecting import service_lookup
from app.calendars.connecting.lookup_values import LookupView
from app.calendars.connecting.presets import preset_of
from app.calendars.connecting.typed_address import BadAddress
from app.calendars.pages.accounts_page import booked_into, hours_in
from app.calendars.pages.again_page import (
    as_used,
    chosen_of_known,
    gone_calendars,
    known_account,
    unmade_page,
    unseen_page,
)
from app.calendars.pages.choose_page import (
    Chosen,
    Offer,
    check,
    choices_from,
    choose_page,
    chosen_of_found,
    offer_of_found,
)
from app.calendars.pages.connect_page import (
    NO_TROUBLE,
    Trouble,
    address_problem,
    events_words,
    failure,
    limit,
    server_of,
    services_of,
)
from app.calendars.pages.forms import ConnectForm, SubscribeForm, problems_of, read_chosen, read_name
from app.calendars.pages.page_values import ConnectPage, FilePage, Problem, SubscribePage, WaitingPage
from app.calendars.pages.views_shared import (
    CHOSE,
    Answer,
    accounts_of_mine,
    blueprint,
    count_refused_look,
    reading,
    writing,
)
from app.calendars.values import AccountView, Discovery
from app.lib.db import db
from app.lib.waiting import watch

FILE = "subscription"
_UNSETTLED = {"waiting", "making"}
_Form = ConnectForm | SubscribeForm


@blueprint.route("/calendars/connect", methods=["GET", "POST"])
@may(Right.OWN_CALENDAR, fresh=True)
def connect() -> Answer:
    """The form that asks for an account; sending it has the worker look at the server."""
    form, settings = ConnectForm(), current_settings()
    if not form.validate_on_submit():
        if request.method == "GET":
            # Our own presets alone: no link leads anybody to type a password for a foreign host.
            preset = preset_of(request.args.get("service", ""))
            form.address.data = preset.address if preset else ""
        return _form(form)
    typed = str(form.address.data), str(form.username.data or ""), str(form.password.data)
    return _asked(
        form, lambda: writing(lambda s, now, me: service_lookup.start_lookup(s, now, settings, me, *typed))
    )


@blueprint.route("/calendars/subscribe", methods=["GET", "POST"])
@may(Right.OWN_CALENDAR, fresh=True)
def subscribe() -> Answer:
    """The form that asks for a calendar file; sending it has the worker fetch it."""
    form, settings = SubscribeForm(), current_settings()
    if not form.validate_on_submit():
        return _form(form)
    typed = str(form.address.data)
    start = service_lookup.start_subscription_lookup
    return _asked(form, lambda: writing(lambda s, now, me: start(s, now, settings, me, typed)))


def _asked(form: _Form, start: Callable[[], str]) -> Answer:
    """To the page of the look-up that has begun, or back to the form with the reason why none has."""
    try:
        return _to_lookup(start())
    except BadAddress as error:
        problem = address_problem(error.reason)
        form[problem.field].errors = (problem.text,)
        return _form(form)
    except service_lookup.TooManyLookups as error:
        count_refused_look()
        answer = make_response(_form(form, limit(error.retry_after, reading())))
        answer.status_code = 429
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer


def _form(form: _Form, trouble: Trouble = NO_TROUBLE) -> Answer:
    """The form as typed, without the password, and what is wrong."""
    problems = problems_of(form)
    status = 422 if problems else 200
    if isinstance(form, SubscribeForm):
        of_file = SubscribePage(problems, trouble.title, trouble.advice)
        return render_template("calendars/subscribe.html", page=of_file, form=form), status
    chosen = request.args.get("service", "")
    services = services_of(chosen, lambda key: url_for("calendars.connect", service=key))
    page = ConnectPage(services, problems, trouble.title, trouble.advice)
    return render_template("calendars/connect.html", page=page, form=form), status


def _to_lookup(lookup_id: str) -> Response:
    return redirect(url_for("calendars.lookup", lookup_id=lookup_id), 303)


def _lookup_of_mine(lookup_id: str) -> LookupView:
    found = service_lookup.lookup_of(db.session(), signed_in_user().id, lookup_id)
    if found is None:
        raise NotFound("no such look-up")
    return found


def _settled(lookup_id: str) -> LookupView:
    """The look-up once the worker has an answer, or as it is after two seconds; each look is short."""

    def look() -> LookupView | None:
        db.session.rollback()
        found = _lookup_of_mine(lookup_id)
        return None if found.state in _UNSETTLED else found

    return watch(look) or _lookup_of_mine(lookup_id)


@blueprint.get("/calendars/lookups/<lookup_id>")
@may(Right.OWN_CALENDAR)
def lookup(lookup_id: str) -> Answer:
    """What a look at a server came to: still asking, sent on, found, or failed."""
    found = _settled(lookup_id)
    match found.state:
        case "done":
            return redirect(url_for("calendars.accounts"), 303)
        case "failed":
            return _failed(found, known_account(found, accounts_of_mine()))
        case "found" if found.kind == FILE:
            return _file(found, found.name)
        case "found" if found.discovery is not None:
            return _choice(found, _scene(found, found.discovery))
    moved = found.url if found.state == "moved" else ""
    page = WaitingPage(found.public_id, server_of(found), found.kind == FILE, moved, found.state == "making")
    return render_template("calendars/lookup.html", page=page)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What was found, and beside it the account as it is connected already, and the other accounts."""

    discovery: Discovery
    account: AccountView | None
    booked_elsewhere: str
    hours_elsewhere: str

    @property
    def chosen(self) -> Chosen:
        """What is ticked at first."""
        if self.account is not None:
            return chosen_of_known(self.discovery, self.account)
        has_booking, has_hours = bool(self.booked_elsewhere), bool(self.hours_elsewhere)
        return chosen_of_found(self.discovery, has_booking=has_booking, has_hours=has_hours)


def _scene(found: LookupView, discovery: Discovery) -> _Scene:
    mine = accounts_of_mine()
    account = known_account(found, mine)
    but = 0 if account is None else account.id
    used = discovery if account is None else as_used(discovery, account)
    return _Scene(used, account, booked_into(mine, but), hours_in(mine, but))


def _failed(found: LookupView, account: AccountView | None) -> Answer:
    """Of a connected account what holds and what to do; else the form again, filled in but for the secret."""
    if account is not None and found.account_id is not None:
        if found.reason == "credentials" and not found.unmade:
            flash("again")
            return redirect(url_for("calendars.password", account_id=account.id), 303)
        page = unmade_page(found, account) if found.unmade else unseen_page(found, account)
        return render_template("calendars/result.html", page=page)
    form = SubscribeForm(formdata=None) if found.kind == FILE else _filled(found)
    return _form(form, failure(found))


def _filled(found: LookupView) -> ConnectForm:
    form = ConnectForm(formdata=None)
    form.address.data, form.username.data = found.address, found.username
    return form


def _offer(found: LookupView, scene: _Scene) -> Offer:
    account = f"{found.username}, {server_of(found)}"
    return offer_of_found(account, scene.discovery, scene.booked_elsewhere, scene.hours_elsewhere)


def _choice(
    found: LookupView, scene: _Scene, chosen: Chosen | None = None, problems: Sequence[Problem] = ()
) -> str:
    page = choose_page(
        _offer(found, scene),
        chosen or scene.chosen,
        url_for("calendars.accept", lookup_id=found.public_id),
        is_new=scene.account is None,
        problems=problems,
        gone=() if scene.account is None else gone_calendars(scene.discovery, scene.account),
    )
    return render_template("calendars/choose.html", page=page)


def _file(found: LookupView, name: str, problems: tuple[Problem, ...] = ()) -> str:
    page = FilePage(found.public_id, server_of(found), events_words(found.event_count), name, problems)
    return render_template("calendars/file.html", page=page)


@blueprint.post("/calendars/lookups/<lookup_id>")
@may(Right.OWN_CALENDAR)
def accept(lookup_id: str) -> Answer:
    """Connect what was found, with the choice that was made."""
    found = _lookup_of_mine(lookup_id)
    if found.state != "found":
        return _to_lookup(lookup_id)
    if found.kind == FILE:
        return _accept_file(found)
    assert found.discovery is not None
    scene, chosen = _scene(found, found.discovery), read_chosen(request.form)
    if problems := check(_offer(found, scene), chosen):
        return _choice(found, scene, chosen, problems), 422
    choices, settings = choices_from(scene.discovery, chosen), current_settings()
    writing(
        lambda s, now, me: service_lookup.accept(s, now, settings, me, lookup_id, choices),
        "connected a calendar account" if scene.account is None else CHOSE,
        account=f"{found.username} at {server_of(found)}",
    )
    flash("connected" if scene.account is None else "chosen")
    return _to_lookup(lookup_id)


def _accept_file(found: LookupView) -> Answer:
    name, problems = read_name(request.form)
    if problems:
        return _file(found, name, problems), 422
    lookup_id, settings = found.public_id, current_settings()
    writing(
        lambda s, now, me: service_lookup.accept_subscription(s, now, settings, me, lookup_id, name),
        "subscribed to a calendar",
        host=server_of(found),
    )
    flash("connected")
    return _to_lookup(lookup_id)


@blueprint.post("/calendars/lookups/<lookup_id>/moved")
@may(Right.OWN_CALENDAR)
def confirm_moved(lookup_id: str) -> Answer:
    """Ask at the other address, which the person knows."""
    found, settings = _lookup_of_mine(lookup_id), current_settings()
    if found.state != "moved":
        return _to_lookup(lookup_id)
    go_on = service_lookup.confirm_moved
    return _asked(_filled(found), lambda: writing(lambda s, now, me: go_on(s, now, settings, me, lookup_id)))
