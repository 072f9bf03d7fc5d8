"""Companies: the list, one of them, and the days for which it has the option."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.guards import may, record_view, signed_in_user
from app.accounts.people.service import latest_facts
from app.accounts.rights import Right
from app.admin.companies.companies_page import (
    Known,
    companies_page,
    company_form,
    company_page,
    end_form,
    span_form,
)
from app.admin.record_words_page import day_words, price_words, sentence
from app.admin.serving.views import serving_of
from app.admin.views_blueprint import blueprint
from app.admin.views_records import (
    Answer,
    asked_place,
    asked_text,
    log_of,
    neighbours,
    reader,
    refused,
    shown,
    today,
    typed,
    writing,
)
from app.booking import service as booking
from app.booking.handover import queries as hand_overs
from app.customers import service as customers
from app.customers.assignments.values import CompanyFacts
from app.customers.companies import service
from app.customers.companies.errors import OptionRuns
from app.customers.companies.values import Company, Only, Span
from app.customers.contacts import service as contacts
from app.customers.errors import NoSpecialist
from app.customers.roster import Served
from app.customers.typed.edited import read_company, read_span
from app.customers.typed.faults import Edited
from app.customers.typed.reading import Reading
from app.lib import clock
from app.lib.db import db
from app.lib.errors import DomainError

_COMING = 10
_SAVED = frozenset({"added", "saved", "option", "contact"})


@blueprint.get("/companies")
@may(Right.KEEP_COMPANIES)
def companies() -> Answer:
    """The companies, by name."""
    text, asked = asked_text(), request.args.get("show", "")
    only = Only(asked) if asked in set(Only) else Only.ALL
    found = service.companies(db.session(), today(), text=text, only=only, place=asked_place())
    beside = neighbours(found, "admin.companies", q=text, show=str(only))
    page = companies_page(found.items, text, only, beside, today(), reader().language)
    return render_template("admin/companies.html", page=page)


@blueprint.get("/companies/<company_id>")
@may(Right.KEEP_COMPANIES)
def company(company_id: str) -> Answer:
    """One company."""
    session, day = db.session(), today()
    found = service.company(session, company_id)
    record_view("viewed a company", "company", str(found.id))
    people = contacts.contacts(session, company_id=found.id)
    calls = booking.coming_calls_of_company(session, clock.now(), found.id, limit=_COMING)
    known = Known(
        company=found,
        served=_serving(session, found),
        contacts=people.items,
        has_more=bool(people.after),
        calls=calls,
        past=latest_facts(session, "company", found.id, ("hand_over", hand_overs.ids_of_company(found.id))),
    )
    saved = request.args.get("saved", "")
    page = company_page(known, reader(), day, saved if saved in _SAVED else "")
    log_url = log_of("company", found.id)
    plans = serving_of(CompanyFacts(found.id, found.public_id, found.name))
    return render_template("admin/company.html", page=page, serving=plans, log_url=log_url)


def _serving(session: Session, company: Company) -> Served | None:
    try:
        return customers.serving(session, company.id, today())
    except NoSpecialist:
        return None


@blueprint.route("/companies/new", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def new_company() -> Answer:
    """Add a company."""
    sent = typed()
    page = company_form(sent, url_for("admin.companies"), _("Companies"))
    if request.method == "GET":
        return shown(page)
    edited, actor = read_company(sent), signed_in_user()
    if edited.faults:
        return refused(page, edited.faults)
    try:
        made = writing(lambda s, now: service.add_company(s, now, actor, edited.values))
    except DomainError as error:
        return refused(page, (), {"name": sentence(error.code)})
    return _to(made, "added")


@blueprint.route("/companies/<company_id>/change", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def change_company(company_id: str) -> Answer:
    """Name, plan and note of a company."""
    found, day, actor = service.company(db.session(), company_id), today(), signed_in_user()
    known = {"name": found.name, "plan": found.plan, "note": found.note}
    sent = typed() if request.method == "POST" else known
    page = company_form(sent, _address(company_id), found.name, found.name)
    if request.method == "GET":
        return shown(page)
    edited = read_company(sent)
    if edited.faults:
        return refused(page, edited.faults)
    try:
        writing(lambda s, now: service.change_company(s, now, day, actor, company_id, edited.values))
    except OptionRuns as error:
        return refused(page, (), {"plan": _still_runs(error)})
    except DomainError as error:
        return refused(page, (), {"name": sentence(error.code)})
    return _to(company_id, "saved")


def _still_runs(error: OptionRuns) -> str:
    words = sentence(error.code)
    return f"{words} ({day_words(error.last, reader().language)})" if error.last else words


@blueprint.route("/companies/<company_id>/option", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def add_option(company_id: str) -> Answer:
    """Add days for which the option is paid."""
    actor, sent = signed_in_user(), typed()
    if request.method == "GET":
        sent = {"starts_on": today().isoformat()}
    return _option_form(
        company_id,
        sent,
        read_span,
        lambda s, now, values: service.add_span(s, now, actor, company_id, values),
        is_new=True,
    )


@blueprint.route("/companies/<company_id>/option/<int:span_id>", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def change_option(company_id: str, span_id: int) -> Answer:
    """Change days, price or note."""
    actor, day = signed_in_user(), today()
    sent = typed() if request.method == "POST" else _typed_span(company_id, span_id)
    return _option_form(
        company_id,
        sent,
        read_span,
        lambda s, now, values: service.change_span(s, now, day, actor, company_id, span_id, values),
    )


@blueprint.route("/companies/<company_id>/option/end", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def end_option(company_id: str) -> Answer:
    """Choose the last day of the option."""
    actor, sent = signed_in_user(), typed()
    page = end_form(sent, _address(company_id), service.company(db.session(), company_id).name)
    if request.method == "GET":
        return shown(page)
    edited = _read_end(sent)
    if edited.faults:
        return refused(page, edited.faults)
    last = edited.values["ends_on"]
    writing(lambda s, now: service.end_option(s, now, actor, company_id, last))
    return _to(company_id, "option")


@blueprint.post("/companies/<company_id>/option/<int:span_id>/remove")
@may(Right.KEEP_COMPANIES)
def remove_option(company_id: str, span_id: int) -> Answer:
    """Take back days that have not begun."""
    actor, day = signed_in_user(), today()
    writing(lambda s, now: service.remove_span(s, now, day, actor, company_id, span_id))
    return _to(company_id, "option")


def _option_form(
    company_id: str,
    sent: Mapping[str, str],
    read: Callable[[Mapping[str, str]], Edited],
    work: Callable[[Session, datetime, Mapping[str, object]], None],
    *,
    is_new: bool = False,
) -> Answer:
    name = service.company(db.session(), company_id).name
    page = span_form(sent, _address(company_id), name, is_new=is_new)
    if request.method == "GET":
        return shown(page)
    edited = read(sent)
    if edited.faults:
        return refused(page, edited.faults)
    try:
        writing(lambda s, now: work(s, now, edited.values))
    except DomainError as error:
        if error.status == 404:
            raise
        return refused(page, (), {"starts_on": sentence(error.code)})
    return _to(company_id, "option")


def _read_end(sent: Mapping[str, str]) -> Edited:
    reading = Reading(sent)
    reading.day("ends_on")
    last = reading.edited().values.get("ends_on")
    # That it held until now is a fact.
    if last is not None and last < today():
        reading.refuse("ends_on", "past")
    return reading.edited()


def _typed_span(company_id: str, span_id: int) -> dict[str, str]:
    span = _span(service.company(db.session(), company_id), span_id)
    return {
        "starts_on": span.starts_on.isoformat(),
        "ends_on": span.ends_on.isoformat() if span.ends_on else "",
        "price": price_words(span.price_cents),
        "note": span.note,
    }


def _span(found: Company, span_id: int) -> Span:
    for span in found.spans:
        if span.id == span_id:
            return span
    raise NotFound(f"no span {span_id} of company {found.public_id!r}")


def _address(company_id: str) -> str:
    return url_for("admin.company", company_id=company_id)


def _to(company_id: str, saved: str) -> Answer:
    return redirect(url_for("admin.company", company_id=company_id, saved=saved), 303)
