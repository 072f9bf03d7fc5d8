"""The administrator's pages: the overview here, and what each import adds to the one blueprint."""

from datetime import date, datetime

from flask import render_template

from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.admin import views_call_types as call_types
from app.admin.overview_page import Watched, overview_page
from app.admin.views_blueprint import blueprint
from app.availability import service as availability
from app.booking import service as booking
from app.booking.in_words import Reader
from app.config import Settings
from app.customers import service as customers
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db
from app.lib.wording import local_date

__all__ = ["blueprint", "call_types"]


@blueprint.get("/overview")
@may(Right.SEE_OVERVIEW)
def overview() -> str:
    """Every specialist with their calendar's state, and the calls that lie ahead."""
    settings = current_settings()
    now, user = clock.now(), signed_in_user()
    record_view("viewed the overview", "overview")
    today = local_date(now, settings.service_time_zone)
    people = [_watched(settings, now, today, profile) for profile in customers.specialists(db.session())]
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    trouble = booking.mailbox_trouble(db.session()) if settings.reads_answers else None
    return render_template(
        "admin/overview.html",
        page=overview_page(people, booking.coming_calls(db.session(), now), reader, now, trouble),
    )


def _watched(settings: Settings, now: datetime, today: date, profile: SpecialistProfile) -> Watched:
    session = db.session()
    return Watched(
        profile=profile,
        presence=availability.presence(session, now, settings, profile),
        companies=customers.companies_served(session, profile.user_id, today),
        calendar=availability.calendar_state(session, now, settings, profile.user_id),
    )
