"""The chat of a contact, those of whom somebody serves, and what browsers ask for while one is open."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.booking.in_words import Reader
from app.desk.chat import queries, service
from app.desk.chat.forms import asked_number, said_in_form
from app.desk.chat.inbox_page import inbox_page
from app.desk.chat.live import is_known, tag_of
from app.desk.chat.values import Tip
from app.desk.chat.views_shown import chat_of, shown_page, shown_part
from app.desk.files.errors import FileRefused
from app.desk.files.guards import takes_files
from app.lib import clock
from app.lib.db import db, write
from app.lib.paging import Place
from app.lib.rates import CHAT_POLLS, MESSAGES
from app.lib.text import UncleanText
from app.words import error_words, refusal_words

blueprint = Blueprint("chat", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/chat")
@may(Right.ASK_DESK)
def chat() -> Answer:
    """The contact's own chat."""
    return shown_page(None)


@blueprint.post("/chat")
@may(Right.ASK_DESK)
@takes_files
@limited(MESSAGES)
def say() -> Answer:
    """The contact says something."""
    return _say(None)


@blueprint.get("/chat/messages")
@may(Right.ASK_DESK)
@limited(CHAT_POLLS)
def messages() -> Answer:
    """What is new in the contact's own chat; 304 when nothing is."""
    return _messages(None)


@blueprint.post("/chat/seen")
@may(Right.ASK_DESK)
@limited(CHAT_POLLS)
def seen() -> Answer:
    """The contact has read what was shown."""
    return _seen(None)


@blueprint.post("/chat/transcript")
@may(Right.ASK_DESK)
@limited(MESSAGES)
def transcript() -> Answer:
    """The contact is sent the conversation by mail."""
    return _transcript(None)


@blueprint.get("/chats")
@may(Right.RUN_DESK)
def inbox() -> Answer:
    """The chats of the companies that somebody serves."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    rows = queries.inbox(session, now, settings, user, place)
    if user.role == ADMINISTRATOR:
        record_view("viewed the chats", "conversation")
    reader = Reader(locale_of(), user.time_zone, settings.service_time_zone)
    page = inbox_page(
        rows,
        reader,
        now,
        lambda number: url_for("chat.chat_of_contact", chat_id=number),
        lambda **place: url_for("chat.inbox", **place),
    )
    return render_template("desk/chats.html", page=page)


@blueprint.get("/chats/<chat_id>")
@may(Right.RUN_DESK)
def chat_of_contact(chat_id: str) -> Answer:
    """A chat as our side sees it."""
    tip = queries.tip_of(db.session(), chat_id)
    if tip is not None and tip.is_request:
        # Nobody else learns that there is one.
        chat_of(chat_id)
        return redirect(url_for("requests.show", conversation_id=chat_id), 303)
    page = shown_page(chat_id)
    _record(chat_id)
    return page


@blueprint.post("/chats/<chat_id>")
@may(Right.WRITE_DESK)
@takes_files
@limited(MESSAGES)
def answer(chat_id: str) -> Answer:
    """One of ours says something."""
    return _say(chat_id)


@blueprint.get("/chats/<chat_id>/messages")
@may(Right.RUN_DESK)
@limited(CHAT_POLLS)
def messages_of_contact(chat_id: str) -> Answer:
    """What is new in a chat; 304 when nothing is."""
    return _messages(chat_id)


@blueprint.post("/chats/<chat_id>/seen")
@may(Right.RUN_DESK)
@limited(CHAT_POLLS)
def seen_by_staff(chat_id: str) -> Answer:
    """One of ours has read what was shown."""
    return _seen(chat_id)


@blueprint.post("/chats/<chat_id>/transcript")
@may(Right.RUN_DESK)
@limited(MESSAGES)
def transcript_for_staff(chat_id: str) -> Answer:
    """One of ours is sent a conversation by mail."""
    return _transcript(chat_id)


def _messages(chat_id: str | None) -> Response:
    """Where nothing is new: one query beside the session's. All else is looked at once a minute."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    after = asked_number(request.args.get("after", ""))
    tip = queries.own_tip(session, user.id) if chat_id is None else queries.tip_of(session, chat_id)
    tag = tag_of(settings.secret_key, now, user.id, tip)
    # A proxy that compresses makes it a weak one (RFC 9110, 13.1.2 compares them alike).
    if is_known(request.if_none_match.as_set(include_weak=True), tag, after, tip):
        response = Response(status=304)
        response.set_etag(tag)
        return response
    if tip is not None and tip.is_request:
        raise NotFound("a request by now")
    part = _part(chat_id, after)
    _record(chat_id)
    return part


def _part(chat_id: str | None, after: int) -> Response:
    """The messages above a number as a fragment, tagged as far as they go."""
    now, settings, user = clock.now(), current_settings(), signed_in_user()
    conversation_id, part = shown_part(chat_id, after, request.values.get("of", ""))
    tip = None if conversation_id is None else Tip(conversation_id, part.last)
    response = Response(render_template("desk/_chat_part.html", part=part), mimetype="text/html")
    response.set_etag(tag_of(settings.secret_key, now, user.id, tip))
    return response


def _say(chat_id: str | None) -> Answer:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    is_fragment = "X-Fragment" in request.headers
    try:
        said = said_in_form()
        if chat_id is None:
            write(session, [], lambda s: service.say_as_contact(s, now, settings, user, said))
        else:
            write(session, [], lambda s: service.say_as_staff(s, now, settings, user, chat_id, said))
    except (UncleanText, FileRefused) as error:
        problem = refusal_words(error.reason) or error_words(error.code)[1]
        if isinstance(error, FileRefused) and error.name:
            problem = f"{error.name}: {problem}"
        if is_fragment:
            return Response(problem, 422, mimetype="text/plain")
        return shown_page(chat_id, problem), 422
    if is_fragment:
        return _part(chat_id, asked_number(request.form.get("after", "")))
    return redirect(_address(chat_id), 303)


def _seen(chat_id: str | None) -> Answer:
    session, user, found = db.session(), signed_in_user(), chat_of(chat_id)
    number = asked_number(request.form.get("number", ""))
    if found is not None:
        write(session, [], lambda s: service.see(s, found, user, number))
    return Response(status=204) if "X-Fragment" in request.headers else redirect(_address(chat_id), 303)


def _transcript(chat_id: str | None) -> Answer:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    found, only_today = chat_of(chat_id), request.form.get("span") != "all"
    if found is None:
        return redirect(_address(chat_id), 303)
    write(
        session,
        [],
        lambda s: service.send_transcript(s, now, settings, user, found, only_today=only_today),
    )
    _record(chat_id)
    return redirect(_address(chat_id, sent="1"), 303)


def _record(chat_id: str | None) -> None:
    """Administrators' looks at what customers say are written down."""
    if chat_id is not None and signed_in_user().role == ADMINISTRATOR:
        record_view("viewed a chat", "conversation", chat_id)


def _address(chat_id: str | None, **query: str) -> str:
    values: dict[str, Any] = dict(query)
    if chat_id is None:
        return url_for("chat.chat", **values)
    return url_for("chat.chat_of_contact", chat_id=chat_id, **values)
