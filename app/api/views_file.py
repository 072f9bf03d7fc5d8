"""A booking as a calendar file, over the API."""

from flask import Response

from app.accounts.guards import current_settings
from app.api.guards import api_user, bearer
from app.api.views import blueprint
from app.booking import service as booking
from app.booking.feeds.standing import standing_file
from app.lib.db import db


@blueprint.get("/bookings/<public_id>.ics")
@bearer()
@blueprint.response(200, {"type": "string"}, content_type="text/calendar")
def booking_file(public_id: str) -> Response:
    """One booking as an iCalendar file (RFC 5545), once it is confirmed and until it is called off."""
    user, public_url = api_user(), current_settings().public_url
    file = standing_file(booking.call_of(db.session(), user, public_id), user, public_url=public_url)
    return Response(file, content_type="text/calendar; charset=utf-8")
