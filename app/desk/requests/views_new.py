"""Opening a request, and making one of a conversation."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.pages import Problem
from app.availability.queries import own_days
from app.booking.forms import problems_of
from app.customers import service as customers
from app.customers.profiles import ContactProfile
from app.desk import queries as desk
from app.desk.files.guards import takes_files
from app.desk.requests import service
from app.desk.requests.forms import NewForm, TurnForm
from app.desk.requests.new_page import new_page
from app.desk.requests.queries_for_whom import Customer, customers_of
from app.desk.requests.service_turning import turn_into_request
from app.desk.requests.values import NewRequest
from app.desk.requests.views_shared import Answer, blueprint, reader, sent_files, writing
from app.desk.sla import Policy, policy_of
from app.desk.values import Channel, NewFile, Side
from app.lib import clock
from app.lib.db import db
from app.lib.rates import MESSAGES


@blueprint.route("/requests/new", methods=["GET", "POST"])
@may(Right.WRITE_DESK)
@takes_files
def new() -> Answer:
    """The form for a new request: for a contact their own, for our people one of a company they serve."""
    form, whom = NewForm(), _whom()
    form.contact.choices = [(item.public_id, f"{item.name}, {item.company_name}") for item in whom]
    if request.method == "GET":
        return _new_page(form, whom)
    contact = _contact(form, whom)
    files, file_problem = sent_files()
    if not form.validate() or contact is None or file_problem:
        return _new_page(form, whom, file_problem, no_contact=contact is None), 422
    return _opened(form, contact, files)


@limited(MESSAGES)
def _opened(form: NewForm, contact: ContactProfile, files: Sequence[NewFile]) -> Answer:
    user, settings = signed_in_user(), current_settings()
    customers.require_entitled(contact, clock.now(), settings)
    asked = NewRequest(
        company_id=contact.company_id,
        contact_id=contact.user_id,
        severity=int(form.severity.data),
        subject=form.subject.data or "",
        text=form.text.data or "",
        key=form.message_key,
        side=Side.STAFF if user.is_staff else Side.CUSTOMER,
        channel=Channel.PAGE,
        author_id=user.id,
        author_name=user.name,
        files=files,
    )
    opened = writing(lambda s, now: service.open_request(s, now, settings, asked))
    return redirect(url_for("requests.show", conversation_id=opened.conversation.public_id), 303)


@blueprint.route("/conversations/<conversation_id>/request", methods=["GET", "POST"])
@may(Right.WRITE_DESK)
def make(conversation_id: str) -> Answer:
    """The form that gives a conversation a severity, and makes a request of it."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    found = desk.find(session, now, settings, user, conversation_id)
    if found.request_id is not None:
        return redirect(url_for("requests.show", conversation_id=conversation_id), 303)
    form = TurnForm()
    if request.method == "POST" and form.validate():
        return _turned(form, conversation_id)
    page = new_page(_policy(), now, reader(), problems_of(form))
    status = 422 if form.errors else 200
    return render_template("desk/make_request.html", page=page, form=form, who=found), status


@limited(MESSAGES)
def _turned(form: TurnForm, conversation_id: str) -> Answer:
    user, settings = signed_in_user(), current_settings()
    chosen, subject = int(form.severity.data), form.subject.data or ""
    found = desk.find(db.session(), clock.now(), settings, user, conversation_id)
    writing(lambda s, now: turn_into_request(s, now, settings, user, found.id, chosen, subject))
    return redirect(url_for("requests.show", conversation_id=conversation_id), 303)


def _new_page(
    form: NewForm, whom: Sequence[Customer], file_problem: str = "", *, no_contact: bool = False
) -> str:
    if no_contact:
        form.contact.errors = (_("Choose a contact"),)
    problems = [Problem("contact", _("Choose a contact"))] if no_contact else []
    problems += [problem for problem in problems_of(form) if problem.field != "contact"]
    page = new_page(_policy(), clock.now(), reader(), problems, file_problem)
    is_for_one = len({item.company_name for item in whom}) == 1
    return render_template(
        "desk/new_request.html",
        page=page,
        form=form,
        whom=whom,
        company=whom[0].company_name if is_for_one else "",
    )


def _policy() -> Policy:
    return policy_of(current_settings(), own_days(db.session()))


def _whom() -> list[Customer]:
    """Whom our people can choose from; nobody for contacts, who ask for themselves.

    Raises NotEntitled for a contact without the option, NotFound for a company that is not theirs.
    """
    user, settings = signed_in_user(), current_settings()
    if not user.is_staff:
        customers.require_entitled(customers.contact_profile(db.session(), user.id), clock.now(), settings)
        return []
    company = request.args.get("company", "")
    found = customers_of(db.session(), clock.now(), settings, user, company)
    if company and not found:
        raise NotFound(f"no company {company!r} with contacts of {user.id}")
    return found


def _contact(form: NewForm, whom: Sequence[Customer]) -> ContactProfile | None:
    user = signed_in_user()
    if not user.is_staff:
        return customers.contact_profile(db.session(), user.id)
    chosen = [item.contact_id for item in whom if item.public_id == form.contact.data]
    return customers.contact_profile(db.session(), chosen[0]) if chosen else None
