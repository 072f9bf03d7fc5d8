"""What the pages of requests have in common: who reads, and one request's page in any state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, record_view, signed_in_user
from app.accounts.values import ADMINISTRATOR, SPECIALIST
from app.availability.pages import Problem
from app.booking.forms import problems_of
from app.booking.in_words import Reader
from app.customers.roster import Served
from app.desk import queries as desk
from app.desk.calls.views import calls_of
from app.desk.files.errors import FileRefused
from app.desk.files.forms import uploaded
from app.desk.models import Conversation
from app.desk.requests.forms import AnswerForm, NoteForm, SeverityForm
from app.desk.requests.queries_list import Listed, listed, owners
from app.desk.requests.request_page import request_page, severities_for, state_line
from app.desk.values import NewFile
from app.lib import clock
from app.lib.db import db, write
from app.lib.wording import local_date
from app.words import refusal_words

blueprint = Blueprint("requests", __name__)

Answer = str | Response | tuple[str, int]
T = TypeVar("T")

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of the page as it was sent, with what is wrong."""

    answer: AnswerForm | None = None
    note: NoteForm | None = None
    severity: SeverityForm | None = None
    file_problem: str = ""
    refused: str = ""


def reader() -> Reader:
    """Who reads the page."""
    user = signed_in_user()
    return Reader(locale_of(), user.time_zone, current_settings().service_time_zone)


def writing(work: Callable[[Session, datetime], T]) -> T:
    """Do ``work(session, now)`` in one write transaction."""
    now = clock.now()
    return write(db.session(), [], lambda s: work(s, now))


def file_url(file_id: str) -> str:
    """Where a file is downloaded."""
    return url_for("files.download", file_id=file_id)


def sent_files() -> tuple[tuple[NewFile, ...], str]:
    """The files of the form, or why they cannot be taken."""
    try:
        return uploaded(request.files.getlist("files")), ""
    except FileRefused as error:
        named = f"{error.name}: " if error.name else ""
        return (), f"{named}{refusal_words(error.reason)}"


def find(conversation_id: str) -> Listed:
    """The request that is asked for; raises NotFound when there is none, or it is somebody else's."""
    session, now, settings = db.session(), clock.now(), current_settings()
    if conversation_id.isprintable():
        seen = desk.visible_to(session, now, settings, signed_in_user())
        found = listed(session, Conversation.public_id == conversation_id, seen)
        if found is not None:
            return found
    raise NotFound(f"no request {conversation_id!r}")


def show_request(conversation_id: str, sent: Sent | None = None) -> str:
    """A request's page; with ``sent`` one of its forms as it was sent, to be put right."""
    found, user, sent = find(conversation_id), signed_in_user(), sent or Sent()
    if user.role == ADMINISTRATOR:
        record_view("viewed a request", "conversation", conversation_id)
    now, whose, value = clock.now(), reader(), found.request
    most = None if "all" in request.args else _SHOWN
    messages = desk.messages(db.session(), value.conversation.id, for_staff=user.is_staff, most=most)
    state = state_line(value, found.policy, user, now, whose)
    page = request_page(value, state, messages, _served(found), user, now, whose, file_url)
    severity = sent.severity or SeverityForm(formdata=None)
    severity.severity.choices = [(str(item.number), item.name) for item in page.severities]
    return render_template(
        "desk/request.html",
        page=page,
        answer=sent.answer or AnswerForm(formdata=None),
        note=sent.note or NoteForm(formdata=None),
        severity=severity,
        calls=calls_of(value.conversation),
        problems=_problems(sent),
        file_problem=sent.file_problem,
        refused=sent.refused,
    )


def severity_choices(found: Listed) -> list[tuple[str, str]]:
    """What whoever is signed in may change the severity to, as a form takes it."""
    return [(str(number), str(number)) for number in severities_for(found.request, signed_in_user())]


def _problems(sent: Sent) -> tuple[Problem, ...]:
    forms = [form for form in (sent.answer, sent.note, sent.severity) if form is not None]
    files = (Problem("files", sent.file_problem),) if sent.file_problem else ()
    return (*(problem for form in forms for problem in problems_of(form)), *files)


def _served(found: Listed) -> Served | None:
    """Who answers, for everybody but the one who most likely does."""
    if signed_in_user().role == SPECIALIST:
        return None
    today = local_date(clock.now(), current_settings().service_time_zone)
    company = found.request.conversation.company_id
    return owners(db.session(), today, {company}).get(company)
