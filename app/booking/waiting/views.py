"""The waiting list: taking a place, its page, and the answers to an offer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import SignedIn
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.pages import Problem
from app.booking import service as booking
from app.booking.errors import CannotChange, OtherServes
from app.booking.forms import moment_of, problems_of
from app.booking.offers.times_page import other_serves_words, serves_words
from app.booking.offers.wish import OpenTime
from app.booking.shared.views import Answer, asked_week, blueprint, reader, refused, writing
from app.booking.values import CallValue
from app.booking.waiting import service
from app.booking.waiting.errors import DaysRefused, OfferGone, TimesOpen, TooManyPlaces
from app.booking.waiting.forms import JoinForm
from app.booking.waiting.waiting_page import day_choices, days_words, default_days, join_page, place_page
from app.config import Settings
from app.customers import service as customers
from app.lib import clock
from app.lib.db import db
from app.lib.rates import BOOKINGS
from app.lib.wording import local_date, rfc3339
from app.words import error_words, refusal_words

T = TypeVar("T")


def _action(moving: CallValue | None) -> str:
    """Where a free time is posted that can be had at once."""
    return url_for("booking.choose", booking_id=moving.public_id) if moving else url_for("booking.hold")


@blueprint.route("/waiting", methods=["GET", "POST"])
@may(Right.BOOK)
def join() -> Answer:
    """The form for a place in the line, for a call type or for an earlier time of a call."""
    form, asked = JoinForm(), asked_week()
    if request.method == "GET":
        form.moving.data, form.call_type.data = request.args.get("moving", ""), asked.slug
    slug = form.call_type.data or booking.call_types(db.session())[0].slug
    found = _ground(slug, form.moving.data or "")
    _set_choices(form, found)
    if request.method == "GET":
        form.first.data, form.last.data = default_days(form.first.choices, asked.first)
        form.call_type.data = slug
        return _join_page(form, found)
    if not form.validate():
        return _join_page(form, found, problems=problems_of(form)), 422
    return _joined(form, found)


@limited(BOOKINGS)
def _joined(form: JoinForm, found: service.Ground) -> Answer:
    user, settings, wanted = signed_in_user(), current_settings(), form.wanted()
    try:
        place = writing(lambda s, now: service.join(s, now, settings, user, wanted), wanted.moving)
    except TimesOpen as error:
        db.session.rollback()
        return _join_page(form, found, free=error.alternatives), error.status
    except (DaysRefused, TooManyPlaces) as error:
        db.session.rollback()
        return _join_page(form, found, problems=(_problem(form, error),)), error.status
    return redirect(url_for("booking.place", place_id=place.public_id), 303)


def _ground(slug: str, moving: str) -> service.Ground:
    return service.ground(db.session(), clock.now(), current_settings(), signed_in_user(), slug, moving)


def _set_choices(form: JoinForm, found: service.Ground) -> None:
    language = reader().language
    today = local_date(clock.now(), current_settings().service_time_zone)
    form.first.choices = form.last.choices = day_choices(today, found.last_day, language)
    types = [] if found.moving else booking.call_types(db.session())
    form.call_type.choices = [(item.slug, item.name(language)) for item in types]


def _problem(form: JoinForm, error: DaysRefused | TooManyPlaces) -> Problem:
    if isinstance(error, TooManyPlaces):
        words = _("You wait in %(limit)s places already; leave one of them first", limit=error.limit)
        return Problem("first", words)
    words = days_words(error.reason)
    form.first.errors = (words,)
    return Problem("first", words)


def _join_page(
    form: JoinForm,
    found: service.Ground,
    *,
    free: Sequence[OpenTime] = (),
    problems: tuple[Problem, ...] = (),
) -> str:
    slug = found.moving.call_type_slug if found.moving else form.call_type.data
    page = join_page(
        reader(),
        clock.now(),
        found.wish.specialist,
        slug,
        _action(found.moving),
        moving=found.moving,
        free=free,
        problems=problems,
    )
    return render_template("booking/join.html", page=page, form=form)


@blueprint.get("/waiting/<place_id>")
@may(Right.BOOK)
def place(place_id: str) -> Answer:
    """A place in the line, and what is offered to it; links in mails open this page."""
    return _place_page(place_id)


def _place_page(place_id: str, problem: str = "") -> str:
    session, now, settings = db.session(), clock.now(), current_settings()
    stands = service.place_now(session, now, settings, signed_in_user(), place_id)
    specialist = stands.person or customers.specialist_profile(session, stands.place.specialist_id)
    page = place_page(stands, reader(), now, specialist, _action(stands.moving), problem)
    return render_template("booking/place.html", page=page)


@blueprint.post("/waiting/<place_id>/take")
@may(Right.BOOK)
@limited(BOOKINGS)
def take_offer(place_id: str) -> Answer:
    """Move the call to the offered time, or go on to the details of a new call at that time."""
    stands = service.place_now(db.session(), clock.now(), current_settings(), signed_in_user(), place_id)
    if stands.place.is_moving:
        call = stands.moving.public_id if stands.moving else ""
        return _answer(place_id, partial(service.move_to_offer, shown=_shown()), _to_call, call)
    return _answer(
        place_id,
        partial(service.hold_offer, shown=_shown()),
        lambda kept: url_for(
            "booking.details",
            hold_id=kept.public_id,
            call_type=kept.call_type.slug,
            start=rfc3339(kept.start),
        ),
    )


def _shown() -> service.Shown:
    return service.Shown(moment_of(request.form.get("start")), request.form.get("specialist", ""))


def _to_call(call: CallValue) -> str:
    return url_for("booking.show", booking_id=call.public_id, new=1)


@blueprint.post("/waiting/<place_id>/decline")
@may(Right.BOOK)
def decline_offer(place_id: str) -> Answer:
    """Let the offered time go and stay in line."""
    here = url_for("booking.place", place_id=place_id)
    return _answer(
        place_id, partial(service.decline, shown=_shown()), lambda _nothing: here, with_another=serves_words
    )


@blueprint.post("/waiting/<place_id>/leave")
@may(Right.BOOK)
def leave_line(place_id: str) -> Answer:
    """Give up the place."""
    user = signed_in_user()
    writing(lambda s, now: service.leave(s, now, user, place_id))
    return redirect(url_for("booking.calls"), 303)


def _answer(
    place_id: str,
    work: Callable[[Session, datetime, Settings, SignedIn, str], T],
    leads_to: Callable[[T], str],
    call: str = "",
    with_another: Callable[[str], str] = other_serves_words,
) -> Answer:
    user, settings = signed_in_user(), current_settings()
    try:
        done = writing(lambda s, now: work(s, now, settings, user, place_id), call)
    except OfferGone as error:
        problem, status = error_words(error.code)[0], error.status
    except (SlotTaken, SlotRefused, CalendarAway) as error:
        problem, status = refused(error), error.status
    except CannotChange as error:
        problem, status = refusal_words(error.reason), error.status
    except OtherServes as error:
        problem, status = with_another(error.specialist.name), error.status
    else:
        return redirect(leads_to(done), 303)
    db.session.rollback()
    return _place_page(place_id, problem), status
