"""The senior engineer on a booking, over the API."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import SignedIn
from app.api import schemas
from app.api.guards import BodyParser, api_user, bearer
from app.api.problems import NotFree
from app.api.views import item, times_to_move, writing
from app.availability.errors import SlotRefused, SlotTaken
from app.booking import service as booking
from app.lib.db import db
from app.lib.rates import BOOKINGS
from app.settings.values import Feature

blueprint = Blueprint("api_senior", __name__, url_prefix="/api/v1", description="The senior on a booking")
blueprint.ARGUMENTS_PARSER = BodyParser()


def _asker() -> SignedIn:
    """Who asks; for contacts there is nothing here while seniors are switched off for them."""
    user = api_user()
    if not user.is_staff and not current_settings().offers(Feature.SENIORS):
        raise NotFound("seniors are switched off")
    return user


@blueprint.post("/bookings/<public_id>/senior")
@bearer(Right.CHANGE_CALLS)
@limited(BOOKINGS, api_user)
@blueprint.arguments(schemas.SeniorBody, required=False)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def add_senior(body: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """Bring a senior engineer in at the booking's own time; repeated, it answers the same.

    Everybody is told once both calendars have it. When the senior is not free then, the answer names times
    that are free for both, to reschedule to with the same ``senior``: the ``id`` that was sent, else true.
    """
    user, settings, asked = _asker(), current_settings(), body["id"]
    try:
        call = writing(
            lambda session, now: booking.add_senior(session, now, settings, user, public_id, asked),
            public_id,
            asked,
        )
    except (SlotTaken, SlotRefused) as error:
        db.session.rollback()
        start = booking.call_of(db.session(), user, public_id).start
        raise NotFree("senior_busy", times_to_move(public_id, start, asked)) from error
    return item(call)


@blueprint.delete("/bookings/<public_id>/senior")
@bearer(Right.CHANGE_CALLS)
@blueprint.response(200, schemas.BookingItem, content_type="application/json")
def remove_senior(public_id: str) -> Mapping[str, Any]:
    """Take the senior engineer off a booking, which stands without them.

    Repeated, it answers the same; but 404 to the senior, who has no part in the booking any more.
    """
    user, settings = _asker(), current_settings()
    call = writing(
        lambda session, now: booking.remove_senior(session, now, settings, user, public_id), public_id
    )
    return item(call)
