"""A person's profile: language, zone and, for contacts, reminders."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.accounts.guards import may, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import CONTACT, SignedIn
from app.calendars.service import read_anew
from app.customers import service as customers
from app.lib import clock
from app.lib.db import db, write
from app.portal.profile.forms import ContactProfileForm, ProfileForm

blueprint = Blueprint("profile", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/profile", methods=["GET", "POST"])
@may(Right.OWN_ACCOUNT)
def edit() -> Answer:
    """Look at it and change it."""
    user = signed_in_user()
    form = _form(user)
    form.offer_zones(clock.now(), user.time_zone)
    if form.validate_on_submit():
        write(db.session(), [], lambda session: _save(session, user, form))
        flash("saved")
        return redirect(url_for("profile.edit"), 303)
    saved = "saved" in get_flashed_messages()
    page = render_template("portal/profile.html", form=form, email=user.email, saved=saved)
    return page, 422 if form.errors else 200


def _form(user: SignedIn) -> ProfileForm:
    known = {"language": user.language, "time_zone": user.time_zone}
    if user.role != CONTACT:
        return ProfileForm(**known)
    return ContactProfileForm(wants_reminders=customers.wants_reminders(db.session(), user.id), **known)


def _save(session: Session, user: SignedIn, form: ProfileForm) -> None:
    language, time_zone = str(form.language.data), str(form.time_zone.data)
    accounts.save_profile(session, user.id, language=language, time_zone=time_zone)
    if isinstance(form, ContactProfileForm):
        customers.choose_reminders(session, user.id, wanted=bool(form.wants_reminders.data))
    if time_zone != user.time_zone:
        # What calendars say without a zone is meant in their owner's.
        read_anew(session, user.id)
