"""What the administrator does for contacts: hand out their data, erase them."""

from flask import Blueprint, Response, flash, get_flashed_messages, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.admin.pages import ContactsPage, ErasePage
from app.booking.exporting import service as exporting
from app.booking.exporting import service_erasing as erasing
from app.booking.exporting.personal_data import archive
from app.booking.service import people_to_lock
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("contacts", __name__)

Answer = str | AnyResponse


@blueprint.get("/contacts")
@may(Right.HANDLE_PERSONAL_DATA)
def contacts() -> Answer:
    """Every contact; that somebody looked is written down."""
    record_view("viewed the contacts", "contacts")
    erased = [str(text) for text in get_flashed_messages(category_filter=["erased"])]
    left = int(erased[0]) if erased else 0
    page = ContactsPage(tuple(exporting.contacts(db.session())), bool(erased), left)
    return render_template("admin/contacts.html", page=page)


@blueprint.post("/contacts/<contact_id>/data")
@may(Right.HANDLE_PERSONAL_DATA)
def download(contact_id: str) -> Answer:
    """All that is kept about a contact, as one ZIP."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    files = write(db.session(), [], lambda s: exporting.export_contact(s, now, settings, user, contact_id))
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
    erased = write(db.session(), people, lambda s: erasing.erase_contact(s, now, settings, user, contact_id))
    flash(str(erased.events_left), "erased")
    return redirect(url_for("contacts.contacts"), 303)
