"""The customer's home."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import CONTACT
from app.accounts.views_entry import landing
from app.availability import service as availability
from app.booking import service as booking
from app.booking.in_words import Reader, reach
from app.booking.shared.views import closed_words, nudge_all
from app.customers import service as customers
from app.desk.queries import visible_to
from app.desk.requests.queries_open import open_requests
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.rates import LISTINGS
from app.portal.feeds.views import form_for_link
from app.portal.home_page import OPEN_REQUESTS, Home, home_page

blueprint = Blueprint("portal", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@may(Right.OWN_ACCOUNT)
@limited(LISTINGS)
def home() -> Answer:
    """Specialist, nearest free times, calls ahead, calendar links; staff are sent to their own page."""
    user = signed_in_user()
    if user.role != CONTACT:
        return redirect(landing(user.role), 303)
    return render_template("portal/home.html", page=home_page(_gathered()))


def _gathered() -> Home:
    """What the home page is made of; raises NotEntitled and NoSpecialist."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    who = customers.contact_profile(session, user.id)
    customers.require_entitled(who, now, settings)
    availability.keep_looks(session)
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    call_type = booking.call_types(session)[0]
    wishes = booking.wishes_for(session, now, settings, who, call_type)
    ahead = Interval(now, now + wishes.first.rules.horizon)
    found = booking.times_for(session, now, settings, wishes, ahead)
    nudge_all(now, found)
    return Home(
        now=now,
        reader=reader,
        specialist=found.specialist,
        presence=availability.presence(session, now, settings, found.specialist, reader.language),
        call_type=replace(call_type, rules=found.rules),
        found=found,
        standing=wishes.served,
        reach=reach(found.specialist, settings),
        week_address=partial(url_for, "booking.week"),
        closed=closed_words(found, reader),
        coming=booking.calls_of(session, now, user, when="coming"),
        feeds=form_for_link(),
        requests=open_requests(session, visible_to(session, now, settings, user), OPEN_REQUESTS),
    )
