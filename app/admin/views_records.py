"""What the views of companies, contacts and people share."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, signed_in_user
from app.admin.record_pages import FormPage, Neighbours
from app.admin.record_words_page import form_page
from app.booking.in_words import Reader
from app.customers.typed.faults import Fault
from app.lib import clock
from app.lib.db import db, write
from app.lib.paging import Place, Slice
from app.lib.text import scrubbed
from app.lib.wording import local_date

Answer = str | Response | tuple[str, int]
T = TypeVar("T")
_LONGEST = 300
# No person has this id. Names and addresses that are taken, the last administrator, and what a file would do
# are looked at before something is written: nobody may write between.
_LOCK_OF_RECORDS = -1


def writing(work: Callable[[Session, datetime], T], *people: int) -> T:
    """Do ``work`` in one write transaction, with the time it is now; one at a time of those of this kind.

    ``people`` are locked besides.
    """
    now = clock.now()
    return write(db.session(), [_LOCK_OF_RECORDS, *people], lambda session: work(session, now))


def today() -> date:
    """The day of the service zone."""
    return local_date(clock.now(), current_settings().service_time_zone)


def reader() -> Reader:
    """Whoever is signed in."""
    return Reader(locale_of(), signed_in_user().time_zone, current_settings().service_time_zone)


def asked_text() -> str:
    """What is searched for."""
    return scrubbed(request.args.get("q", ""), 100)


def asked_place() -> Place:
    """Which page of a list is asked for."""
    # PostgreSQL fails when it is asked for NUL.
    after, before = (request.args.get(name, "").replace("\x00", "") for name in ("after", "before"))
    return Place(after[:_LONGEST], before[:_LONGEST])


def neighbours(found: Slice[T], endpoint: str, **kept: str) -> Neighbours:
    """Where the pages beside this one are, with what is searched for."""
    told: dict[str, Any] = {name: value for name, value in kept.items() if value}
    before = url_for(endpoint, before=found.before, **told) if found.before else ""
    after = url_for(endpoint, after=found.after, **told) if found.after else ""
    return Neighbours(before, after)


def log_of(object_type: str, number: int) -> str:
    """Where the audit log has everything about something."""
    return url_for("audit.entries", type=object_type, object=number)


def typed() -> dict[str, str]:
    """The form as it was sent."""
    return request.form.to_dict()


def refused(page: FormPage, faults: tuple[Fault, ...] = (), extra: Mapping[str, str] | None = None) -> Answer:
    """The form once more with what is wrong."""
    return render_template("admin/form.html", page=form_page(page, faults, extra)), 422


def shown(page: FormPage) -> Answer:
    """The form as it is."""
    return render_template("admin/form.html", page=page)
