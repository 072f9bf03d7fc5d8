"""Who serves a company: its first specialist, plans, and hand-overs to another one."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.admin.serving.pages import ServingPage
from app.admin.serving.serving_page import Typed, serving_page
from app.booking.handover import queries, service
from app.customers import service as customers
from app.customers.assignments.values import CompanyFacts
from app.customers.errors import AssignmentRefused
from app.lib import clock
from app.lib.db import db, write
from app.lib.text import UncleanText
from app.lib.wording import local_date
from app.words import assignment_words, error_words

blueprint = Blueprint("serving", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/companies/<company_id>/serving")
@may(Right.KEEP_COMPANIES)
def show(company_id: str) -> Answer:
    """Who served the company, serves it, and is going to."""
    return render_template("admin/companies/serving.html", serving=serving_of(_company(company_id)))


@blueprint.post("/companies/<company_id>/serving")
@may(Right.KEEP_COMPANIES)
def assign(company_id: str) -> Answer:
    """The first specialist of a company, from today or a later day on."""
    user, zone = signed_in_user(), current_settings().service_time_zone
    company = _company(company_id)
    people = {one.public_id: one.user_id for one in customers.specialists(db.session())}
    person = people.get(sent_form().person, 0)

    def work(session: Session, now: datetime) -> None:
        customers.assign_first(session, now, user, company.id, person, sent_day(), zone=zone)

    return _done(company_id, work)


@blueprint.post("/companies/<company_id>/serving/take-back")
@may(Right.KEEP_COMPANIES)
def take_back(company_id: str) -> Answer:
    """A planned assignment is not to be."""
    user, zone = signed_in_user(), current_settings().service_time_zone
    company = _company(company_id)
    return _done(
        company_id, lambda s, now: customers.take_back(s, now, user, company.id, sent_day(), zone=zone)
    )


@blueprint.post("/companies/<company_id>/hand-over")
@may(Right.KEEP_COMPANIES)
def hand_over(company_id: str) -> Answer:
    """Plan that another specialist takes the company over."""
    user, settings, sent = signed_in_user(), current_settings(), sent_form()
    return _done(
        company_id,
        lambda s, now: service.plan(s, now, settings, user, company_id, sent.person, sent_day(), sent.note),
    )


@blueprint.post("/hand-overs/<hand_over_id>/call-off")
@may(Right.KEEP_COMPANIES)
def call_off(hand_over_id: str) -> Answer:
    """End a hand-over that was not confirmed yet."""
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda s: service.call_off(s, now, user, hand_over_id))
    return redirect(url_for("hand_overs.show", hand_over_id=hand_over_id), 303)


@blueprint.post("/hand-overs/<hand_over_id>/told")
@may(Right.KEEP_COMPANIES)
def told(hand_over_id: str) -> Answer:
    """Those whom mail does not reach were told by phone."""
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda s: service.told_by_phone(s, now, user, hand_over_id))
    return redirect(url_for("hand_overs.show", hand_over_id=hand_over_id), 303)


def serving_of(company: CompanyFacts, problem: str = "", typed: Typed | None = None) -> ServingPage:
    """What admin/companies/_serving.html shows; three queries."""
    session, settings = db.session(), current_settings()
    return serving_page(
        company,
        customers.assignments(session, company.id),
        customers.specialists(session),
        queries.open_of_company(session, company.id),
        local_date(clock.now(), settings.service_time_zone),
        locale_of(),
        typed=typed,
        problem=problem,
    )


def _done(company_id: str, work: Callable[[Session, datetime], object]) -> Answer:
    """Back to the page; or the page at once, with why it could not be."""
    now = clock.now()
    try:
        write(db.session(), [], lambda session: work(session, now))
    except AssignmentRefused as error:
        return _refused(company_id, assignment_words(error.reason), error.status)
    except UncleanText as error:
        return _refused(company_id, str(error_words(error.code)[0]), error.status)
    return redirect(url_for("serving.show", company_id=company_id), 303)


def _refused(company_id: str, problem: str, status: int) -> Answer:
    page = serving_of(_company(company_id), problem, sent_form())
    return render_template("admin/companies/serving.html", serving=page), status


def _company(company_id: str) -> CompanyFacts:
    return customers.company(db.session(), company_id)


def sent_form() -> Typed:
    """What was typed into the form."""
    sent = request.form
    return Typed(sent.get("specialist", ""), sent.get("day", ""), sent.get("note", ""))


def sent_day() -> date:
    """The day that was chosen; raises AssignmentRefused("day")."""
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        raise AssignmentRefused("day") from error
