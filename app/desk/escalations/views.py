"""Level 2: the list, one escalation with what can be done, and the form that brings a senior in."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR, CONTACT, SENIOR, SignedIn
from app.booking.forms import text_words
from app.config import Settings
from app.customers import service as customers
from app.desk import queries as desk
from app.desk.escalations import queries, queries_on_call, service
from app.desk.escalations.errors import AlreadyTaken, EscalationOver
from app.desk.escalations.escalation_page import (
    MINE,
    OPEN,
    OVER,
    escalation_page,
    escalations_page,
    taken_words,
)
from app.desk.escalations.pages import AskPage
from app.desk.escalations.values import Cause, EscalationValue
from app.desk.escalations.views_shared import conversation_path, reader
from app.desk.values import ConversationValue
from app.lib import clock
from app.lib.db import db, write
from app.lib.paging import PAGE_SIZE, number_of
from app.lib.rates import MESSAGES
from app.lib.text import UncleanText

blueprint = Blueprint("escalations", __name__)

Answer = str | Response | tuple[str, int]
_Verb = Callable[[Session, datetime, Settings, SignedIn, str], EscalationValue]


@blueprint.get("/escalations")
@may(Right.RUN_DESK)
def escalations() -> Answer:
    """Those for a senior, all that are open, or what is over."""
    session, now, user, settings = db.session(), clock.now(), signed_in_user(), current_settings()
    if user.role == ADMINISTRATOR:
        record_view("viewed level 2", "escalation")
    seen = queries.visible_to(session, now, settings, user)
    chosen = {MINE: queries.is_for(user.id), OPEN: queries.is_open(), OVER: ~queries.is_open()}
    usual = MINE if user.role == SENIOR else OPEN
    show = request.args.get("show", usual)
    show = show if show in chosen else usual
    before = number_of(request.args.get("before", ""))
    found = queries.escalations(session, chosen[show], seen, before=before, most=PAGE_SIZE + 1)
    kept, has_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    page = escalations_page(
        kept,
        user,
        reader(),
        now,
        show,
        queries.counts(session, {MINE: chosen[MINE], OPEN: chosen[OPEN]}, seen),
        older=url_for("escalations.escalations", show=show, before=kept[-1].id) if has_more else "",
        mondays=queries_on_call.mondays_of(session, user.id, queries.monday_of(now, settings)),
    )
    return render_template("desk/escalations.html", page=page)


@blueprint.get("/escalations/<escalation_id>")
@may(Right.RUN_DESK)
def show(escalation_id: str) -> Answer:
    """One escalation."""
    if signed_in_user().role == ADMINISTRATOR:
        record_view("viewed an escalation", "escalation", escalation_id)
    return _page(escalation_id)


@blueprint.post("/escalations/<escalation_id>/take")
@may(Right.ANSWER_ESCALATIONS)
@limited(MESSAGES)
def take(escalation_id: str) -> Answer:
    """A senior takes it; the second is told who has it."""
    try:
        found = _written(service.take, escalation_id)
    except (AlreadyTaken, EscalationOver) as error:
        db.session.rollback()
        return _page(escalation_id, is_late=True), error.status
    return redirect(conversation_path(found), 303)


@blueprint.post("/escalations/<escalation_id>/decline")
@may(Right.ANSWER_ESCALATIONS)
@limited(MESSAGES)
def decline(escalation_id: str) -> Answer:
    """A senior cannot take it."""
    _written(service.decline, escalation_id)
    return redirect(url_for("escalations.show", escalation_id=escalation_id), 303)


@blueprint.post("/escalations/<escalation_id>/end")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def end(escalation_id: str) -> Answer:
    """No senior is wanted any more."""
    _written(service.end, escalation_id)
    return redirect(url_for("escalations.show", escalation_id=escalation_id), 303)


@blueprint.get("/conversations/<conversation_id>/senior")
@may(Right.WRITE_DESK)
def ask(conversation_id: str) -> Answer:
    """The form that brings a senior in."""
    _require_option()
    return _form(_conversation(conversation_id))


@blueprint.post("/conversations/<conversation_id>/senior")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def bring(conversation_id: str) -> Answer:
    """Bring a senior in: a customer perhaps with a sentence, our people with a note."""
    _require_option()
    user, settings, now = signed_in_user(), current_settings(), clock.now()
    conversation, note = _conversation(conversation_id), request.form.get("note", "")
    cause = Cause.SPECIALIST if user.is_staff else Cause.CUSTOMER
    try:
        write(
            db.session(),
            [],
            lambda s: service.escalate(s, now, settings, conversation.id, cause, user, note),
        )
    except UncleanText as error:
        return _form(conversation, note, text_words(error)), 422
    return redirect(conversation_path(conversation), 303)


def _require_option() -> None:
    """Contacts ask while their company has the option; raises NotEntitled."""
    session, now, user, settings = db.session(), clock.now(), signed_in_user(), current_settings()
    if user.role == CONTACT:
        customers.require_entitled(customers.contact_profile(session, user.id), now, settings)


def _written(verb: _Verb, escalation_id: str) -> EscalationValue:
    user, settings, now = signed_in_user(), current_settings(), clock.now()
    return write(db.session(), [], lambda s: verb(s, now, settings, user, escalation_id))


def _conversation(conversation_id: str) -> ConversationValue:
    user, settings = signed_in_user(), current_settings()
    return desk.find(db.session(), clock.now(), settings, user, conversation_id)


def _page(escalation_id: str, *, is_late: bool = False) -> str:
    session, now, user = db.session(), clock.now(), signed_in_user()
    found = queries.find(session, now, current_settings(), user, escalation_id)
    whose = reader()
    page = escalation_page(
        found,
        user,
        whose,
        now,
        conversation_url=_conversation_url(found),
        problem=taken_words(found, whose, now) if is_late else "",
    )
    return render_template("desk/escalation.html", page=page)


def _conversation_url(found: EscalationValue) -> str:
    """Empty for a senior who was asked, when it is over."""
    try:
        _conversation(found.conversation_public_id)
    except NotFound:
        return ""
    return conversation_path(found)


def _form(conversation: ConversationValue, text: str = "", problem: str = "") -> str:
    found = queries.of_conversation(db.session(), conversation.id)
    page = AskPage(
        conversation_id=conversation.public_id,
        needs_note=signed_in_user().is_staff,
        is_wanted_already=found is not None and found.ended_at is None,
        back_url=conversation_path(conversation),
        text=text,
        problem=problem,
    )
    return render_template("desk/ask_senior.html", page=page)
