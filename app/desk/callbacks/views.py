"""A contact's callbacks: asking for one, how it stands, withdrawing it, a booked call instead."""

from contextlib import suppress
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.booking.errors import OtherServes
from app.booking.forms import moment_of, problems_of
from app.booking.offers.times_page import serves_words
from app.booking.shared.views import contact, reader, refused, writing
from app.customers import service as customers
from app.desk.callbacks import queries, service
from app.desk.callbacks.callbacks_page import callback_row, hours_words, promise_words
from app.desk.callbacks.errors import CallbackClosed
from app.desk.callbacks.forms import AskForm
from app.desk.callbacks.pages import AskPage, CallbacksPage
from app.desk.callbacks.ringing.views import show_queue, show_ringing
from app.desk.callbacks.service_booking import book_instead
from app.desk.callbacks.values import Asked, Source
from app.desk.callbacks.views_shared import show_own
from app.desk.hours import is_open
from app.desk.queries_hours import business_hours
from app.lib import clock
from app.lib.db import db, write
from app.lib.paging import key_of, parts_of
from app.lib.rates import BOOKINGS, CALLBACKS
from app.lib.tokens import new_token
from app.lib.wording import rfc3339

blueprint = Blueprint("callbacks", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/callbacks")
@may(Right.SEE_DESK)
def index() -> Answer:
    """A contact's own callbacks; for our people the queue."""
    user, now = signed_in_user(), clock.now()
    if user.is_staff:
        return show_queue(request.args.get("after", ""), request.args.get("noted", ""))
    found = queries.callbacks_of(db.session(), user.id, _place(request.args.get("after", "")))
    shown, whose = found[: queries.MOST_SHOWN], reader()
    older = ""
    if len(found) > len(shown):
        older = url_for("callbacks.index", after=key_of(shown[-1].id, shown[-1].asked_at.isoformat()))
    page = CallbacksPage(tuple(callback_row(item, whose, now) for item in shown), older)
    return render_template("desk/callbacks.html", page=page)


def _place(key: str) -> tuple[datetime, int] | None:
    number, text = parts_of(key)
    asked = moment_of(text)
    return (asked, number) if asked else None


@blueprint.get("/callbacks/new")
@may(Right.ASK_DESK)
def new() -> Answer:
    """The form, with what is promised to whoever asks now."""
    who = contact()
    customers.require_entitled(who, clock.now(), current_settings())
    return _form(AskForm(formdata=None, number=who.phone, key=new_token()))


@blueprint.post("/callbacks/new")
@may(Right.ASK_DESK)
@limited(CALLBACKS)
def ask() -> Answer:
    """Ask to be rung; the page of the callback then says by when."""
    session, now, settings, who = db.session(), clock.now(), current_settings(), contact()
    customers.require_entitled(who, now, settings)
    form = AskForm()
    form.prepare(business_hours(session, settings), now, reader())
    if not form.validate():
        return _form(form), 422
    asked = Asked(
        company_id=who.company_id,
        contact_id=who.user_id,
        number=form.e164,
        topic=form.topic.data or "",
        wished_at=form.wished_at,
        source=Source.PAGE,
        key=f"page:{who.user_id}:{(form.key.data or new_token())[:64]}",
    )
    value = write(session, [], lambda s: service.ask(s, now, settings, asked))
    return redirect(url_for("callbacks.show", callback_id=value.public_id), 303)


def _form(form: AskForm) -> str:
    session, now, settings, who, whose = db.session(), clock.now(), current_settings(), contact(), reader()
    hours = business_hours(session, settings)
    form.prepare(hours, now, whose)
    is_shut = not is_open(hours, now)
    page = AskPage(
        key=form.key.data or "",
        promise=promise_words(service.promised_in(session, now, settings, who.time_zone), whose, now),
        hours=hours_words(hours, now, whose),
        problems=problems_of(form),
        standard_chat_url=settings.standard_chat_url if is_shut else "",
        standard_email=settings.standard_email if is_shut else "",
    )
    return render_template("desk/callback_new.html", page=page, form=form)


@blueprint.get("/callbacks/<callback_id>")
@may(Right.SEE_DESK)
def show(callback_id: str) -> Answer:
    """How it stands; for our people the page from which they ring."""
    if signed_in_user().is_staff:
        return show_ringing(callback_id)
    return show_own(callback_id)


@blueprint.post("/callbacks/<callback_id>/withdraw")
@may(Right.ASK_DESK)
def withdraw(callback_id: str) -> Answer:
    """No call back any more."""
    user, now, settings = signed_in_user(), clock.now(), current_settings()
    # What is over already stays so, and its page says what became of it.
    with suppress(CallbackClosed):
        write(db.session(), [], lambda s: service.withdraw(s, now, settings, user, callback_id))
    return redirect(url_for("callbacks.show", callback_id=callback_id), 303)


@blueprint.post("/callbacks/<callback_id>/book")
@may(Right.ASK_DESK)
@limited(BOOKINGS)
def book(callback_id: str) -> Answer:
    """A booked call at one of the free times instead, about the same; in one press."""
    user, settings = signed_in_user(), current_settings()
    here, start = url_for("callbacks.show", callback_id=callback_id), moment_of(request.form.get("start"))
    if start is None:
        return redirect(here, 303)
    shown, address = request.form.get(f"specialist-{rfc3339(start)}", ""), request.remote_addr or ""

    def work(session: Session, now: datetime) -> str:
        return book_instead(session, now, settings, user, callback_id, start, shown, address)

    try:
        call = writing(work)
    except (SlotTaken, SlotRefused, CalendarAway) as error:
        return show_own(callback_id, refused(error)), error.status
    except OtherServes as error:
        return show_own(callback_id, serves_words(error.specialist.name)), error.status
    except CallbackClosed:
        return redirect(here, 303)
    return redirect(url_for("booking.show", booking_id=call, new=1), 303)
