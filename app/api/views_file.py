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
    user = api_user()
    call = booking.call_of(db.session(), user, public_id)
    file = standing_file(call, is_staff=user.is_staff, public_url=current_settings().public_url)
    return Response(file, content_type="text/calendar; charset=utf-8")
