"""The colleagues on a booking, over the API."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint

from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.api import schemas
from app.api.guards import BodyParser, api_user, bearer
from app.api.views import item, writing
from app.booking import service as booking
from app.lib.db import db
from app.lib.rates import BOOKINGS

blueprint = Blueprint("api_attendees", __name__, url_prefix="/api/v1", description="Colleagues on a booking")
blueprint.ARGUMENTS_PARSER = BodyParser()


@blueprint.post("/bookings/<public_id>/attendees")
@bearer(Right.CHANGE_CALLS)
@limited(BOOKINGS, api_user)
@blueprint.arguments(schemas.AttendeeBody)
@blueprint.response(201, schemas.BookingItem, content_type="application/json")
def add_attendee(body: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """Add a colleague; of a confirmed booking they alone get an invitation, by mail."""
    user, settings = api_user(), current_settings()
    writing(
        lambda session, now: booking.add_guest(
            session, now, settings, user, public_id, body["email"], body["name"]
        ),
        public_id,
    )
    return item(booking.call_of(db.session(), user, public_id))


@blueprint.delete("/bookings/<public_id>/attendees/<email>")
@bearer(Right.CHANGE_CALLS)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def remove_attendee(public_id: str, email: str) -> Mapping[str, Any]:
    """Take a colleague off a booking; if they were invited, they alone get a cancellation, by mail."""
    user, settings = api_user(), current_settings()
    writing(
        lambda session, now: booking.remove_guest(session, now, settings, user, public_id, email), public_id
    )
    return item(booking.call_of(db.session(), user, public_id))
