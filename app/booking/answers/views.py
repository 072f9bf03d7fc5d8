"""The specialist answers a proposal of another time."""

from flask import redirect, request, url_for

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.booking import service
from app.booking.calls.views import call_page
from app.booking.shared.views import Answer, blueprint, refused, writing
from app.lib.db import db


@blueprint.post("/calls/<booking_id>/proposals/<proposal_id>")
@may(Right.OWN_SCHEDULE)
def settle_proposal(booking_id: str, proposal_id: str) -> Answer:
    """The call moves to the proposed time, or stays, by the button that was pressed."""
    user, settings = signed_in_user(), current_settings()
    match request.form.get("answer"):
        case "accept":
            try:
                writing(
                    lambda s, now: service.accept_proposal(s, now, settings, user, booking_id, proposal_id),
                    booking_id,
                )
            except (SlotTaken, SlotRefused, CalendarAway) as error:
                db.session.rollback()
                return call_page(booking_id, problem=refused(error)), error.status
        case "decline":
            writing(
                lambda s, now: service.decline_proposal(s, now, settings, user, booking_id, proposal_id),
                booking_id,
            )
        case _:
            raise NotFound("no such answer")
    return redirect(url_for("booking.show", booking_id=booking_id), 303)
