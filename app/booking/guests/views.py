"""The page of the colleagues on a call: seeing, adding, taking off."""

from flask import redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.booking import service
from app.booking.errors import GuestRefused
from app.booking.forms import problems_of
from app.booking.guests.forms import GuestForm
from app.booking.guests.guests_page import guests_page
from app.booking.shared.views import Answer, blueprint, reader, writing
from app.lib import clock
from app.lib.db import db
from app.lib.rates import BOOKINGS


@blueprint.get("/calls/<booking_id>/guests")
@may(Right.SEE_CALLS)
def guests(booking_id: str) -> Answer:
    """Who is on the call besides its contact."""
    return _shown(booking_id, GuestForm(formdata=None))


@blueprint.post("/calls/<booking_id>/guests")
@may(Right.CHANGE_CALLS)
@limited(BOOKINGS)
def add_guest(booking_id: str) -> Answer:
    """Add a colleague."""
    form, user, settings = GuestForm(), signed_in_user(), current_settings()
    service.call_of(db.session(), user, booking_id)
    if not form.validate():
        return _shown(booking_id, form), 422
    email, name = form.email.data or "", form.name.data or ""
    try:
        writing(lambda s, now: service.add_guest(s, now, settings, user, booking_id, email, name), booking_id)
    except GuestRefused as error:
        db.session.rollback()
        form.refuse(error)
        return _shown(booking_id, form), error.status
    return redirect(url_for("booking.guests", booking_id=booking_id), 303)


@blueprint.post("/calls/<booking_id>/guests/remove")
@may(Right.CHANGE_CALLS)
def remove_guest(booking_id: str) -> Answer:
    """Take a colleague off the call."""
    user, settings, email = signed_in_user(), current_settings(), request.form.get("email", "")
    writing(lambda s, now: service.remove_guest(s, now, settings, user, booking_id, email), booking_id)
    return redirect(url_for("booking.guests", booking_id=booking_id), 303)


def _shown(booking_id: str, form: GuestForm) -> str:
    user, session = signed_in_user(), db.session()
    call = service.call_of(session, user, booking_id)
    page = guests_page(
        call,
        service.attendees(session, call.id),
        reader(),
        clock.now(),
        viewer=user,
        problems=problems_of(form),
    )
    return render_template("booking/guests.html", page=page, form=form)
