"""What is done to a request: answers, notes, another severity, waiting, solved, open again."""

from collections.abc import Callable
from datetime import datetime

from flask import redirect, url_for
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import SignedIn
from app.config import Settings
from app.desk.files.guards import takes_files
from app.desk.requests import service
from app.desk.requests.errors import CannotChange
from app.desk.requests.forms import AnswerForm, NoteForm, SeverityForm
from app.desk.requests.values import RequestValue
from app.desk.requests.views_shared import (
    Answer,
    Sent,
    blueprint,
    find,
    sent_files,
    severity_choices,
    show_request,
    writing,
)
from app.desk.service import write_message
from app.desk.values import Channel, Side, Written
from app.lib.db import db
from app.lib.rates import MESSAGES
from app.words import error_words

_Change = Callable[[Session, datetime, Settings, SignedIn, int], RequestValue]


@blueprint.post("/requests/<conversation_id>/messages")
@may(Right.WRITE_DESK)
@takes_files
@limited(MESSAGES)
def answer(conversation_id: str) -> Answer:
    """A message; of ours perhaps the next step, or with it we wait for the customer."""
    find(conversation_id)
    user = signed_in_user()
    files, file_problem = sent_files()
    form = AnswerForm(has_files=bool(files))
    if not form.validate() or file_problem:
        return show_request(conversation_id, Sent(answer=form, file_problem=file_problem)), 422
    written = Written(
        side=Side.STAFF if user.is_staff else Side.CUSTOMER,
        channel=Channel.PAGE,
        text=form.text.data or "",
        key=form.message_key,
        author_id=user.id,
        author_name=user.name,
        files=files,
        is_next_step=user.is_staff and bool(form.is_next_step.data),
        waits=user.is_staff and bool(form.waits.data),
    )
    return _written(conversation_id, written)


@blueprint.post("/requests/<conversation_id>/notes")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def note(conversation_id: str) -> Answer:
    """A note that customers never see."""
    find(conversation_id)
    user, form = signed_in_user(), NoteForm()
    if not form.validate():
        return show_request(conversation_id, Sent(note=form)), 422
    written = Written(
        side=Side.STAFF,
        channel=Channel.PAGE,
        text=form.note.data or "",
        key=form.message_key,
        author_id=user.id,
        author_name=user.name,
        is_internal=True,
    )
    return _written(conversation_id, written)


@blueprint.post("/requests/<conversation_id>/severity")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def severity(conversation_id: str) -> Answer:
    """Another severity, with the reason; customers say that it is worse."""
    found, user, settings = find(conversation_id), signed_in_user(), current_settings()
    form = SeverityForm()
    form.severity.choices = severity_choices(found)
    if not form.validate():
        return show_request(conversation_id, Sent(severity=form)), 422
    number, chosen = found.request.conversation.id, int(form.severity.data)
    reason = form.reason.data or ""
    try:
        writing(lambda s, now: service.change_severity(s, now, settings, user, number, chosen, reason))
    except CannotChange as error:
        db.session.rollback()
        sent = Sent(severity=form, refused=error_words(error.code)[0])
        return show_request(conversation_id, sent), error.status
    return _to(conversation_id)


@blueprint.post("/requests/<conversation_id>/solved")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def solve(conversation_id: str) -> Answer:
    """This is solved, says either side."""
    return _changed(conversation_id, service.solve)


@blueprint.post("/requests/<conversation_id>/open")
@may(Right.WRITE_DESK)
@limited(MESSAGES)
def reopen(conversation_id: str) -> Answer:
    """It is not solved after all."""
    return _changed(conversation_id, service.reopen)


@blueprint.post("/requests/<conversation_id>/waiting")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def wait(conversation_id: str) -> Answer:
    """We wait for the customer from now on."""
    return _changed(conversation_id, service.wait_for_customer)


@blueprint.post("/requests/<conversation_id>/working")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def go_on(conversation_id: str) -> Answer:
    """We wait no more."""
    return _changed(conversation_id, service.go_on)


def _changed(conversation_id: str, change: _Change) -> Answer:
    found, user, settings = find(conversation_id), signed_in_user(), current_settings()
    number = found.request.conversation.id
    try:
        writing(lambda s, now: change(s, now, settings, user, number))
    except CannotChange as error:
        db.session.rollback()
        return show_request(conversation_id, Sent(refused=error_words(error.code)[0])), error.status
    return _to(conversation_id)


def _written(conversation_id: str, written: Written) -> Answer:
    settings, number = current_settings(), find(conversation_id).request.conversation.id
    message = writing(lambda s, now: write_message(s, now, settings, number, written))
    return _to(conversation_id, f"m-{message.number}")


def _to(conversation_id: str, anchor: str | None = None) -> Answer:
    return redirect(url_for("requests.show", conversation_id=conversation_id, _anchor=anchor), 303)
