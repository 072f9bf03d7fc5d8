"""The JSON API, version 1: the same services as the pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_babel import get_locale
from flask_smorest import Api
from flask_smorest.blueprint import Blueprint
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.api import schemas
from app.api.answers import booking_item, call_type_item, me_item, near_item, slot_list
from app.api.guards import BodyParser, api_user, bearer, key_header
from app.api.problems import BadRequest, NotFree
from app.availability.errors import SlotTaken
from app.booking import service as booking
from app.booking.errors import AlreadyYours
from app.booking.feeds.standing import standing_file
from app.booking.rules import effective
from app.booking.shared.views import nudge_all, write_for
from app.booking.values import BookingRequest, CallTypeValue, CallValue
from app.customers import service as customers
from app.customers.entitlement import is_entitled
from app.customers.errors import NoSpecialist
from app.lib import clock, zones
from app.lib.db import db
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.rates import BOOKINGS, LISTINGS
from app.lib.waiting import watch


class ProblemApi(Api):
    """The OpenAPI document; errors are problem documents (RFC 9457), made by app/errors.py alone."""

    ERROR_SCHEMA = schemas.Problem  # type: ignore[assignment]
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"

    def _register_error_handlers(self) -> None:
        """Leave errors to the application's own handlers."""


TOKEN_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API token with at least the scope that stands at the operation: read, book (which "
    "includes read) or admin (which includes both). Its owner's rights decide besides.",
}
blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="Calls with a dedicated specialist")
blueprint.ARGUMENTS_PARSER = BodyParser()
T = TypeVar("T")


def writing(work: Callable[[Session, datetime], T], call: str = "", senior: str = "") -> T:
    """Do ``work(session, now)`` in one write transaction; ``call`` is a booking that it is about.

    ``senior`` is who is to be brought in (see BookingRequest).
    """
    return write_for(api_user(), work, call, senior)


@blueprint.get("/me")
@bearer(Right.OWN_ACCOUNT)
@blueprint.response(200, schemas.Me, content_type="application/json")
def me() -> Mapping[str, Any]:
    """Who the token belongs to."""
    session, user = db.session(), api_user()
    if user.role != "contact":
        return me_item(user)
    today = zones.local(clock.now(), current_settings().service_time_zone).date()
    contact = customers.contact_profile(session, user.id)
    entitled = is_entitled(contact.option, today)
    try:
        served = customers.serving(session, contact.company_id, today) if entitled else None
    except NoSpecialist:
        served = None
    return me_item(user, contact, served, entitled)


@blueprint.get("/call-types")
@bearer(Right.SEE_CALLS)
@blueprint.response(200, schemas.CallTypes, content_type="application/json")
def call_types() -> Mapping[str, Any]:
    """The kinds of call that can be booked."""
    session, language = db.session(), str(get_locale() or "en")
    types = booking.call_types(session)
    if api_user().role == "contact":
        types = _as_served(types)
    return {"call_types": [call_type_item(item, language) for item in types]}


def _as_served(types: Sequence[CallTypeValue]) -> list[CallTypeValue]:
    """The call types as they are with whoever serves the contact; as they are at all when nobody does."""
    contact = customers.contact_profile(db.session(), api_user().id)
    today = zones.local(clock.now(), current_settings().service_time_zone).date()
    try:
        specialist = customers.serving(db.session(), contact.company_id, today).person
    except NoSpecialist:
        return list(types)
    return [effective(item, specialist.user_id) for item in types]


@blueprint.get("/slots")
@bearer(Right.SEE_TIMES)
@limited(LISTINGS, api_user)
@blueprint.arguments(schemas.SlotQuery, location="query")
@blueprint.response(200, schemas.SlotList, content_type="application/json")
def slots(query: Mapping[str, Any]) -> Any:
    """The open slots of a call type, ``from`` ≤ start < ``to``."""
    session, now, settings = db.session(), clock.now(), current_settings()
    contact = customers.contact_profile(session, api_user().id)
    call_type = booking.call_type(session, query["call_type"])
    span = Interval(query["from_"], query["to"])
    wanted = {"length": query["length"], "senior": query["senior"]}
    found = booking.open_times(session, now, settings, contact, call_type, span, **wanted)
    nudge_all(now, found)
    # Thousands of slots are listed as they are: a schema that walks them would cost more than finding them.
    return current_app.json.response(slot_list(found, call_type, settings))


