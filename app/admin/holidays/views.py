"""Holidays: those of a country and region by year, and days off of our own."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.admin.holidays.holidays_page import (
    Place,
    TypedDay,
    added_words,
    asked_place,
    holidays_page,
    read_day,
)
from app.availability import service_own_days as own_days
from app.availability.errors import DayNamed
from app.booking import service as booking
from app.booking.in_words import Reader
from app.lib import clock
from app.lib.db import db, write
from app.lib.wording import local_date

blueprint = Blueprint("holidays", __name__)

Answer = str | Response | tuple[str, int]


def _usual() -> Place:
    settings = current_settings()
    today = local_date(clock.now(), settings.service_time_zone)
    return Place(settings.service_country, settings.service_region, today.year)


@blueprint.get("/settings/holidays")
@may(Right.KEEP_SETTINGS)
def days() -> Answer:
    """The days off of a year in a country or region."""
    place = asked_place(request.args.to_dict(), _usual())
    outcome = _("Removed.") if "removed" in request.args else ""
    return _page(place, added=request.args.get("added", ""), outcome=outcome)


def _page(place: Place, typed: TypedDay | None = None, added: str = "", outcome: str = "") -> str:
    session, now, settings = db.session(), clock.now(), current_settings()
    zone = settings.service_time_zone
    own = own_days.own_days(session)
    ahead = [item for item in own if item.day >= local_date(now, zone)]
    calls = booking.calls_on(session, now, ahead, zone)
    if any(item.public_id == added for item in own):
        outcome = added_words(len(calls.get(added, ())))
    page = holidays_page(
        place,
        own,
        calls,
        Reader(locale_of(), signed_in_user().time_zone, zone),
        _usual(),
        form=request.form if typed else None,
        faults=typed.faults if typed else None,
        outcome=outcome,
    )
    return render_template("admin/settings/holidays.html", page=page)


@blueprint.post("/settings/holidays")
@may(Right.KEEP_SETTINGS)
def add() -> Answer:
    """Name a day off; calls on it stay."""
    place, now, user = asked_place(request.form.to_dict(), _usual()), clock.now(), signed_in_user()
    typed = read_day(request.form, place)
    day = typed.day
    if typed.faults or day is None:
        return _page(place, typed), 422
    try:
        added = write(
            db.session(), [], lambda s: own_days.add_own_day(s, now, user, day, typed.place, typed.names)
        )
    except DayNamed as error:
        typed.faults["day"] = _("That day has a name there already")
        return _page(place, typed), error.status
    here: dict[str, Any] = {"country": place.country, "region": place.region, "year": day.year}
    return redirect(url_for("holidays.days", **here, added=added), 303)


@blueprint.post("/settings/holidays/<day_id>/remove")
@may(Right.KEEP_SETTINGS)
def remove(day_id: str) -> Answer:
    """Take a day off of our own away."""
    place, now, user = asked_place(request.form.to_dict(), _usual()), clock.now(), signed_in_user()
    write(db.session(), [], lambda s: own_days.remove_own_day(s, now, user, day_id))
    here: dict[str, Any] = {"country": place.country, "region": place.region, "year": place.year}
    return redirect(url_for("holidays.days", **here, removed=1), 303)
