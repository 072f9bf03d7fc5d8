"""Booking a call: the week of free times, the kept time's details, and the confirmation."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guards import current_settings, role, signed_in_user
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.pages import Problem
from app.booking import service
from app.booking.errors import HoldGone, KeyReused
from app.booking.forms import DetailsForm, moment_of, problems_of
from app.booking.shared.views import (
    Answer,
    AskedWeek,
    asked_week,
    blueprint,
    contact,
    nearest,
    reader,
    refused,
    show_week,
    writing,
)
from app.booking.step_pages import Choice, details_page
from app.booking.values import BookingRequest, CallValue
from app.customers import service as customers
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.tokens import new_token
from app.lib.wording import local_date, rfc3339


@blueprint.get("/book")
@role("contact")
def week() -> Answer:
    """A week of free times."""
    return render_template("booking/week.html", page=show_week(asked_week()))


@blueprint.post("/book/hold")
@role("contact")
def hold() -> Answer:
    """Keep the chosen time for five minutes."""
    asked, start = asked_week(), moment_of(request.form.get("start"))
    if start is None:
        return _week_again(asked, _("Choose a time"), 422)
    user = signed_in_user()
    try:
        kept = writing(
            lambda s, now: service.hold(s, now, current_settings(), user.id, asked.slug, start, asked.senior),
            senior=asked.senior,
        )
    except (SlotTaken, SlotRefused, CalendarAway) as error:
        around = replace(asked, first=local_date(start, reader(asked.zone).zone))
        return _week_again(around, refused(error), error.status)
    at, zone = rfc3339(start), asked.zone or None
    facts: dict[str, Any] = {"call_type": asked.slug, "start": at, "zone": zone}
    facts["senior"] = kept.senior.public_id if kept.senior else None
    return redirect(url_for("booking.details", hold_id=kept.public_id, **facts), 303)


def _week_again(asked: AskedWeek, problem: str, status: int) -> Answer:
    db.session.rollback()
    return render_template("booking/week.html", page=show_week(asked, problem=problem)), status


@blueprint.get("/book/<hold_id>")
@role("contact")
def details(hold_id: str) -> Answer:
    """What the call is about and how to talk; the time is kept meanwhile.

    The address holds the time as well: once it is kept no longer, the page can still be confirmed if nobody
    else has taken it.
    """
    try:
        kept = service.held(db.session(), clock.now(), signed_in_user().id, hold_id)
        choice = _choice(kept.start, kept.end, hold=hold_id, kept_until=kept.expires_at)
        slug = kept.call_type.slug
    except HoldGone:
        start, slug = moment_of(request.args.get("start")), request.args.get("call_type", "")
        if start is None or not slug:
            raise
        choice = _choice(start, start + service.call_type(db.session(), slug).rules.length)
    form = DetailsForm(formdata=None, phone=contact().phone, senior=request.args.get("senior", ""))
    return _details(choice, slug, form)


def _choice(start: datetime, end: datetime, **facts: Any) -> Choice:
    return Choice(span=Interval(start, end), key=new_token(), **facts)


def _details(choice: Choice, slug: str, form: DetailsForm) -> str:
    now, whose, who = clock.now(), reader(request.args.get("zone", "")), contact()
    # Whoever serves them today gets the call, just as the times were offered.
    day = local_date(now, current_settings().service_time_zone)
    week = local_date(choice.span.start, whose.zone).isoformat()
    specialist, senior = customers.serving(db.session(), who.company_id, day), form.senior.data or ""
    page = details_page(
        choice,
        whose,
        now,
        specialist=specialist,
        senior=_senior(senior, specialist.user_id) if senior else None,
        call_type=service.call_type(db.session(), slug),
        email=who.email,
        all_times_url=url_for(
            "booking.week",
            call_type=slug,
            week=week,
            zone=request.args.get("zone"),
            senior=senior or None,
        ),
    )
    return render_template("booking/details.html", page=page, form=form)


def _senior(asked: str, specialist_id: int) -> SpecialistProfile:
    return service.choose_senior(db.session(), clock.now(), current_settings(), asked, specialist_id)


@blueprint.post("/book")
@role("contact")
def confirm() -> Answer:
    """Book the call; its page then tells what became of it."""
    form = DetailsForm()
    start = moment_of(form.start.data)
    if start is None or not form.call_type.data:
        raise HoldGone("the form names no time")
    wanted = form.asked(start)
    if not form.validate():
        return _details_again(wanted, form, problems=problems_of(form)), 422
    try:
        call = _book(wanted)
    except SlotTaken as error:
        near = nearest(wanted.slug, start, wanted.senior)
        return _details_again(wanted, form, state="taken", near=near), error.status
    except SlotRefused as error:
        near, problem = nearest(wanted.slug, start, wanted.senior), Problem("gone", refused(error))
        page = _details_again(wanted, form, state="expired", near=near, problems=(problem,))
        return page, error.status
    return redirect(url_for("booking.show", booking_id=call.public_id, new=1), 303)


def _book(wanted: BookingRequest) -> CallValue:
    """Book it, whether the time is still kept or only still free."""
    user, wanted = signed_in_user(), replace(wanted, hold=None)
    try:
        return writing(
            lambda s, now: service.book(s, now, current_settings(), user.id, wanted), senior=wanted.senior
        )
    except KeyReused:
        # Back, other words, and once more: a page that was sent already asks for another call.
        fresh = replace(wanted, key=new_token())
        return writing(
            lambda s, now: service.book(s, now, current_settings(), user.id, fresh), senior=fresh.senior
        )


def _details_again(wanted: BookingRequest, form: DetailsForm, **facts: Any) -> str:
    db.session.rollback()
    end = wanted.start + service.call_type(db.session(), wanted.slug).rules.length
    return _details(_choice(wanted.start, end, hold=wanted.hold or "", **facts), wanted.slug, form)
