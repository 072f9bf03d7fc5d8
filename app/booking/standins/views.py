"""Time off for those who are away and for administrators, with what is to be decided about calls in it."""

from datetime import date

from flask import redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.booking.shared.views import Answer, blueprint, reader, writing
from app.booking.standins.service import days_away, keep
from app.booking.standins.time_off_page import time_off_page
from app.lib import clock
from app.lib.db import db

_SHOWN = 25


@blueprint.get("/time-off")
@may(Right.SETTLE_CALLS)
def time_off() -> Answer:
    """A specialist's own time off, for administrators everybody's."""
    user, settings = signed_in_user(), current_settings()
    found, further = days_away(db.session(), clock.now(), settings, user, _after(), _SHOWN)
    next_url = "" if further is None else url_for("booking.time_off", after=f"{further[0]}.{further[1]}")
    page = time_off_page(found, reader(), is_own=user.role != ADMINISTRATOR, next_url=next_url)
    return render_template("booking/time_off.html", page=page)


def _after() -> tuple[date, int] | None:
    """The key that the address goes on behind; nonsense is left out."""
    day, _dot, number = request.args.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), int(number[:12])
    except ValueError:
        return None


@blueprint.post("/time-off/calls/<booking_id>/keep")
@may(Right.SETTLE_CALLS)
def keep_call(booking_id: str) -> Answer:
    """The call takes place although its specialist has time off."""
    user, settings = signed_in_user(), current_settings()
    writing(lambda s, now: keep(s, now, settings, user, booking_id), booking_id)
    return redirect(url_for("booking.time_off"), 303)
