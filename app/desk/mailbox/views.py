"""Mail that nobody knows where to put, and what becomes of it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.booking.in_words import Reader
from app.desk.mailbox import queries, service_quarantine
from app.desk.mailbox.errors import NoSuchContact
from app.desk.mailbox.quarantine_page import Problem, quarantine_page
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import BOOKINGS

blueprint = Blueprint("quarantine", __name__)

Answer = str | Response | tuple[str, int]
_A_PAGE = 25


@blueprint.get("/quarantine")
@may(Right.RUN_DESK)
def mails() -> Answer:
    """The mails that wait: all for administrators, those in the name of their customers for others."""
    if signed_in_user().role == ADMINISTRATOR:
        record_view("viewed the quarantine", "quarantine")
    return _page()


@blueprint.post("/quarantine/<mail_id>")
@may(Right.RUN_DESK)
@limited(BOOKINGS)
def decide(mail_id: str) -> Answer:
    """A mail is taken into a contact's conversation, or dropped, by the button that was pressed."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    match request.form.get("decision"):
        case "take":
            typed = request.form.get("contact", "")
            try:
                write(
                    db.session(),
                    [],
                    lambda s: service_quarantine.take_quarantined(s, now, settings, user, mail_id, typed),
                )
            except NoSuchContact as error:
                db.session.rollback()
                text = _("Enter the address of a contact whom you serve.")
                return _page(Problem(mail_id, typed, text)), error.status
        case "drop":
            write(
                db.session(),
                [],
                lambda s: service_quarantine.drop_quarantined(s, now, settings, user, mail_id),
            )
        case _:
            raise NotFound("no such decision")
    return redirect(url_for("quarantine.mails", done=request.form["decision"]), 303)


def _page(problem: Problem | None = None) -> str:
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    text = request.args.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    found = queries.waiting(db.session(), now, settings, user, before, _A_PAGE + 1)
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    page = quarantine_page(
        found[:_A_PAGE],
        reader,
        has_more=len(found) > _A_PAGE,
        done=request.args.get("done", ""),
        problem=problem,
    )
    return render_template("desk/quarantine.html", page=page)
