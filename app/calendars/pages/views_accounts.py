"""A person's calendar accounts: how they stand, what they are for, new passwords, and letting go of them."""

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, get_flashed_messages, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.calendars import service
from app.calendars.connecting import service_lookup
from app.calendars.connecting.lookup_values import KEPT_CHOICE
from app.calendars.errors import CredentialsRefused
from app.calendars.pages.accounts_page import (
    accounts_page,
    booked_into,
    host_of,
    hours_in,
    is_file,
    password_page,
    remove_page,
)
from app.calendars.pages.choose_page import (
    Chosen,
    Offer,
    check,
    choose_page,
    chosen_of_account,
    offer_of_account,
    purposes_from,
)
from app.calendars.pages.connect_page import limit
from app.calendars.pages.forms import SecretForm, problems_of, read_chosen
from app.calendars.pages.page_values import AccountsPage, Colour, Problem
from app.calendars.pages.views_shared import (
    CHOSE,
    Answer,
    account_of_mine,
    accounts_of_mine,
    blueprint,
    count_refused_look,
    reading,
    writing,
)
from app.calendars.values import AccountView
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.waiting import watch

# As far as bookings can lie ahead in the copy of a calendar.
_AHEAD = timedelta(days=366)


@blueprint.get("/calendars")
@may(Right.OWN_CALENDAR)
def accounts() -> Answer:
    """Every account with its state; right after a change the page waits up to two seconds for its result."""
    told = [str(message) for message in get_flashed_messages()]
    asked = next((item.partition(":")[2] for item in told if item.startswith("asked:")), "")
    if asked.isdecimal():
        _read_again(int(asked))
    return render_template("calendars/accounts.html", page=_page(*_outcome(told, asked)))


@blueprint.get("/calendars/states")
@may(Right.OWN_CALENDAR)
def states() -> Answer:
    """The part of the page that changes while an account is read for the first time."""
    return render_template("calendars/_accounts.html", page=_page())


def _page(outcome: str = "", kind: Colour = "ok") -> AccountsPage:
    unread = service.problems(db.session(), signed_in_user().id)
    return accounts_page(accounts_of_mine(), unread, reading(), outcome, kind)


def _outcome(told: list[str], asked: str) -> tuple[str, Colour]:
    words = {
        "connected": _("The calendar is connected. We are reading it now."),
        "chosen": _("Your choice is saved. We are reading the calendars now."),
        "password": _("The password is saved. We are trying it now."),
        "removed": _("The account is removed."),
        "guests": _("Your choice about guests is saved."),
    }
    if "refused" in told:
        return _("Nothing was asked: the server has refused the password. Enter it again first."), "warn"
    found = next((words[item] for item in told if item in words), "")
    if found or not asked:
        return found, "ok"
    mine = next((item for item in accounts_of_mine() if item.id == int(asked)), None)
    if mine is None or mine.state != "ok" or not _is_fresh(mine):
        return _("We have asked the server. The state below changes as soon as it answers."), "info"
    return _("The calendars were read a moment ago."), "ok"


def _is_fresh(account: AccountView) -> bool:
    return account.in_step_at is not None and clock.now() - account.in_step_at < timedelta(seconds=10)


def _read_again(account_id: int) -> None:
    """Wait a moment until the worker has read the account; each look is short."""

    def look() -> bool | None:
        mine = next((item for item in accounts_of_mine() if item.id == account_id), None)
        db.session.rollback()
        return True if mine is None or _is_fresh(mine) else None

    watch(look)


def _told(message: str) -> Response:
    flash(message)
    return redirect(url_for("calendars.accounts"), 303)


@blueprint.post("/calendars/<int:account_id>/sync")
@may(Right.OWN_CALENDAR)
def sync(account_id: int) -> Answer:
    """Have an account read at once; the worker does it."""
    account = account_of_mine(account_id)
    try:
        writing(lambda s, now, person_id: service.read_now(s, now, person_id, account.id))
    except CredentialsRefused:
        return _told("refused")
    return _told(f"asked:{account.id}")


@blueprint.post("/calendars/<int:account_id>/guests")
@may(Right.OWN_CALENDAR)
def list_guests(account_id: int) -> Answer:
    """Have guests written into our events, or no longer; the worker asks the server first."""
    account, wanted = _server_account(account_id), request.form.get("on") == "1"
    writing(
        lambda s, now, me: service.list_guests(s, now, me, account.id, wanted=wanted),
        "had guests listed in a calendar account" if wanted else "had no guests listed in a calendar account",
        account=_named(account),
    )
    return _told("guests")


