"""Series of calls by the API: the same services as the pages."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint

from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import SignedIn
from app.api import schemas_series as schemas
from app.api.answers import booking_item, near_item, person_item, plan_item
from app.api.guards import BodyParser, api_user, bearer, key_header
from app.api.problems import SeriesNotFree
from app.api.views import booking_request, idempotency_key, writing
from app.booking import service as booking
from app.booking.offers.wish import Wishes
from app.booking.series.errors import SeriesConflict, SeriesWithOthers
from app.booking.series.values import CallWithAnother, PlannedCall, Repeat, SeriesRequest, SeriesValue
from app.lib import clock, zones
from app.lib.db import db
from app.lib.rates import BOOKINGS, LISTINGS
from app.lib.waiting import watch
from app.lib.wording import rfc3339

blueprint = Blueprint("api_series", __name__, url_prefix="/api/v1", description="Series of calls")
blueprint.ARGUMENTS_PARSER = BodyParser()


@blueprint.post("/series")
@bearer(Right.BOOK)
@limited(BOOKINGS, api_user)
@blueprint.doc(parameters=[key_header(booking.SERIES_KEY_LIMIT)])
@blueprint.arguments(schemas.SeriesBody)
@blueprint.response(201, schemas.SeriesItem, content_type="application/json")
def book_series(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Book every call of a series or none; the answer waits up to two seconds for the calendar to confirm."""
    user, settings = api_user(), current_settings()
    call = booking_request(body, idempotency_key(booking.SERIES_KEY_LIMIT))
    choices = {name: body[name] for name in ("instead", "specialists")}
    wanted = SeriesRequest(call, _repeat(body, user), frozenset(body["skip"]), **choices)
    try:
        series = writing(
            lambda session, now: booking.book_series(session, now, settings, user.id, wanted),
            senior=call.senior,
        )
    except SeriesConflict as error:
        conflicts = [_conflict(call, error.wishes) for call in error.conflicts]
        raise SeriesNotFree(error.code, conflicts) from error
    except SeriesWithOthers as error:
        conflicts = [_with_another(item, error.wishes) for item in error.with_others]
        raise SeriesNotFree(error.code, conflicts) from error
    return _settled(series.public_id)


@blueprint.post("/series/plan")
@bearer(Right.SEE_TIMES)
@limited(LISTINGS, api_user)
@blueprint.arguments(schemas.PlanBody)
@blueprint.response(200, schemas.PlanItem, content_type="application/json")
def plan_series(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every call of a series with what speaks against it and free times near it; nothing is booked."""
    user, senior = api_user(), body["senior"]
    call = (body["call_type"], body["start"], _repeat(body, user), body["length"], senior)
    return plan_item(booking.plan_series(db.session(), clock.now(), current_settings(), user.id, *call))


def _repeat(body: Mapping[str, Any], user: SignedIn) -> Repeat:
    """How often; the last day is one of the contact's zone."""
    until = zones.day_interval(body["until"], user.time_zone).end if "until" in body else None
    return Repeat(body["weeks"], body.get("count"), until)


def _conflict(call: PlannedCall, wishes: Wishes) -> dict[str, Any]:
    return {
        "start": rfc3339(call.start),
        "reason": str(call.why),
        "alternatives": [near_item(time) for time in wishes.open_times(call.near)],
    }


def _with_another(item: CallWithAnother, wishes: Wishes) -> dict[str, Any]:
    return _conflict(item.call, wishes) | {"specialist": person_item(item.specialist)}


@blueprint.get("/series/<public_id>")
@bearer(Right.SEE_CALLS)
@blueprint.response(200, schemas.SeriesItem, content_type="application/json")
def one_series(public_id: str) -> Mapping[str, Any]:
    """A series and its bookings."""
    return _series_item(booking.series_of(db.session(), api_user(), public_id))


def _settled(public_id: str) -> Mapping[str, Any]:
    """The series once the calendar has answered for every call, or as it is after two seconds."""

    def look() -> SeriesValue | None:
        db.session.rollback()
        found = booking.series_of(db.session(), api_user(), public_id)
        return None if any(call.status == "pending" for call in found.calls) else found

    settled = watch(look)
    return _series_item(settled or booking.series_of(db.session(), api_user(), public_id))


def _series_item(series: SeriesValue) -> Mapping[str, Any]:
    settings = current_settings()
    people = booking.attendees_of(db.session(), [call.id for call in series.calls])
    return {
        "id": series.public_id,
        "weeks": series.weeks,
        "url": f"{settings.public_url}/series/{series.public_id}",
        "bookings": [booking_item(call, people[call.id], settings) for call in series.calls],
    }
