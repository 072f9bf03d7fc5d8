"""Which senior is on call in which week."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.admin.on_call.on_call_page import on_call_page, typed_plan
from app.desk.escalations import queries, queries_on_call
from app.desk.escalations.on_call import weeks_from
from app.desk.escalations.service_on_call import set_weeks
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("on_call", __name__)


@blueprint.get("/settings/on-call")
@may(Right.KEEP_SETTINGS)
def weeks() -> str:
    """The next twelve weeks."""
    session = db.session()
    plan = queries_on_call.plan_of(session, weeks_from(queries.monday_of(clock.now(), current_settings())))
    page = on_call_page(plan, queries.senior_profiles(session), locale_of(), is_saved="saved" in request.args)
    return render_template("admin/settings/on_call.html", page=page)


@blueprint.post("/settings/on-call")
@may(Right.KEEP_SETTINGS)
def save() -> Response:
    """Enter them; with "repeat" the first ones in turn."""
    now, user = clock.now(), signed_in_user()
    mondays = weeks_from(queries.monday_of(now, current_settings()))
    typed = typed_plan(request.form, mondays, queries.senior_profiles(db.session()))
    write(db.session(), [], lambda s: set_weeks(s, now, user, typed))
    return redirect(url_for("on_call.weeks", saved=1), 303)