@blueprint.get("/bookings")
@bearer(Right.SEE_CALLS)
@blueprint.arguments(schemas.BookingQuery, location="query")
@blueprint.response(200, schemas.BookingList, content_type="application/json")
def bookings(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """The bookings of the token's owner: those to come first, then the past ones, newest first."""
    session, now, user = db.session(), clock.now(), api_user()
    wanted = ("coming", "past") if query["when"] == "all" else (query["when"],)
    found = [call for when in wanted for call in booking.calls_of(session, now, user, when=when)]
    people = booking.attendees_of(session, [call.id for call in found])
    return {"bookings": [booking_item(call, people[call.id], current_settings()) for call in found]}


@blueprint.get("/bookings/<public_id>")
@bearer(Right.SEE_CALLS)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def one_booking(public_id: str) -> Mapping[str, Any]:
    """One booking."""
    return item(booking.call_of(db.session(), api_user(), public_id))


@blueprint.get("/bookings/<public_id>.ics")
@bearer(Right.SEE_CALLS)
@blueprint.response(200, {"type": "string"}, content_type="text/calendar")
def booking_file(public_id: str) -> Response:
    """One booking as an iCalendar file (RFC 5545), once it is confirmed and until it is called off."""
    user, public_url = api_user(), current_settings().public_url
    file = standing_file(booking.call_of(db.session(), user, public_id), user, public_url=public_url)
    return Response(file, content_type="text/calendar; charset=utf-8")


@blueprint.post("/bookings")
@bearer(Right.BOOK)
@limited(BOOKINGS, api_user)
@blueprint.doc(parameters=[key_header(200)])
@blueprint.arguments(schemas.BookingRequestBody)
@blueprint.response(201, schemas.BookingItem, content_type="application/json")
def book(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Book a slot; the answer waits up to two seconds for the calendar to confirm."""
    wanted = booking_request(body, idempotency_key(200))
    user, settings = api_user(), current_settings()
    try:
        call = writing(
            lambda session, now: booking.book(session, now, settings, user.id, wanted), senior=wanted.senior
        )
    except (SlotTaken, AlreadyYours) as error:
        raise _not_free(error, wanted) from error
    return _settled(call.public_id)


def idempotency_key(most: int) -> str:
    """The key of this request; raises BadRequest without one, or when it is longer."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= most:
        raise BadRequest(f"Idempotency-Key: send a header with 1 to {most} characters, new for each booking.")
    return key


def booking_request(body: Mapping[str, Any], key: str) -> BookingRequest:
    """The call that a body asks for."""
    return BookingRequest(
        slug=body["call_type"],
        start=body["start"],
        topic=body["topic"],
        way=body["way"],
        phone=body["phone"],
        key=key,
        length=body["length"],
        answers=body["answers"],
        senior=body["senior"],
        specialist=body["specialist"],
        client_address=api_user().client_address,
    )


@blueprint.post("/bookings/<public_id>/reschedule")
@bearer(Right.CHANGE_CALLS)
@limited(BOOKINGS, api_user)
@blueprint.arguments(schemas.RescheduleBody)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def reschedule(body: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """Move a booking; the old time stays taken until the calendar has the new one."""
    user, settings, senior = api_user(), current_settings(), body["senior"]
    asked = (public_id, body["start"], body["reason"], senior, body["specialist"])
    try:
        writing(
            lambda session, now: booking.reschedule(session, now, settings, user, *asked), public_id, senior
        )
    except SlotTaken as error:
        raise NotFree(error.code, times_to_move(public_id, body["start"], senior)) from error
    return _settled(public_id)


def times_to_move(public_id: str, near: datetime, senior: str) -> list[Mapping[str, Any]]:
    """The times nearest to one that a booking can be moved to; with ``senior`` those of both."""
    session, now, user = db.session(), clock.now(), api_user()
    call = booking.call_of(session, user, public_id)
    found = booking.alternatives_to_move(session, now, current_settings(), user, call, near, senior)
    return [near_item(time) for time in found]


@blueprint.post("/bookings/<public_id>/cancel")
@bearer(Right.CHANGE_CALLS)
@blueprint.arguments(schemas.CancelBody, required=False)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def cancel(body: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """Cancel a booking; repeated, it answers the same."""
    user, settings = api_user(), current_settings()
    call = writing(
        lambda session, now: booking.cancel(session, now, settings, user, public_id, body.get("reason", "")),
        public_id,
    )
    return item(call)


def item(call: CallValue) -> Mapping[str, Any]:
    """A booking with its attendees, as it is answered."""
    return booking_item(call, booking.attendees(db.session(), call.id), current_settings())


def _settled(public_id: str) -> Mapping[str, Any]:
    """The booking once the calendar has answered, or as it is after two seconds."""

    def look() -> CallValue | None:
        db.session.rollback()
        call = booking.call_of(db.session(), api_user(), public_id)
        return None if call.status == "pending" or call.move else call

    return item(watch(look) or booking.call_of(db.session(), api_user(), public_id))


def _not_free(error: DomainError, wanted: BookingRequest) -> NotFree:
    session, now, settings = db.session(), clock.now(), current_settings()
    contact = customers.contact_profile(session, api_user().id)
    call_type = booking.call_type(session, wanted.slug)
    wishes = booking.wishes_for(session, now, settings, contact, call_type, wanted.length, wanted.senior)
    found = booking.alternatives_among(session, now, settings, wishes, wanted.start)
    return NotFree(error.code, [near_item(time) for time in found])
