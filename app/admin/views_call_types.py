"""Call types: the list, one to edit or to add, and what is different for single specialists."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.admin.call_types_page import call_type_page, call_type_rows, change_page
from app.admin.views_blueprint import blueprint
from app.availability.pages import Problem
from app.booking import service as booking
from app.booking.call_types.edited import read_call_type, read_change, typed_call_type, typed_new, typed_rules
from app.booking.errors import LastCallType
from app.booking.values import CallTypeValue
from app.customers import service as customers
from app.customers.profiles import SpecialistProfile
from app.lib import clock
from app.lib.db import db, write
from app.words import error_words

Answer = str | Response | tuple[str, int]
T = TypeVar("T")


def _writing(work: Callable[[Session, datetime], T]) -> T:
    now = clock.now()
    return write(db.session(), [], lambda session: work(session, now))


def _typed() -> dict[str, str]:
    """The form as it was sent; the ways that are ticked in one text."""
    return {**request.form.to_dict(), "ways": " ".join(request.form.getlist("ways"))}


def _call_type(slug: str) -> CallTypeValue:
    return booking.call_type(db.session(), slug, even_inactive=True)


@blueprint.get("/call-types")
@may(Right.KEEP_CALL_TYPES)
def call_types() -> Answer:
    """All call types, those that are not offered too."""
    rows = call_type_rows(booking.call_types(db.session(), even_inactive=True), locale_of())
    return render_template("admin/call_types.html", rows=rows)


@blueprint.get("/call-types/new")
@may(Right.KEEP_CALL_TYPES)
def new_call_type() -> Answer:
    """The form of a call type that does not exist yet."""
    return render_template("admin/call_type.html", page=call_type_page(typed_new(locale_of()), locale_of()))


@blueprint.post("/call-types/new")
@may(Right.KEEP_CALL_TYPES)
def add_call_type() -> Answer:
    """Add a call type."""
    typed, actor = _typed(), signed_in_user()
    edited = read_call_type(typed)
    if edited.faults:
        page = call_type_page(typed, locale_of(), faults=edited.faults)
        return render_template("admin/call_type.html", page=page), 422
    slug = _writing(lambda s, now: booking.make_call_type(s, now, actor, edited.values))
    return redirect(url_for("admin.edit_call_type", slug=slug, saved=1), 303)


@blueprint.get("/call-types/<slug>")
@may(Right.KEEP_CALL_TYPES)
def edit_call_type(slug: str) -> Answer:
    """The form of a call type as it is."""
    call_type = _call_type(slug)
    page = call_type_page(
        typed_call_type(call_type, locale_of()),
        locale_of(),
        call_type=call_type,
        people=customers.specialists(db.session()),
        is_saved="saved" in request.args,
    )
    return render_template("admin/call_type.html", page=page)


@blueprint.post("/call-types/<slug>")
@may(Right.KEEP_CALL_TYPES)
def save_call_type(slug: str) -> Answer:
    """Change a call type; calls that are booked keep their rules."""
    typed, actor = _typed(), signed_in_user()
    problems: tuple[Problem, ...] = ()
    edited = read_call_type(typed)
    if not edited.faults:
        try:
            _writing(lambda s, now: booking.change_call_type(s, now, actor, slug, edited.values))
            return redirect(url_for("admin.edit_call_type", slug=slug, saved=1), 303)
        except LastCallType as error:
            problems = (Problem("is_active", " ".join(f"{text}." for text in error_words(error.code))),)
    page = call_type_page(
        typed,
        locale_of(),
        call_type=_call_type(slug),
        people=customers.specialists(db.session()),
        faults=edited.faults,
        problems=problems,
    )
    return render_template("admin/call_type.html", page=page), 422


@blueprint.get("/call-types/<slug>/specialists/<public_id>")
@may(Right.KEEP_CALL_TYPES)
def edit_change(slug: str, public_id: str) -> Answer:
    """What is different when this specialist takes such a call."""
    call_type, person = _call_type(slug), _person(public_id)
    typed = typed_rules(call_type.changes.get(person.user_id, {}), locale_of())
    is_saved = "saved" in request.args
    page = change_page(typed, locale_of(), call_type=call_type, person=person, is_saved=is_saved)
    return render_template("admin/call_type_change.html", page=page)


@blueprint.post("/call-types/<slug>/specialists/<public_id>")
@may(Right.KEEP_CALL_TYPES)
def save_change(slug: str, public_id: str) -> Answer:
    """Keep what is different; empty fields are as the call type says."""
    call_type, person, actor = _call_type(slug), _person(public_id), signed_in_user()
    typed = _typed()
    edited = read_change(typed)
    if edited.faults:
        page = change_page(typed, locale_of(), call_type=call_type, person=person, faults=edited.faults)
        return render_template("admin/call_type_change.html", page=page), 422
    whose = (person.user_id, person.name)
    _writing(lambda s, now: booking.change_for_specialist(s, now, actor, slug, whose, edited.values))
    return redirect(url_for("admin.edit_change", slug=slug, public_id=public_id, saved=1), 303)


def _person(public_id: str) -> SpecialistProfile:
    for person in customers.specialists(db.session()):
        if person.public_id == public_id:
            return person
    raise NotFound(f"no specialist {public_id!r}")
