"""A call's page in every state, the list of calls, cancelling, and the specialist's schedule."""

from collections.abc import Sequence

from flask import Response as FileResponse
from flask import redirect, render_template, request, url_for

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.service import history
from app.accounts.values import ADMINISTRATOR
from app.availability import service as availability
from app.availability.hours_page import calendar_pill
from app.booking import service
from app.booking.answers.answers_page import answers_page, proposal_lines
from app.booking.answers.pages import AnswersPage
from app.booking.asked_page import asked_page
from app.booking.call_page import booking_page, calls_page, is_settled, page_status
from app.booking.feeds.standing import standing_file
from app.booking.forms import OutcomeForm, ReasonForm, problems_of
from app.booking.guests.values import AttendeeValue
from app.booking.handover.hand_over_page import hand_over_lines
from app.booking.handover.queries import open_for
from app.booking.history_lines import history_lines
from app.booking.in_words import presence_pill
from app.booking.offers.wish import OpenTime
from app.booking.outcomes.notes import Notes
from app.booking.pages import BookingPage
from app.booking.schedule_page import schedule_page
from app.booking.series.series_page import series_line
from app.booking.shared.views import Answer, blueprint, nearest, reader, writing
from app.booking.standins.service import count_undecided
from app.booking.values import CallValue
from app.booking.waiting import service as waiting
from app.booking.waiting.waiting_page import place_rows
from app.calendars.syncing.jobs_nudge import nudge
from app.customers import service as customers
from app.customers.errors import NoSpecialist, NotEntitled
from app.lib import clock
from app.lib.db import db
from app.lib.waiting import watch
from app.settings.values import Feature


def _call(booking_id: str) -> CallValue:
    return service.call_of(db.session(), signed_in_user(), booking_id)


@blueprint.get("/calls")
@may(Right.BOOK)
def calls() -> Answer:
    """The contact's calls."""
    now, user = clock.now(), signed_in_user()
    coming, past = (service.calls_of(db.session(), now, user, when=when) for when in ("coming", "past"))
    is_waiting = current_settings().offers(Feature.WAITING_LIST)
    places = waiting.places_of(db.session(), now, current_settings(), user.id, coming) if is_waiting else []
    rows = place_rows(places, reader())
    page = calls_page(coming, past, reader(), now)
    return render_template("booking/calls.html", page=page, waiting=rows)


@blueprint.get("/calls/<booking_id>")
@may(Right.SEE_CALLS)
def show(booking_id: str) -> Answer:
    """One call; right after a change the page waits up to two seconds for the calendar's answer."""
    if "new" in request.args:
        call = _settled(booking_id)
        people = _people(call)
        page = _page(call, people, is_new=True)
        return render_template("booking/booking.html", page=page, answers=_answers(call, people))
    return call_page(booking_id)


def call_page(booking_id: str, form: OutcomeForm | None = None, *, problem: str = "") -> str:
    """A call's page; with ``form`` as it was sent, to be put right, or why a proposed time cannot be had."""
    call = _call(booking_id)
    if signed_in_user().role == ADMINISTRATOR:
        record_view("viewed a call", "booking", call.public_id)
    people, notes = _people(call), service.notes_of(db.session(), call, signed_in_user())
    page = _page(call, people, notes=notes)
    if form is None:
        form = OutcomeForm(formdata=None, note=notes.shown, private_note=notes.private)
    shown = {"form": form, "problems": problems_of(form), "answers": _answers(call, people, problem)}
    return render_template("booking/booking.html", page=page, **shown)


@blueprint.get("/calls/<booking_id>/state")
@may(Right.SEE_CALLS)
def state(booking_id: str) -> Answer:
    """The part of a call's page that changes while the calendar is asked."""
    call = _call(booking_id)
    return render_template("booking/_state.html", page=_page(call, _people(call), is_new=True))


def _people(call: CallValue) -> Sequence[AttendeeValue]:
    return service.everybody(db.session(), call.id)


