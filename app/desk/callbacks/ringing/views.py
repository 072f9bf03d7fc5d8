"""The queue of callbacks for our people: taking one, ringing, and what came of it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.booking.forms import problems_of
from app.booking.shared.views import reader
from app.desk.callbacks import queries, service
from app.desk.callbacks.errors import CallbackClosed, CallbackTaken
from app.desk.callbacks.pages import QueuePage
from app.desk.callbacks.ringing.forms import OutcomeForm
from app.desk.callbacks.ringing.queue import in_order, page_after
from app.desk.callbacks.ringing.queue_page import noted_words, queue_row, ring_page, taken_words
from app.desk.callbacks.values import Outcome
from app.desk.queries_hours import business_hours
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("ringing", __name__)

Answer = str | Response | tuple[str, int]


def show_queue(after: str, noted: str) -> str:
    """Whom to ring, in order; ``noted`` is the callback whose outcome was noted just now."""
    db.session.rollback()
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    hours, whose = business_hours(session, settings), reader()
    queue = in_order(queries.open_callbacks(session, now, settings, user), now)
    shown, key = page_after(queue, after)
    page = QueuePage(
        rows=tuple(queue_row(item, hours, user, whose, now) for item in shown),
        next_url=url_for("callbacks.index", after=key) if key else "",
        told=noted_words(queries.find(session, now, settings, user, noted)) if noted else "",
    )
    return render_template("desk/queue.html", page=page)


def show_ringing(callback_id: str, form: OutcomeForm | None = None, problem: str = "") -> str:
    """One callback: the number, what was tried, and what came of it. Raises NotFound."""
    db.session.rollback()
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    value = queries.find(session, now, settings, user, callback_id)
    (waiting,) = in_order([value], now)
    page = ring_page(waiting, business_hours(session, settings), user, reader(), now, problem)
    form = form or OutcomeForm(formdata=None)
    return render_template("desk/ring.html", page=page, form=form, problems=problems_of(form))


@blueprint.post("/callbacks/<callback_id>/take")
@may(Right.RUN_DESK)
def take(callback_id: str) -> Answer:
    """I ring: everybody else sees who."""
    user, now, settings = signed_in_user(), clock.now(), current_settings()
    shown = request.form.get("shown", "")
    try:
        write(db.session(), [], lambda s: service.take(s, now, settings, user, callback_id, shown))
    except CallbackTaken as error:
        return show_ringing(callback_id, problem=taken_words(error.name)), error.status
    except CallbackClosed:
        # Its page says what became of it.
        pass
    return redirect(url_for("callbacks.show", callback_id=callback_id), 303)


@blueprint.post("/callbacks/<callback_id>/outcome")
@may(Right.RUN_DESK)
def outcome(callback_id: str) -> Answer:
    """What came of ringing; then the queue again."""
    user, now, settings, form = signed_in_user(), clock.now(), current_settings(), OutcomeForm()
    if not form.validate():
        return show_ringing(callback_id, form), 422
    what, note = Outcome(form.outcome.data), form.note.data or ""
    try:
        write(
            db.session(),
            [],
            lambda s: service.note_outcome(s, now, settings, user, callback_id, what, note),
        )
    except CallbackTaken as error:
        return show_ringing(callback_id, problem=taken_words(error.name)), error.status
    except CallbackClosed:
        return redirect(url_for("callbacks.show", callback_id=callback_id), 303)
    return redirect(url_for("callbacks.index", noted=callback_id), 303)
