"""The page of a contact's own callback."""

from dataclasses import replace

from flask import render_template

from app.accounts.guards import current_settings, signed_in_user
from app.availability.errors import CalendarAway
from app.booking import service as booking
from app.booking.offers.quick_page import quick_slots
from app.booking.rules import minutes
from app.booking.shared.views import contact, nudge_all, reader
from app.customers.errors import NoSpecialist, NotEntitled
from app.desk.callbacks import queries
from app.desk.callbacks.callbacks_page import callback_page
from app.desk.callbacks.pages import CallbackPage
from app.desk.callbacks.service_booking import call_type_for
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval


def show_own(callback_id: str, problem: str = "") -> str:
    """The callback, and free times that can be booked instead; raises NotFound."""
    db.session.rollback()
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    value = queries.find(session, now, settings, user, callback_id)
    page = replace(callback_page(value, reader(), now), problem=problem)
    can_book = value.is_open and not value.booking
    return render_template("desk/callback.html", page=_with_times(page) if can_book else page)


def _with_times(page: CallbackPage) -> CallbackPage:
    session, now, settings = db.session(), clock.now(), current_settings()
    kind = call_type_for(session)
    if kind is None:
        return page
    try:
        wishes = booking.wishes_for(session, now, settings, contact(), kind)
        ahead = Interval(now, now + wishes.first.rules.horizon)
        found = booking.times_for(session, now, settings, wishes, ahead)
    except (NotEntitled, NoSpecialist, CalendarAway):
        return page
    nudge_all(now, found)
    return replace(page, quick=quick_slots(found, reader(), now), length=minutes(found.rules.length))
