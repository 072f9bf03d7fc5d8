"""Repeating a call: how often, each call to look at, the series that was booked, and cancelling its rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability.pages import Problem
from app.booking import service
from app.booking.errors import HoldGone, KeyReused, LengthRefused, TooManyOpen
from app.booking.forms import (
    DetailsForm,
    ReasonForm,
    given_answers,
    length_of,
    moment_of,
    problems_of,
    problems_with,
    shown_with,
)
from app.booking.series.errors import SeriesConflict, SeriesRefused, SeriesWithOthers
from app.booking.series.forms import read_repeat
from app.booking.series.pages import RepeatForm, SeriesPage
from app.booking.series.plan import planned_starts
from app.booking.series.review_page import Review, repeat_page, review_page, room_words
from app.booking.series.series_page import series_page
from app.booking.series.values import Repeat, SeriesPlan, SeriesRequest, SeriesValue
from app.booking.shared.views import Answer, blueprint, reader, writing
from app.booking.shared.views_offered import Offered, offered_at
from app.booking.values import BookingRequest
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.rates import BOOKINGS, LISTINGS
from app.lib.tokens import new_token
from app.lib.wording import local_date, rfc3339
from app.words import refusal_words


@dataclass(frozen=True, slots=True)
class Asked:
    """The call that is to be repeated, and the zone in which its reader sees the times.

    ``senior`` is who is to take part in each as well (see BookingRequest).
    """

    slug: str
    start: datetime
    zone: str
    length: int | None
    senior: str

    @property
    def query(self) -> dict[str, Any]:
        """The same in an address."""
        more = {"zone": self.zone or None, "senior": self.senior or None}
        return {"call_type": self.slug, "length": self.length, **more}


def _asked() -> Asked | None:
    values = request.values
    start, slug = moment_of(values.get("start")), values.get("call_type", "")
    if start is None or not slug:
        return None
    length = length_of(values.get("length"))
    return Asked(slug, start, values.get("zone", ""), length, values.get("senior", ""))


def _offered(asked: Asked) -> Offered:
    """Who serves the contact on the first day, and the call type as it is with them."""
    return offered_at(asked.start, asked.slug, asked.length)


@blueprint.get("/book/series")
@may(Right.BOOK)
@limited(LISTINGS)
def repeat() -> Answer:
    """How often a call is repeated; once the address says so, each of its calls."""
    asked = _asked()
    if asked is None:
        return redirect(url_for("booking.week"), 303)
    if "weeks" not in request.args:
        return _how_often(asked, RepeatForm())
    wanted, typed = read_repeat(request.args, reader(asked.zone).zone)
    if wanted is None:
        return _how_often(asked, typed), 422
    try:
        return _review(asked, wanted, typed)
    except SeriesRefused as error:
        return _how_often(asked, _told(typed, error)), error.status


def _told(typed: RepeatForm, error: SeriesRefused) -> RepeatForm:
    return replace(typed, problems=(Problem(typed.ends, refusal_words(error.reason)),))


def _how_often(asked: Asked, form: RepeatForm) -> str:
    now, whose, offered = clock.now(), reader(asked.zone), _offered(asked)
    specialist, call_type = offered.specialist, offered.call_type
    form = replace(form, problems=offered.problems("") + form.problems)
    page = repeat_page(
        Interval(asked.start, asked.start + call_type.rules.length),
        form,
        whose,
        now,
        zone=asked.zone,
        specialist=specialist,
        call_type=call_type,
        all_times_url=_all_times(asked),
        senior=_senior(asked, specialist) if asked.senior else None,
        asks_length=offered.refused is not None,
    )
    return render_template("booking/repeat.html", page=page)


def _senior(asked: Asked, specialist: SpecialistProfile) -> SpecialistProfile:
    settings = current_settings()
    return service.choose_senior(db.session(), clock.now(), settings, asked.senior, specialist.user_id)


def _all_times(asked: Asked) -> str:
    week = local_date(asked.start, reader(asked.zone).zone).isoformat()
    return url_for("booking.week", **asked.query, week=week)


def _review(
    asked: Asked, wanted: Repeat, typed: RepeatForm, form: DetailsForm | None = None, **facts: Any
) -> str:
    now, whose, user = clock.now(), reader(asked.zone), signed_in_user()
    try:
        plan = _plan(asked, wanted, now)
    except LengthRefused:
        refused, asked = asked.length, replace(asked, length=None)
        plan = _plan(asked, wanted, now)
        facts = _with_other_length(refused, plan, facts)
    form = form or DetailsForm(formdata=None, phone=plan.contact.phone, way=plan.call_type.ways[0])
    review = Review(
        plan=plan,
        first=asked.start,
        zone=asked.zone,
        key=new_token(),
        form=typed,
        email=user.email,
        repeat_url=url_for("booking.repeat", **asked.query, start=rfc3339(asked.start)),
        all_times_url=_all_times(asked),
        **facts,
    )
    return render_template("booking/review.html", page=review_page(review, whose, now), form=form)


def _plan(asked: Asked, wanted: Repeat, now: datetime) -> SeriesPlan:
    """What could be booked of the series now; raises LengthRefused."""
    call = (asked.slug, asked.start, wanted, asked.length, asked.senior)
    return service.plan_series(db.session(), now, current_settings(), signed_in_user().id, *call)


def _with_other_length(refused: int | None, plan: SeriesPlan, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the review is made of when the length is chosen anew: calls that are not free so long are told."""
    chosen = facts.get("chosen", {})
    told = {call.start: call for call in plan.calls if call.why and chosen.get(call.start) == call.start}
    shown = shown_with(plan.calls[0].start) or request.form.get("specialist", "")
    offered = Offered(plan.specialist, plan.call_type, refused)
    problems = offered.problems(shown) + facts.get("problems", ())
    return {**facts, "told": told | facts.get("told", {}), "problems": problems, "asks_length": True}


