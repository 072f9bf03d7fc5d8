"""The pages of the settings: each shows what holds, and writes what was changed into the audit log."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.chosen.service import change_settings
from app.accounts.guards import (
    current_settings,
    environment_settings,
    locale_of,
    may,
    settings_changed,
    signed_in_user,
)
from app.accounts.rights import Right
from app.admin.settings.settings_page import settings_page
from app.admin.settings.typed import Reading, read_page, typed_page
from app.booking import service as booking
from app.lib import clock
from app.lib.db import db, write
from app.settings.registry import read_setting

blueprint = Blueprint("settings", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/settings")
@may(Right.KEEP_SETTINGS)
def organisation() -> Answer:
    """Name, standard support, and what is said about the option."""
    return _shown("organisation")


@blueprint.get("/settings/hours")
@may(Right.KEEP_SETTINGS)
def hours() -> Answer:
    """The service window, its zone, and the country of business time."""
    return _shown("hours")


@blueprint.get("/settings/policies")
@may(Right.KEEP_SETTINGS)
def policies() -> Answer:
    """Response times by severity."""
    return _shown("policies")


@blueprint.get("/settings/features")
@may(Right.KEEP_SETTINGS)
def features() -> Answer:
    """What is switched on."""
    return _shown("features")


@blueprint.get("/settings/data")
@may(Right.KEEP_SETTINGS)
def data() -> Answer:
    """How long things are kept."""
    return _shown("data")


def _shown(name: str) -> str:
    typed = typed_page(name, current_settings(), locale_of())
    page = settings_page(name, typed, {}, locale_of(), is_saved="saved" in request.args)
    return render_template("admin/settings/page.html", page=page)


@blueprint.post("/settings")
@may(Right.KEEP_SETTINGS)
def save_organisation() -> Answer:
    """Keep them."""
    return _save("organisation")


@blueprint.post("/settings/hours")
@may(Right.KEEP_SETTINGS)
def save_hours() -> Answer:
    """Keep them; booked calls that would lie outside are counted first and have to be confirmed."""
    reading = read_page("hours", request.form)
    outside = 0 if reading.faults else _outside(reading)
    if outside and request.form.get("confirmed") != str(outside):
        return _again("hours", reading, outside), 409
    return _save("hours")


@blueprint.post("/settings/policies")
@may(Right.KEEP_SETTINGS)
def save_policies() -> Answer:
    """Keep them."""
    return _save("policies")


@blueprint.post("/settings/features")
@may(Right.KEEP_SETTINGS)
def save_features() -> Answer:
    """Keep them."""
    return _save("features")


@blueprint.post("/settings/data")
@may(Right.KEEP_SETTINGS)
def save_data() -> Answer:
    """Keep them."""
    return _save("data")


def _outside(reading: Reading) -> int:
    """How many more coming calls than now would lie outside of the service window."""
    settings = current_settings()
    window = read_setting("service_window", reading.wanted["service_window"])
    zone = reading.wanted["service_time_zone"]
    if (window, zone) == (settings.service_window, settings.service_time_zone):
        return 0
    return booking.calls_outside(db.session(), clock.now(), zone, window)


def _again(name: str, reading: Reading, outside: int = 0) -> str:
    page = settings_page(name, request.form, reading.faults, locale_of(), outside=outside)
    return render_template("admin/settings/page.html", page=page)


def _save(name: str) -> Answer:
    reading = read_page(name, request.form)
    if reading.faults:
        return _again(name, reading), 422
    now, user, environment = clock.now(), signed_in_user(), environment_settings()
    write(db.session(), [], lambda s: change_settings(s, now, environment, user, reading.wanted))
    settings_changed()
    return redirect(url_for(f"settings.{name}", saved=1), 303)
