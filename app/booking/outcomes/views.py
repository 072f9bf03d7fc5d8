"""The specialist says what became of a call."""

from flask import redirect, request, url_for

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.booking import service
from app.booking.calls.views import call_page
from app.booking.forms import OutcomeForm
from app.booking.lifecycle import Event
from app.booking.outcomes.notes import Notes
from app.booking.shared.views import Answer, blueprint, writing

_EVENTS = {"took_place": Event.TAKE_PLACE, "no_show": Event.MISS}


@blueprint.post("/calls/<booking_id>/outcome")
@may(Right.SETTLE_CALLS)
def mark(booking_id: str) -> Answer:
    """It took place, or nobody came; with a note for the customer and one that stays inside."""
    form, user, settings = OutcomeForm(), signed_in_user(), current_settings()
    event = _EVENTS.get(request.form.get("outcome", ""))
    if event is None:
        raise NotFound("no such outcome")
    if not form.validate():
        return call_page(booking_id, form), 422
    notes = Notes(form.note.data or "", form.private_note.data or "")
    writing(lambda s, now: service.mark(s, now, settings, user, booking_id, event, notes), booking_id)
    return redirect(url_for("booking.show", booking_id=booking_id), 303)
