"""Handing over all companies of one specialist."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.admin.serving.all_page import hand_over_all_page
from app.admin.serving.pages import HandOverAllPage
from app.admin.serving.views import Answer, blueprint, sent_day, sent_form
from app.booking.handover import queries
from app.booking.handover.service_all import Wanted, plan_all
from app.booking.handover.values import HandOverValue
from app.customers import service as customers
from app.customers.errors import AssignmentRefused
from app.customers.people.queries import companies_of, person
from app.lib import clock
from app.lib.db import db, write
from app.lib.text import UncleanText
from app.lib.wording import local_date
from app.words import assignment_words, error_words

__all__ = ["blueprint", "hand_over_all", "show_all"]

_TEMPLATE = "admin/companies/hand_over_all.html"


@blueprint.get("/people/<person_id>/hand-over")
@may(Right.KEEP_COMPANIES)
def show_all(person_id: str) -> Answer:
    """Whom somebody serves, and to whom all of that can pass."""
    planned = request.args.get("planned", 0, type=int)
    return render_template(_TEMPLATE, page=_page(person_id, planned=planned))


@blueprint.post("/people/<person_id>/hand-over")
@may(Right.KEEP_COMPANIES)
def hand_over_all(person_id: str) -> Answer:
    """Plan a hand-over of each of their companies."""
    now, user, settings, sent = clock.now(), signed_in_user(), current_settings(), sent_form()
    leaving = person(db.session(), person_id).user_id
    try:
        wanted = Wanted(sent.person, sent_day(), sent.note)
        count = write(db.session(), [], lambda s: plan_all(s, now, settings, user, leaving, wanted))
    except AssignmentRefused as error:
        words = _("No company is left to hand over.") if error.reason == "none" else ""
        page = _page(person_id, problem=words or assignment_words(error.reason))
        return render_template(_TEMPLATE, page=page), error.status
    except UncleanText as error:
        page = _page(person_id, problem=str(error_words(error.code)[0]))
        return render_template(_TEMPLATE, page=page), error.status
    return redirect(url_for("serving.show_all", person_id=person_id, planned=count), 303)


def _page(person_id: str, problem: str = "", planned: int = 0) -> HandOverAllPage:
    session = db.session()
    found = person(session, person_id)
    today = local_date(clock.now(), current_settings().service_time_zone)
    leaving = [item for item in queries.open_for(session, found.user_id) if _leaves(item, found.user_id)]
    return hand_over_all_page(
        found,
        companies_of(session, found.user_id, today),
        leaving,
        customers.specialists(session),
        today,
        locale_of(),
        typed=sent_form(),
        problem=problem,
        planned=planned,
    )


def _leaves(item: HandOverValue, user_id: int) -> bool:
    return item.leaving is not None and item.leaving.user_id == user_id
