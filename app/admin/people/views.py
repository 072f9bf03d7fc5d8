"""People and cover: specialists, seniors and administrators, who they serve, and who steps in."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.people.service import latest_facts
from app.accounts.rights import Right
from app.admin.companies.companies_page import call_row
from app.admin.people.people_page import people_page, person_form, person_typed
from app.admin.record_pages import DisablePage, FormPage, PersonPage
from app.admin.record_words_page import form_page, past_lines, sentence
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
from app.availability import service as availability
from app.availability.time_off.service_alarm import telling_of_closed
from app.booking import service as booking
from app.customers import service as customers
from app.customers.people import service
from app.customers.people.queries_closing import who_steps_in, whom_they_stand_in_for
from app.customers.people.values import PersonDetail
from app.customers.typed.edited import read_person
from app.customers.typed.faults import Fault
from app.lib import clock
from app.lib.db import db
from app.lib.errors import DomainError

_FIELDS = {"address_taken": "email", "no_stand_in": "stand_in"}
_SAVED = frozenset({"added", "saved", "disabled", "enabled"})
_NAMED = 10


@blueprint.get("/people")
@may(Right.KEEP_PEOPLE)
def people() -> Answer:
    """Our people, by name; as many queries for fifty as for one."""
    session, now, settings, text = db.session(), clock.now(), current_settings(), asked_text()
    found = service.people(session, today(), text=text, place=asked_place())
    profiles = [item.profile for item in found.items if item.profile is not None]
    standings = availability.standings(session, now, settings, profiles, reader().language)
    beside = neighbours(found, "admin.people", q=text)
    page = people_page(found.items, standings, text, beside, reader(), now)
    return render_template("admin/people.html", page=page)


@blueprint.route("/people/new", methods=["GET", "POST"])
@may(Right.KEEP_PEOPLE, fresh=True)
def new_person() -> Answer:
    """Add somebody."""
    settings, actor = current_settings(), signed_in_user()
    sent = typed() if request.method == "POST" else {"time_zone": settings.service_time_zone}
    page = _form(sent)
    if request.method == "GET":
        return shown(page)
    edited = read_person(sent)
    if edited.faults:
        return refused(page, edited.faults)
    try:
        made = writing(lambda s, now: service.add_person(s, now, actor, edited.values))
    except DomainError as error:
        return refused(page, (), {_FIELDS.get(error.code, "role"): sentence(error.code)})
    return _to(made, "added")


@blueprint.get("/people/<person_id>")
@may(Right.KEEP_PEOPLE)
def person(person_id: str) -> Answer:
    """Somebody of ours, to be looked at and changed."""
    found = service.person(db.session(), person_id)
    return _person_page(found, _form(person_typed(found), found))


@blueprint.post("/people/<person_id>")
@may(Right.KEEP_PEOPLE, fresh=True)
def change_person(person_id: str) -> Answer:
    """Change somebody."""
    found, sent = service.person(db.session(), person_id), typed()
    edited = read_person(sent)
    if edited.faults:
        return _refused(found, sent, edited.faults)
    actor, settings, day = signed_in_user(), current_settings(), today()

    def change(session: Session, now: datetime) -> None:
        # Whoever books waits for the same lock: no call is added between.
        has_calls = booking.has_calls_ahead(session, now, found.user_id)
        facts = (day, settings, actor, person_id, edited.values)
        with telling_of_closed(session, now, settings, [found.user_id]):
            service.change_person(session, now, *facts, has_calls=has_calls)

    try:
        writing(change, found.user_id)
    except DomainError as error:
        told = {_FIELDS.get(error.code, "role"): sentence(error.code)}
        return _refused(found, sent, (), told)
    return _to(person_id, "saved")


@blueprint.get("/people/<person_id>/disable")
@may(Right.KEEP_PEOPLE)
def ask_disable(person_id: str) -> Answer:
    """What somebody leaves who is disabled."""
    found = service.person(db.session(), person_id)
    left = service.left_behind(db.session(), found.user_id, today())
    calls = booking.coming_calls_with(db.session(), clock.now(), found.user_id, limit=_NAMED)
    page = DisablePage(
        public_id=person_id,
        name=found.name,
        companies=left.companies,
        more_companies=left.company_count - len(left.companies),
        calls=tuple(call_row(call, reader()) for call in calls),
        stand_in=who_steps_in(db.session(), found.user_id, today()),
        stands_in_for=whom_they_stand_in_for(db.session(), found.user_id, today()),
    )
    return render_template("admin/disable.html", page=page)


@blueprint.post("/people/<person_id>/<any(enable, disable):verb>")
@may(Right.KEEP_PEOPLE)
def switch_person(person_id: str, verb: str) -> Answer:
    """Shut somebody out at once, or let them in again."""
    actor, settings, is_active = signed_in_user(), current_settings(), verb == "enable"
    found = service.person(db.session(), person_id)

    def switch(session: Session, now: datetime) -> None:
        with telling_of_closed(session, now, settings, [found.user_id]):
            service.switch_person(session, now, actor, person_id, is_active=is_active)

    try:
        writing(switch)
    except DomainError as error:
        return _refused(found, person_typed(found), (), {"role": sentence(error.code)})
    return _to(person_id, f"{verb}d")


def _form(sent: dict[str, str], found: PersonDetail | None = None) -> FormPage:
    others = customers.specialists(db.session())
    return person_form(sent, others, clock.now(), reader().language, url_for("admin.people"), found)


def _refused(
    found: PersonDetail,
    sent: dict[str, str],
    faults: tuple[Fault, ...],
    extra: dict[str, str] | None = None,
) -> Answer:
    return _person_page(found, form_page(_form(sent, found), faults, extra)), 422


def _person_page(found: PersonDetail, form: FormPage) -> str:
    asked = request.args.get("saved", "")
    page = PersonPage(
        form=form,
        public_id=found.public_id,
        name=found.name,
        is_active=found.is_active,
        is_self=found.user_id == signed_in_user().id,
        past=past_lines(latest_facts(db.session(), "user", found.user_id), reader()),
        saved=asked if asked in _SAVED else "",
        companies=service.left_behind(db.session(), found.user_id, today()).company_count,
    )
    log_url = log_of("user", found.user_id)
    return render_template("admin/person.html", page=page, log_url=log_url)


def _to(person_id: str, saved: str) -> Answer:
    return redirect(url_for("admin.person", person_id=person_id, saved=saved), 303)
