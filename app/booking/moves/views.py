"""Moving a call: the week of free times again, then old and new time side by side."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.pages import Problem
from app.booking import service
from app.booking.errors import CannotChange, NoSenior
from app.booking.forms import ReasonForm, moment_of, problems_of
from app.booking.in_words import first_name
from app.booking.lifecycle import Event, after, who_in
from app.booking.offers.wish import OpenTime
from app.booking.shared.views import (
    Answer,
    asked_week,
    blueprint,
    reader,
    refused,
    show_week,
    writing,
)
from app.booking.step_pages import Choice, move_page
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.rates import BOOKINGS, LISTINGS
from app.lib.tokens import new_token
from app.lib.wording import local_date, rfc3339
from app.words import refusal_words


def _movable(booking_id: str) -> CallValue:
    """A call of theirs; raises NotFound, or CannotChange when it is too late."""
    call = service.call_of(db.session(), signed_in_user(), booking_id)
    after(call, Event.RESCHEDULE, who_in(call, signed_in_user()), clock.now())
    return call


@blueprint.get("/calls/<booking_id>/move")
@may(Right.SEE_CALLS)
@limited(LISTINGS)
def move(booking_id: str) -> Answer:
    """A week of free times for a call that exists."""
    call = _movable(booking_id)
    return render_template("booking/week.html", page=show_week(asked_week(call.call_type_slug), moving=call))


@blueprint.post("/calls/<booking_id>/move")
@may(Right.CHANGE_CALLS)
@limited(BOOKINGS)
def choose(booking_id: str) -> Answer:
    """Keep the chosen time for five minutes beside the old one."""
    call, start, user = _movable(booking_id), moment_of(request.form.get("start")), signed_in_user()
    senior = request.form.get("senior", "")
    if start is None:
        return _week_again(call, _("Choose a time")), 422
    try:
        writing(
            lambda s, now: service.hold_to_move(s, now, current_settings(), user, call, start, senior),
            booking_id,
            senior,
        )
    except (SlotTaken, SlotRefused, CalendarAway) as error:
        return _week_again(call, refused(error)), error.status
    except CannotChange as error:
        return _week_again(call, refusal_words(error.reason)), error.status
    at, zone = rfc3339(start), request.form.get("zone") or None
    facts: dict[str, Any] = {"start": at, "zone": zone, "senior": senior or None}
    return redirect(url_for("booking.move_confirm", booking_id=booking_id, **facts), 303)


def _week_again(call: CallValue, problem: str) -> str:
    db.session.rollback()
    page = show_week(asked_week(call.call_type_slug), moving=call, problem=problem)
    return render_template("booking/week.html", page=page)


@blueprint.get("/calls/<booking_id>/move/confirm")
@may(Right.SEE_CALLS)
def show_move(booking_id: str) -> Answer:
    """Old and new time side by side; the old one stays until the new one is confirmed."""
    call, start = _movable(booking_id), moment_of(request.args.get("start"))
    if start is None:
        return redirect(url_for("booking.move", booking_id=booking_id), 303)
    return _side_by_side(call, Interval(start, start + call.rules.length), ReasonForm(formdata=None))


@blueprint.post("/calls/<booking_id>/move/confirm")
@may(Right.CHANGE_CALLS)
@limited(BOOKINGS)
def move_confirm(booking_id: str) -> Answer:
    """Move the call; its page then tells what became of it."""
    user, start, form = signed_in_user(), moment_of(request.form.get("start")), ReasonForm()
    if start is None:
        return redirect(url_for("booking.move", booking_id=booking_id), 303)
    if not form.validate():
        call = _movable(booking_id)
        span = Interval(start, start + call.rules.length)
        return _side_by_side(call, span, form, problems=problems_of(form)), 422
    why, senior = form.reason.data or "", request.form.get("senior", "")
    try:
        writing(
            lambda s, now: service.reschedule(
                s, now, current_settings(), user, booking_id, start, why, senior
            ),
            booking_id,
            senior,
        )
    except (SlotTaken, SlotRefused) as error:
        db.session.rollback()
        call = _movable(booking_id)
        span = Interval(start, start + call.rules.length)
        problems = (Problem("gone", refused(error)),) if isinstance(error, SlotRefused) else ()
        state = "expired" if problems else "taken"
        near = _nearest(call, start)
        return _side_by_side(call, span, form, state=state, near=near, problems=problems), error.status
    return redirect(url_for("booking.show", booking_id=booking_id, new=1), 303)


def _newcomer(call: CallValue, asked: str) -> SpecialistProfile | None:
    """The senior who is to come along with the move."""
    if not asked or call.senior is not None:
        return None
    host = call.specialist.user_id
    return service.choose_senior(db.session(), clock.now(), current_settings(), asked, host)


def _nearest(call: CallValue, start: datetime) -> list[OpenTime]:
    session, now, settings = db.session(), clock.now(), current_settings()
    user, senior = signed_in_user(), request.form.get("senior", "")
    try:
        return service.alternatives_to_move(session, now, settings, user, call, start, senior)
    except (CalendarAway, NoSenior):
        return []


def _side_by_side(call: CallValue, span: Interval, form: ReasonForm, **facts: Any) -> str:
    user = signed_in_user()
    form.ask(first_name(call.contact_name if user.is_staff else call.specialist.name))
    whose = reader(request.values.get("zone", ""))
    week, asked = local_date(span.start, whose.zone).isoformat(), request.values.get("senior", "")
    page = move_page(
        Choice(span, new_token(), **facts),
        whose,
        clock.now(),
        call=call,
        all_times_url=url_for("booking.move", booking_id=call.public_id, week=week, senior=asked or None),
        senior=_newcomer(call, asked),
    )
    return render_template("booking/move_confirm.html", page=page, form=form)
