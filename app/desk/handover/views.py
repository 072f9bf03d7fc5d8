"""The pages of a hand-over: for both specialists and administrators, nobody else."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.accounts.views_entry import landing
from app.booking.errors import CannotChange
from app.booking.handover import queries, service, service_calls
from app.booking.handover.hand_over_page import Found, hand_over_page
from app.booking.handover.values import HandOverValue
from app.booking.in_words import Reader
from app.booking.seniors.queries import people_of_call
from app.customers.errors import AssignmentRefused
from app.desk.handover.requests_page import RequestLine, request_lines
from app.desk.queries import visible_to
from app.desk.requests.queries_list import open_of_company
from app.lib import clock
from app.lib.db import db, write
from app.lib.text import UncleanText
from app.words import assignment_words, error_words, refusal_words

blueprint = Blueprint("hand_overs", __name__)

Answer = str | Response | tuple[str, int]
_DECISIONS = {
    "retry": service_calls.try_again,
    "keep": service_calls.keep,
    "cancel": service_calls.cancel_call,
}


@blueprint.get("/hand-overs/<hand_over_id>")
@may(Right.TAKE_OVER)
def show(hand_over_id: str) -> Answer:
    """What who takes over has to know, and what is to be decided."""
    page, user = _page(hand_over_id), signed_in_user()
    if user.role == ADMINISTRATOR:
        record_view("viewed a hand-over", "hand_over", hand_over_id)
    return page


@blueprint.post("/hand-overs/<hand_over_id>/confirm")
@may(Right.TAKE_OVER)
def confirm(hand_over_id: str) -> Answer:
    """The new specialist takes the company over."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    try:
        write(db.session(), [], lambda s: service.confirm(s, now, settings, user, hand_over_id))
    except AssignmentRefused as error:
        return _refused(hand_over_id, error)
    return _back(hand_over_id)


@blueprint.post("/hand-overs/<hand_over_id>/decline")
@may(Right.TAKE_OVER)
def decline(hand_over_id: str) -> Answer:
    """The new specialist does not take the company over."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    reason = request.form.get("reason", "")
    try:
        write(db.session(), [], lambda s: service.decline(s, now, settings, user, hand_over_id, reason))
    except AssignmentRefused as error:
        return _refused(hand_over_id, error)
    except UncleanText:
        return _page(hand_over_id, str(error_words(UncleanText.code)[0])), 422
    # It is none of theirs any more.
    return redirect(landing(user.role), 303)


@blueprint.post("/hand-overs/<hand_over_id>/note")
@may(Right.TAKE_OVER)
def note(hand_over_id: str) -> Answer:
    """Who leaves writes down what who comes should know."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    text = request.form.get("note", "")
    try:
        write(db.session(), [], lambda s: service.leave_note(s, now, settings, user, hand_over_id, text))
    except UncleanText:
        return _page(hand_over_id, str(error_words(UncleanText.code)[0])), 422
    return _back(hand_over_id)


@blueprint.post("/hand-overs/<hand_over_id>/calls/<booking_id>")
@may(Right.TAKE_OVER)
def decide(hand_over_id: str, booking_id: str) -> Answer:
    """Try a call that could not pass on once more, leave it where it is, or cancel it."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    people = sorted(people_of_call(db.session(), booking_id))
    work = _DECISIONS.get(request.form.get("decision", ""))
    if work is None:
        raise NotFound("no such decision")
    asked = service_calls.Decision(user, hand_over_id, booking_id)
    try:
        write(db.session(), people, lambda s: work(s, now, settings, asked))
    except CannotChange as error:
        return _page(hand_over_id, refusal_words(error.reason)), 422
    return _back(hand_over_id)


def _refused(hand_over_id: str, error: AssignmentRefused) -> Answer:
    if error.reason == "settled":
        # The page may be none of theirs any more.
        raise error
    return _page(hand_over_id, assignment_words(error.reason)), error.status


def _back(hand_over_id: str) -> Response:
    return redirect(url_for("hand_overs.show", hand_over_id=hand_over_id), 303)


def _page(hand_over_id: str, problem: str = "") -> str:
    user, settings = signed_in_user(), current_settings()
    hand_over = service.visible(db.session(), clock.now(), settings, user, hand_over_id)
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    url = f"/companies/{hand_over.company_public_id}/serving"
    page = hand_over_page(_found(hand_over), user, reader, company_url=url, problem=problem)
    return render_template("hand_overs/hand_over.html", page=page, requests=_requests(hand_over, reader))


def _requests(hand_over: HandOverValue, reader: Reader) -> tuple[RequestLine, ...]:
    session, now, user = db.session(), clock.now(), signed_in_user()
    seen = visible_to(session, now, current_settings(), user)
    return request_lines(open_of_company(session, hand_over.company_public_id, seen), now, reader)


def _found(hand_over: HandOverValue) -> Found:
    session, now = db.session(), clock.now()
    past = queries.past_calls(session, hand_over, now)
    telling = queries.telling(session, hand_over.id)
    return Found(
        hand_over=hand_over,
        contacts=queries.contact_cards(session, hand_over.company_id),
        telling=telling,
        ahead=queries.coming_calls(session, hand_over, now),
        past=past,
        passing=queries.passing(session, hand_over.id),
        notes=queries.notes(session, [call.id for call in past]),
        facts=queries.facts(session, [call.public_id for call in past]),
        own_facts=accounts.history(session, "hand_over", hand_over.public_id),
        missed=service.missed_of(telling) if hand_over.told_at is None else (),
    )
