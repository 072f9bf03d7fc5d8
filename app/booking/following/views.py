"""The specialist answers what is asked about calls that are gone from their calendar, or were moved there."""

from datetime import datetime

from flask import redirect, request, url_for
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.booking import service
from app.booking.shared.views import Answer, blueprint, writing


@blueprint.post("/schedule/asked")
@may(Right.OWN_SCHEDULE)
def settle_asked() -> Answer:
    """One call (``call``) or all of them, by the button that was pressed.

    Those that are gone are written again or cancelled, those that were moved go along or are put back.
    """
    user, call = signed_in_user(), request.form.get("call")

    def settle(session: Session, now: datetime) -> int:
        match request.form.get("answer"):
            case "write":
                return service.write_again(session, now, user, call)
            case "cancel":
                return service.let_go(session, now, current_settings(), user, call)
            case "follow":
                return service.move_along(session, now, current_settings(), user, call)
            case "back":
                return service.put_back(session, now, user, call)
        raise NotFound("no such answer")

    writing(settle, call or "")
    return redirect(url_for("booking.schedule"), 303)