@blueprint.post("/book/series")
@may(Right.BOOK)
@limited(BOOKINGS)
def book_series() -> Answer:
    """Book all chosen calls or none; the page of the series then tells what became of them."""
    asked, form = _asked(), DetailsForm()
    if asked is None:
        raise HoldGone("the form names no time")
    wanted, typed = read_repeat(request.form, reader(asked.zone).zone)
    if wanted is None:
        return _how_often(asked, typed), 422
    try:
        chosen = _chosen(asked, wanted)
    except SeriesRefused as error:
        return _how_often(asked, _told(typed, error)), error.status
    offered = _offered(asked)
    call = form.asked(asked.start, given_answers(offered.call_type.questions))
    facts: dict[str, Any] = {"chosen": chosen, "answers": call.answers}
    form.validate()
    problems = problems_of(form) + problems_with(call, offered.call_type)
    if problems or offered.refused is not None:
        return _review(asked, wanted, typed, form, problems=problems, **facts), 422
    try:
        series = _book(_request(call, wanted, chosen))
        return redirect(url_for("booking.series", series_id=series.public_id, new=1), 303)
    except SeriesConflict as error:
        status, facts["told"] = error.status, {call.start: call for call in error.conflicts}
    except SeriesWithOthers as error:
        status, facts["with_others"] = error.status, error.with_others
        facts["told"] = {item.call.start: item.call for item in error.with_others if item.call.why}
    except (TooManyOpen, SeriesRefused) as error:
        status, facts["problems"] = error.status, (Problem("calls", _words(error)),)
    except LengthRefused as error:
        status = error.status
    db.session.rollback()
    return _review(asked, wanted, typed, form, **facts), status


def _words(error: TooManyOpen | SeriesRefused) -> str:
    return room_words(error.possible) if isinstance(error, TooManyOpen) else refusal_words(error.reason)


def _chosen(asked: Asked, wanted: Repeat) -> dict[datetime, datetime | None]:
    """The start that the form chooses for each planned call, None for one that it leaves out."""
    zone = current_settings().service_time_zone
    starts, _is_cut = planned_starts(asked.start, wanted, zone)
    return {start: moment_of(request.form.get(f"call-{number}")) for number, start in enumerate(starts)}


def _request(
    call: BookingRequest, wanted: Repeat, chosen: Mapping[datetime, datetime | None]
) -> SeriesRequest:
    return SeriesRequest(
        call,
        wanted,
        skip=frozenset(start for start, other in chosen.items() if other is None),
        instead={start: other for start, other in chosen.items() if other not in {None, start}},
        specialists={start: shown for start in chosen.values() if start and (shown := shown_with(start))},
    )


def _book(wanted: SeriesRequest) -> SeriesValue:
    user, settings, senior = signed_in_user(), current_settings(), wanted.call.senior
    try:
        return writing(lambda s, now: service.book_series(s, now, settings, user.id, wanted), senior=senior)
    except KeyReused:
        # Back, other choices, and once more: a page that was sent already asks for another series.
        fresh = replace(wanted, call=replace(wanted.call, key=new_token()))
        return writing(lambda s, now: service.book_series(s, now, settings, user.id, fresh), senior=senior)


def _page(series_id: str, **facts: bool) -> SeriesPage:
    user = signed_in_user()
    found = service.series_of(db.session(), user, series_id)
    return series_page(found, user, reader(), clock.now(), **facts)


@blueprint.get("/series/<series_id>")
@may(Right.SEE_CALLS)
def series(series_id: str) -> Answer:
    """The calls of a series and how each stands."""
    page = _page(series_id, is_new="new" in request.args, is_cancelled="cancelled" in request.args)
    return render_template("booking/series.html", page=page)


@blueprint.get("/series/<series_id>/state")
@may(Right.SEE_CALLS)
def series_state(series_id: str) -> Answer:
    """The part of a series' page that changes while the calendar is asked."""
    return render_template("booking/_series.html", page=_page(series_id, is_new=True))


@blueprint.route("/series/<series_id>/cancel", methods=["GET", "POST"])
@may(Right.BOOK)
def cancel_series(series_id: str) -> Answer:
    """The page that asks once more; sending it cancels every call of the series that still can be."""
    page, form, user = _page(series_id), ReasonForm(), signed_in_user()
    here = url_for("booking.series", series_id=series_id)
    if not page.rest:
        return redirect(here, 303)
    if not form.validate_on_submit():
        form.ask(page.with_first_name)
        return render_template(
            "booking/cancel_series.html", page=page, form=form
        ), 422 if form.errors else 200
    reason = form.reason.data or ""
    writing(lambda s, now: service.cancel_rest(s, now, current_settings(), user, series_id, reason))
    return redirect(url_for("booking.series", series_id=series_id, cancelled=1), 303)
