"""Bringing a senior into a call that exists, and taking them off again."""

from flask import redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.booking import service
from app.booking.errors import NoSenior
from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.seniors.pages import SeniorPage
from app.booking.seniors.senior_page import senior_page
from app.booking.shared.views import Answer, blueprint, reader, writing
from app.booking.values import ANY_SENIOR, CallValue
from app.lib import clock
from app.lib.db import db
from app.lib.rates import BOOKINGS


@blueprint.get("/calls/<booking_id>/senior")
@may(Right.SEE_CALLS)
def senior(booking_id: str) -> Answer:
    """What can be done about a senior in this call."""
    call = service.call_of(db.session(), signed_in_user(), booking_id)
    page = _leaving(call) if call.senior else _joining(call)
    if page is None:
        return redirect(url_for("booking.show", booking_id=booking_id), 303)
    return render_template("booking/senior.html", page=page)


@blueprint.post("/calls/<booking_id>/senior")
@may(Right.CHANGE_CALLS)
@limited(BOOKINGS)
def bring_senior(booking_id: str) -> Answer:
    """Bring one in at the call's own time; when that is not free any more, the page says what else."""
    user, asked = signed_in_user(), request.form.get("senior") or ANY_SENIOR
    try:
        writing(
            lambda s, now: service.add_senior(s, now, current_settings(), user, booking_id, asked),
            booking_id,
            asked,
        )
    except (SlotTaken, SlotRefused, CalendarAway, NoSenior) as error:
        db.session.rollback()
        page = _joining(service.call_of(db.session(), user, booking_id))
        return render_template("booking/senior.html", page=page), error.status
    return redirect(url_for("booking.show", booking_id=booking_id, new=1), 303)


@blueprint.post("/calls/<booking_id>/senior/off")
@may(Right.CHANGE_CALLS)
def drop_senior(booking_id: str) -> Answer:
    """Take the senior off the call; one who leaves does not see it any more."""
    user = signed_in_user()
    before = service.call_of(db.session(), user, booking_id)
    is_me = before.senior is not None and before.senior.user_id == user.id
    writing(lambda s, now: service.remove_senior(s, now, current_settings(), user, booking_id), booking_id)
    there = url_for("booking.schedule") if is_me else url_for("booking.show", booking_id=booking_id)
    return redirect(there, 303)


def _leaving(call: CallValue) -> SeniorPage | None:
    now, user = clock.now(), signed_in_user()
    who = who_in(call, user)
    facts = (call.senior, reader(), now)
    if is_possible(call, Event.DROP_SENIOR, who, now):
        return senior_page(call, "part", *facts, is_contact=not user.is_staff)
    if is_possible(call, Event.LOSE_SENIOR, who, now):
        return senior_page(call, "me", *facts, is_contact=False)
    return None


def _joining(call: CallValue) -> SeniorPage | None:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    who, whose, is_contact = who_in(call, user), reader(), not user.is_staff
    if not is_possible(call, Event.ADD_SENIOR, who, now):
        return None
    try:
        person = service.senior_for(session, now, settings, call)
        reason = service.why_not_free(session, now, settings, call, person)
    except (NoSenior, CalendarAway):
        return senior_page(call, "none", None, whose, now, is_contact=is_contact)
    if reason is None:
        return senior_page(call, "free", person, whose, now, is_contact=is_contact)
    move_url = ""
    if call.move is None and is_possible(call, Event.RESCHEDULE, who, now):
        move_url = url_for("booking.move", booking_id=call.public_id, senior=person.public_id)
    return senior_page(call, "busy", person, whose, now, is_contact=is_contact, move_url=move_url)
