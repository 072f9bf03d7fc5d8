"""The customer's home, their private calendar links, and the feeds behind these."""

from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, public, role, signed_in, signed_in_user
from app.accounts.values import CONTACT
from app.accounts.views import landing
from app.availability import service as availability
from app.booking import service as booking
from app.booking.in_words import Reader
from app.booking.shared.views import closed_words
from app.calendars.syncing.jobs_nudge import nudge
from app.customers import service as customers
from app.lib import clock
from app.lib.db import db, write
from app.lib.intervals import Interval
from app.lib.text import UncleanText, one_line
from app.portal.home_page import Home, home_page, new_feed
from app.portal.pages import HomePage, NewFeed

blueprint = Blueprint("portal", __name__)

Answer = str | Response | tuple[str, int]
_NAME_LIMIT = 100


@blueprint.get("/")
@signed_in
def home() -> Answer:
    """Specialist, nearest free times, calls ahead, calendar links; staff are sent to their own page."""
    user = signed_in_user()
    if user.role != CONTACT:
        return redirect(landing(user.role), 303)
    return _home(home_page(_gathered()))


def _home(page: HomePage) -> str:
    return render_template("portal/home.html", page=page)


def _gathered() -> Home:
    """What the home page is made of; raises NotEntitled and NoSpecialist."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    who = customers.contact_profile(session, user.id)
    customers.require_entitled(who, now, settings)
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    call_type = booking.call_types(session)[0]
    wish = booking.wish_for(session, now, settings, who, call_type)
    found = booking.times_for(session, now, settings, wish, Interval(now, now + wish.rules.horizon))
    nudge(now, found.specialist.user_id, found.offer.as_of)
    return Home(
        now=now,
        reader=reader,
        specialist=found.specialist,
        presence=availability.presence(session, now, settings, found.specialist),
        call_type=replace(call_type, rules=wish.rules),
        slots=found.offer.slots,
        closed=closed_words(found, reader),
        coming=booking.calls_of(session, now, user, when="coming"),
        feeds=booking.feeds(session, user.id),
    )


@blueprint.post("/calendar-links")
@role("contact")
def create_feed() -> Answer:
    """Make a private link and show it, this once."""
    typed = request.form.get("name", "")
    try:
        name = one_line(typed, _NAME_LIMIT)
    except UncleanText as error:
        problem = _("Enter a name") if error.reason == "empty" else _("Enter a shorter, plain name")
        return _home(home_page(_gathered(), feed_problem=problem, feed_name=typed[:_NAME_LIMIT])), 422
    now, user = clock.now(), signed_in_user()
    _link, token = write(db.session(), [], lambda session: booking.make_feed(session, now, user.id, name))
    return _home(home_page(_gathered(), new_feed=_shown_once(name, token)))


def _shown_once(name: str, token: str) -> NewFeed:
    return new_feed(name, current_settings().public_url + url_for("portal.feed", token=token))


@blueprint.post("/calendar-links/<feed_id>/remove")
@role("contact")
def remove_feed(feed_id: str) -> Answer:
    """Remove a private link: from now on there is nothing at its address."""
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda session: booking.remove_feed(session, now, user.id, feed_id))
    return redirect(url_for("portal.home", _anchor="feeds"), 303)


@blueprint.get("/feeds/<token>.ics")
@public
def feed(token: str) -> Response:
    """The calls of a link's owner for calendar programs: no cookie, the same bytes until a change."""
    found = booking.feed(db.session(), clock.now(), current_settings(), token)
    answer = make_response(found.body)
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["ETag"] = found.etag
    answer.last_modified = found.changed_at
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer.make_conditional(request)
