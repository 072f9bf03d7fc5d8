"""Booking a call: the week of free times, the kept time's details, and the confirmation."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.pages import Problem
from app.booking import service
from app.booking.errors import GuestRefused, HoldGone, KeyReused, LengthRefused, OtherServes
from app.booking.forms import (
    DetailsForm,
    given_answers,
    length_of,
    moment_of,
    problems_of,
    problems_with,
    shown_with,
)
from app.booking.guests.values import guest_addresses
from app.booking.in_words import length_field
from app.booking.offers.times_page import other_serves_words, other_times_words
from app.booking.rules import minutes
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
    taken_by,
    writing,
)
from app.booking.shared.views_offered import Offered, offered_at
from app.booking.step_pages import Choice, details_page
from app.booking.values import BookingRequest, CallValue, HeldCall
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.rates import BOOKINGS, LISTINGS
from app.lib.tokens import new_token
from app.lib.wording import local_date, rfc3339
from app.settings.values import Feature
from app.words import error_words, refusal_words


@blueprint.get("/book")
@may(Right.BOOK)
@limited(LISTINGS)
def week() -> Answer:
    """A week of free times."""
    return render_template("booking/week.html", page=show_week(asked_week()))


@blueprint.post("/book/hold")
@may(Right.BOOK)
@limited(BOOKINGS)
def hold() -> Answer:
    """Keep the chosen time for five minutes."""
    asked, start = asked_week(), moment_of(request.form.get("start"))
    if start is None:
        return _week_again(asked, _("Choose a time"), 422)
    try:
        kept = writing(partial(_keep, asked, start), senior=asked.senior)
    except LengthRefused as error:
        return _week_again(replace(asked, length=None), error_words(error.code)[0], error.status)
    except (SlotTaken, SlotRefused, CalendarAway) as error:
        around = replace(asked, first=local_date(start, reader(asked.zone).zone))
        return _week_again(around, refused(error), error.status)
    except OtherServes as error:
        around = replace(asked, first=local_date(start, reader(asked.zone).zone))
        return _week_again(around, other_times_words(error.specialist.name), error.status)
    here: dict[str, Any] = {"call_type": asked.slug, "length": asked.length, "start": rfc3339(start)}
    here |= {"zone": asked.zone or None, "senior": kept.senior.public_id if kept.senior else None}
    here["topic"] = asked.topic or None
    return redirect(url_for("booking.details", hold_id=kept.public_id, **here), 303)


def _keep(asked: AskedWeek, start: datetime, session: Session, now: datetime) -> HeldCall:
    settings, user = current_settings(), signed_in_user()
    wanted: dict[str, Any] = {"length": asked.length, "senior": asked.senior}
    wanted["specialist"] = shown_with(start)
    return service.hold(session, now, settings, user.id, asked.slug, start, **wanted)


def _week_again(asked: AskedWeek, problem: str, status: int) -> Answer:
    db.session.rollback()
    return render_template("booking/week.html", page=show_week(asked, problem=problem)), status


@blueprint.get("/book/<hold_id>")
@may(Right.BOOK)
def details(hold_id: str) -> Answer:
    """What the call is about and how to talk; the time is kept meanwhile.

    The address holds the time as well: once it is kept no longer, the page can still be confirmed if nobody
    else has taken it.
    """
    facts, shown = dict[str, Any](), ""
    try:
        kept = service.held(db.session(), clock.now(), signed_in_user().id, hold_id)
        start, length = kept.start, minutes(kept.end - kept.start)
        offered = offered_at(start, kept.call_type.slug, length)
        facts, shown = {"hold": hold_id}, kept.specialist.public_id
        if shown == offered.specialist.public_id:
            facts["kept_until"] = kept.expires_at
    except HoldGone:
        asked, found = asked_week(), moment_of(request.args.get("start"))
        if found is None or not asked.slug:
            raise
        start, offered = found, offered_at(found, asked.slug, asked.length)
    form = DetailsForm(
        formdata=None,
        topic=asked_week().topic,
        phone=contact().phone,
        way=offered.call_type.ways[0],
        senior=request.args.get("senior", ""),
        specialist=shown,
    )
    return _details(offered, _choice(offered, start, **facts), form)


def _choice(offered: Offered, start: datetime, **facts: Any) -> Choice:
    span, asks_length = Interval(start, start + offered.call_type.rules.length), offered.refused is not None
    return Choice(span, new_token(), asks_length=asks_length, **facts)


def _details(offered: Offered, choice: Choice, form: DetailsForm) -> str:
    call_type, zone = offered.call_type, request.args.get("zone")
    whose, start = reader(zone or ""), rfc3339(choice.span.start)
    week = local_date(choice.span.start, whose.zone).isoformat()
    senior, shown = form.senior.data or "", shown_with(choice.span.start) or form.specialist.data or ""
    choice = replace(choice, problems=offered.problems(shown) + choice.problems)
    here: dict[str, Any] = {"call_type": call_type.slug, "length": length_field(call_type) or None}
    here["zone"] = zone
    page = details_page(
        choice,
        whose,
        clock.now(),
        specialist=offered.specialist,
        senior=_senior(senior, offered.specialist.user_id) if senior else None,
        call_type=call_type,
        email=contact().email,
        all_times_url=url_for("booking.week", **here, week=week, senior=senior or None),
        repeat_url=url_for("booking.repeat", **here, start=start, senior=senior or None),
    )
    return render_template("booking/details.html", page=page, form=form)


def _senior(asked: str, specialist_id: int) -> SpecialistProfile:
    return service.choose_senior(db.session(), clock.now(), current_settings(), asked, specialist_id)


@blueprint.post("/book")
@may(Right.BOOK)
@limited(BOOKINGS)
def confirm() -> Answer:
    """Book the call; its page then tells what became of it."""
    form = DetailsForm()
    start = moment_of(form.start.data)
    if start is None or not form.call_type.data:
        raise HoldGone("the form names no time")
    offered = offered_at(start, form.call_type.data, length_of(form.length.data))
    wanted = form.asked(start, given_answers(offered.call_type.questions))
    form.validate()
    problems = problems_of(form) + problems_with(wanted, offered.call_type)
    if problems or offered.refused is not None:
        return _details_again(wanted, form, problems=problems), 422
    try:
        call = _book(wanted, guest_addresses(form.colleagues.data or ""))
    except SlotTaken as error:
        near = nearest(wanted.slug, start, length=wanted.length, senior=wanted.senior)
        return _details_again(wanted, form, state="taken", near=near), error.status
    except SlotRefused as error:
        near = nearest(wanted.slug, start, length=wanted.length, senior=wanted.senior)
        problem = Problem("gone", refused(error))
        page = _details_again(wanted, form, state="expired", near=near, problems=(problem,))
        return page, error.status
    except OtherServes as error:
        return _other_serves(wanted, form), error.status
    except LengthRefused as error:
        return _details_again(wanted, form), error.status
    except GuestRefused as error:
        form.colleagues.errors = (refusal_words(error.reason),)
        return _details_again(wanted, form, problems=problems_of(form)), error.status
    return redirect(url_for("booking.show", booking_id=call.public_id, new=1), 303)


def _book(wanted: BookingRequest, guests: Iterable[str]) -> CallValue:
    """Book it with the colleagues, whether the time is still kept or only still free."""
    settings, user, wanted = current_settings(), signed_in_user(), replace(wanted, hold=None)
    guests = guests if settings.offers(Feature.GUESTS) else ()

    def work(request: BookingRequest, session: Session, now: datetime) -> CallValue:
        call = service.book(session, now, settings, user.id, request)
        service.add_guests(session, now, settings, user, call, guests)
        return call

    try:
        return writing(partial(work, wanted), senior=wanted.senior)
    except KeyReused:
        # Back, other words, and once more: a page that was sent already asks for another call.
        fresh = replace(wanted, key=new_token())
        return writing(partial(work, fresh), senior=fresh.senior)


def _other_serves(wanted: BookingRequest, form: DetailsForm) -> str:
    """The page with whoever takes the call now, to be confirmed again."""
    db.session.rollback()
    text = other_serves_words(taken_by(wanted.start).name)
    return _details_again(wanted, form, problems=(Problem("call", text),))


def _details_again(wanted: BookingRequest, form: DetailsForm, **facts: Any) -> str:
    db.session.rollback()
    offered = offered_at(wanted.start, wanted.slug, wanted.length)
    kept = {"hold": wanted.hold or "", "answers": wanted.answers}
    return _details(offered, _choice(offered, wanted.start, **kept, **facts), form)
