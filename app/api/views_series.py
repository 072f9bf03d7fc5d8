"""Series of calls by the API: the same services as the pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_smorest.blueprint import Blueprint

from app.accounts.guards import current_settings
from app.api import schemas_series as schemas
from app.api.answers import booking_item, span_item
from app.api.guards import BodyParser, api_user, bearer, key_header
from app.api.problems import SeriesNotFree
from app.api.views import booking_request, idempotency_key, writing
from app.booking import service as booking
from app.booking.series.errors import SeriesConflict
from app.booking.series.values import PlannedCall, Repeat, SeriesRequest, SeriesValue
from app.lib import zones
from app.lib.db import db
from app.lib.waiting import watch
from app.lib.wording import rfc3339

blueprint = Blueprint("api_series", __name__, url_prefix="/api/v1", description="Series of calls")
blueprint.ARGUMENTS_PARSER = BodyParser()


@blueprint.post("/series")
@bearer("contact")
@blueprint.doc(parameters=[key_header(booking.SERIES_KEY_LIMIT)])
@blueprint.arguments(schemas.SeriesBody)
@blueprint.response(201, schemas.SeriesItem, content_type="application/json")
def book_series(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Book every call of a series or none; the answer waits up to two seconds for the calendar to confirm."""
    user, settings = api_user(), current_settings()
    call = booking_request(body, idempotency_key(booking.SERIES_KEY_LIMIT))
    repeat = Repeat(body["weeks"], body.get("count"), _end_of(body, user.time_zone))
    wanted = SeriesRequest(call, repeat, frozenset(body["skip"]), body["instead"])
    try:
        series = writing(lambda session, now: booking.book_series(session, now, settings, user.id, wanted))
    except SeriesConflict as error:
        raise SeriesNotFree(error.code, _conflicts(error.conflicts)) from error
    return _settled(series.public_id)


def _end_of(body: Mapping[str, Any], zone: str) -> datetime | None:
    """The end of the last day, which is one of the contact's zone."""
    return zones.day_interval(body["until"], zone).end if "until" in body else None


def _conflicts(calls: Sequence[PlannedCall]) -> list[dict[str, Any]]:
    return [
        {
            "start": rfc3339(call.start),
            "reason": str(call.why),
            "alternatives": [span_item(span) for span in call.near],
        }
        for call in calls
    ]


@blueprint.get("/series/<public_id>")
@bearer()
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
