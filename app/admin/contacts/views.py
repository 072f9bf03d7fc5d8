"""Contacts: the list, one of them, and what is done with their data: hand them out, erase them."""

from flask import (
    Blueprint,
    Response,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.people.service import latest_facts
from app.accounts.rights import Right
from app.admin.companies.companies_page import contact_form, contact_row
from app.admin.pages import ErasePage
from app.admin.record_pages import ContactPage, ContactsPage
from app.admin.record_words_page import past_lines, sentence
from app.admin.views_records import (
    asked_place,
    asked_text,
    log_of,
    neighbours,
    reader,
    refused,
    shown,
    typed,
    writing,
)
from app.booking.exporting import service as exporting
from app.booking.exporting import service_erasing as erasing
from app.booking.exporting.personal_data import archive
from app.booking.service import people_to_lock
from app.customers.companies import service as companies
from app.customers.contacts import service
from app.customers.typed.edited import read_contact
from app.desk.exporting.service import export_contact
from app.desk.exporting.service_erasing import erase_contact
from app.lib import clock
from app.lib.db import db, write
from app.lib.errors import DomainError

blueprint = Blueprint("contacts", __name__)

Answer = str | AnyResponse | tuple[str, int]
_SAVED = frozenset({"saved", "enabled", "disabled"})


@blueprint.get("/contacts")
@may(Right.HANDLE_PERSONAL_DATA)
def contacts() -> Answer:
    """The contacts, by name; that somebody looked is written down."""
    record_view("viewed the contacts", "contacts")
    text = asked_text()
    erased = [str(words) for words in get_flashed_messages(category_filter=["erased"])]
    found = service.contacts(db.session(), text=text, place=asked_place())
    rows = tuple(contact_row(item, with_company=True) for item in found.items)
    beside = neighbours(found, "contacts.contacts", q=text)
    page = ContactsPage(rows, text, beside, bool(erased), int(erased[0]) if erased else 0)
    return render_template("admin/contacts.html", page=page)


@blueprint.get("/contacts/<contact_id>")
@may(Right.HANDLE_PERSONAL_DATA)
def contact(contact_id: str) -> Answer:
    """One contact."""
    found, asked = service.contact(db.session(), contact_id), request.args.get("saved", "")
    record_view("viewed a contact", "user", str(found.user_id))
    past = latest_facts(db.session(), "user", found.user_id)
    page = ContactPage(
        row=contact_row(found, with_company=True),
        time_zone=found.time_zone.replace("_", " "),
        language=found.language,
        past=past_lines(past, reader()),
        saved=asked if asked in _SAVED else "",
    )
    log_url = log_of("user", found.user_id)
    return render_template("admin/contact.html", page=page, log_url=log_url)


@blueprint.route("/companies/<company_id>/contacts/new", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES)
def new_contact(company_id: str) -> Answer:
    """Add a contact to a company."""
    company, actor = companies.company(db.session(), company_id), signed_in_user()
    back, settings = url_for("admin.company", company_id=company_id), current_settings()
    sent = typed() if request.method == "POST" else {"time_zone": settings.service_time_zone}
    page = contact_form(sent, clock.now(), back, company.name)
    if request.method == "GET":
        return shown(page)
    edited = read_contact(sent)
    if edited.faults:
        return refused(page, edited.faults)
    try:
        writing(lambda s, now: service.add_contact(s, now, actor, company_id, edited.values))
    except DomainError as error:
        return refused(page, (), {"email": sentence(error.code)})
    return redirect(url_for("admin.company", company_id=company_id, saved="contact"), 303)


@blueprint.route("/contacts/<contact_id>/change", methods=["GET", "POST"])
@may(Right.KEEP_COMPANIES, fresh=True)
def change_contact(contact_id: str) -> Answer:
    """Change a contact."""
    found, actor, settings = service.contact(db.session(), contact_id), signed_in_user(), current_settings()
    names = ("name", "email", "phone", "time_zone", "language")
    sent = typed() if request.method == "POST" else {name: getattr(found, name) for name in names}
    back = url_for("contacts.contact", contact_id=contact_id)
    page = contact_form(sent, clock.now(), back, found.name, found.name)
    if request.method == "GET":
        return shown(page)
    edited = read_contact(sent)
    if edited.faults:
        return refused(page, edited.faults)
    try:
        writing(lambda s, now: service.change_contact(s, now, settings, actor, contact_id, edited.values))
    except DomainError as error:
        return refused(page, (), {"email": sentence(error.code)})
    return redirect(url_for("contacts.contact", contact_id=contact_id, saved="saved"), 303)


@blueprint.post("/contacts/<contact_id>/<any(enable, disable):verb>")
@may(Right.KEEP_COMPANIES)
def switch(contact_id: str, verb: str) -> Answer:
    """Shut a contact out at once, or let them in again."""
    actor, is_active = signed_in_user(), verb == "enable"
    writing(lambda s, now: service.switch_contact(s, now, actor, contact_id, is_active=is_active))
    return redirect(url_for("contacts.contact", contact_id=contact_id, saved=f"{verb}d"), 303)


@blueprint.post("/contacts/<contact_id>/data")
@may(Right.HANDLE_PERSONAL_DATA)
def download(contact_id: str) -> Answer:
    """All that is kept about a contact, as one ZIP."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    files = write(db.session(), [], lambda s: export_contact(s, now, settings, user, contact_id))
    answer = Response(archive(files, now), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="contact-data.zip"'
    return answer


@blueprint.get("/contacts/<contact_id>/erase")
@may(Right.HANDLE_PERSONAL_DATA)
def ask(contact_id: str) -> Answer:
    """The page that asks once more."""
    contact = exporting.contact(db.session(), contact_id)
    record_view("viewed a contact", "user", str(contact.user_id))
    calls = erasing.calls_ahead(db.session(), clock.now(), contact_id)
    return render_template("admin/erase.html", page=ErasePage(contact, tuple(calls)))


@blueprint.post("/contacts/<contact_id>/erase")
@may(Right.HANDLE_PERSONAL_DATA)
def erase(contact_id: str) -> Answer:
    """Erase a contact for ever."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    contact = exporting.contact(db.session(), contact_id)
    people = people_to_lock(db.session(), now, contact.user_id)
    erased = write(db.session(), people, lambda s: erase_contact(s, now, settings, user, contact_id))
    flash(str(erased.events_left), "erased")
    return redirect(url_for("contacts.contacts"), 303)