@blueprint.route("/calendars/<int:account_id>/choose", methods=["GET", "POST"])
@may(Right.OWN_CALENDAR)
def choose(account_id: int) -> Answer:
    """Change what the calendars of an account are for."""
    account = _server_account(account_id)
    if request.method == "GET":
        return _choice(account, chosen_of_account(account))
    chosen = read_chosen(request.form)
    if problems := check(_offer(account), chosen):
        return _choice(account, chosen, problems), 422
    purposes, receives = purposes_from(account, chosen)
    keep = chosen.hours == KEPT_CHOICE
    writing(
        lambda s, now, me: service.rechoose(s, now, me, account.id, purposes, receives, keep_hours=keep),
        CHOSE,
        account=_named(account),
    )
    return _told("chosen")


@blueprint.post("/calendars/<int:account_id>/look")
@may(Right.OWN_CALENDAR)
def look_again(account_id: int) -> Answer:
    """Have the worker look for the calendars of an account once more, with the password that we keep."""
    account, settings = _server_account(account_id), current_settings()
    look = service_lookup.look_again
    try:
        lookup_id = writing(lambda s, now, me: look(s, now, settings, me, account.id))
    except CredentialsRefused:
        flash("again")
        return redirect(url_for("calendars.password", account_id=account.id), 303)
    except service_lookup.TooManyLookups as error:
        count_refused_look()
        trouble = limit(error.retry_after, reading())
        page = _choice(account, chosen_of_account(account), trouble=(trouble.title, trouble.advice))
        answer = make_response(page, 429)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    return redirect(url_for("calendars.lookup", lookup_id=lookup_id), 303)


def _named(account: AccountView) -> str:
    """The account in the words of the audit log, which are the same in every language."""
    host = host_of(account.url)
    return host if is_file(account) else f"{account.username} at {host}"


def _server_account(account_id: int) -> AccountView:
    """One of the person's accounts on a server: a file has neither a password nor a choice."""
    account = account_of_mine(account_id)
    if is_file(account):
        raise NotFound("a calendar file")
    return account


def _offer(account: AccountView) -> Offer:
    mine = accounts_of_mine()
    return offer_of_account(account, booked_into(mine, account.id), hours_in(mine, account.id))


def _choice(
    account: AccountView,
    chosen: Chosen,
    problems: Sequence[Problem] = (),
    trouble: tuple[str, str] = ("", ""),
) -> str:
    page = choose_page(
        _offer(account),
        chosen,
        url_for("calendars.choose", account_id=account.id),
        is_new=False,
        problems=problems,
        look_again=account.id,
        trouble=trouble,
    )
    return render_template("calendars/choose.html", page=page)


@blueprint.route("/calendars/<int:account_id>/password", methods=["GET", "POST"])
@may(Right.OWN_CALENDAR, fresh=True)
def password(account_id: int) -> Answer:
    """A new password for an account."""
    account, form, settings = _server_account(account_id), SecretForm(), current_settings()
    if form.validate_on_submit():
        secret = str(form.secret.data)
        writing(
            lambda s, now, me: service.change_password(s, now, settings, me, account.id, secret),
            "changed the password of a calendar account",
            account=_named(account),
        )
        return _told("password")
    page = password_page(account, problems_of(form), is_needed="again" in get_flashed_messages())
    return render_template("calendars/password.html", page=page, form=form), 422 if page.problems else 200


@blueprint.route("/calendars/<int:account_id>/remove", methods=["GET", "POST"])
@may(Right.OWN_CALENDAR)
def remove(account_id: int) -> Answer:
    """The page that asks once more; sending it forgets the account."""
    account = account_of_mine(account_id)
    if request.method == "POST":
        writing(
            lambda s, now, person_id: service.remove_account(s, now, person_id, account.id),
            "removed a calendar account",
            account=_named(account),
        )
        return _told("removed")
    others = [item for item in accounts_of_mine() if item.id != account.id]
    page = remove_page(account, others, _coming_calls())
    return render_template("calendars/remove.html", page=page)


def _coming_calls() -> int:
    """How many of our calls stand in the calendars of the person from now on."""
    now = clock.now()
    view = service.picture(db.session(), signed_in_user().id, Interval(now, now + _AHEAD))
    return 0 if view is None else len({span.uid for span in view.own})