def _settled(booking_id: str) -> CallValue:
    """The call once the calendar has answered, or as it is after two seconds; each look is short."""

    def look() -> CallValue | None:
        db.session.rollback()
        call = _call(booking_id)
        return call if is_settled(call) else None

    return watch(look) or _call(booking_id)


def _page(
    call: CallValue, people: Sequence[AttendeeValue], *, is_new: bool = False, notes: Notes | None = None
) -> BookingPage:
    user, whose = signed_in_user(), reader()
    facts = history(db.session(), "booking", call.public_id)
    again = "" if user.is_staff else url_for("booking.week", call_type=call.call_type_slug)
    return booking_page(
        call,
        user,
        whose,
        clock.now(),
        is_new=is_new,
        again_url=again,
        near=[] if user.is_staff or page_status(call) != "clash" else _other_times(call),
        history=history_lines(facts, call, user, whose, {one.id: one.label for one in people}),
        series=series_line(call),
        notes=notes,
        has_seniors=(user.is_staff or current_settings().offers(Feature.SENIORS))
        and service.has_seniors(db.session()),
    )


def _answers(call: CallValue, people: Sequence[AttendeeValue], problem: str = "") -> AnswersPage:
    user = signed_in_user()
    proposed = service.proposals(db.session(), clock.now(), user, call.public_id) if user.is_staff else []
    return answers_page(people, proposed, user, reader(), problem)


def _other_times(call: CallValue) -> list[OpenTime]:
    try:
        return nearest(call.call_type_slug, call.start)
    except (NotEntitled, NoSpecialist, NotFound):
        return []


@blueprint.get("/calls/<booking_id>.ics")
@may(Right.SEE_CALLS)
def ics(booking_id: str) -> Answer:
    """The call as a file for any calendar program; nothing for one that does not stand (any more)."""
    call, public_url = _call(booking_id), current_settings().public_url
    file = standing_file(call, signed_in_user(), public_url=public_url)
    answer = FileResponse(file, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="call-{call.reference}.ics"'
    return answer


@blueprint.route("/calls/<booking_id>/cancel", methods=["GET", "POST"])
@may(Right.CHANGE_CALLS)
def cancel(booking_id: str) -> Answer:
    """The page that asks once more; sending it cancels the call."""
    call, form, user = _call(booking_id), ReasonForm(), signed_in_user()
    page = _page(call, _people(call))
    if not page.can_cancel and request.method == "GET":
        return redirect(url_for("booking.show", booking_id=booking_id), 303)
    if not form.validate_on_submit():
        form.ask(page.with_first_name)
        return render_template("booking/cancel.html", page=page, form=form), 422 if form.errors else 200
    reason = form.reason.data or ""
    writing(lambda s, now: service.cancel(s, now, current_settings(), user, booking_id, reason), booking_id)
    return redirect(url_for("booking.show", booking_id=booking_id), 303)


@blueprint.get("/schedule")
@may(Right.OWN_SCHEDULE)
def schedule() -> Answer:
    """The specialist's coming calls by day."""
    now, user, whose = clock.now(), signed_in_user(), reader()
    coming = service.calls_of(db.session(), now, user, when="coming")
    profile = customers.specialist_profile(db.session(), user.id)
    status = availability.calendar_state(db.session(), now, current_settings(), user.id)
    nudge(now, user.id, status.as_of)
    presence = availability.presence(db.session(), now, current_settings(), profile, whose.language)
    pills = calendar_pill(status, whose.zone), presence_pill(presence, whose, now)
    page = schedule_page(coming, whose, now, *pills)
    questions = service.questions(db.session(), now, current_settings(), user.id)
    asked = asked_page(questions, coming, whose, has_calendar=status.state != "no_calendar")
    proposals = proposal_lines(service.proposals(db.session(), now, user), whose)
    lines = hand_over_lines(open_for(db.session(), user.id), user, whose.language)
    told = {"asked": asked, "proposals": proposals, "hand_overs": lines}
    waiting_calls = count_undecided(db.session(), now, current_settings(), user.id)
    return render_template("availability/schedule.html", page=page, in_time_off=waiting_calls, **told)
