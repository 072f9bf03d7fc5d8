"""Time off for those who are away and for administrators, with what is to be decided about calls in it."""

from collections.abc import Mapping
from datetime import date

from flask import redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.booking.errors import CannotChange
from app.booking.reassigning.service import people_to_lock
from app.booking.shared.views import Answer, blueprint, reader, writing
from app.booking.standins.errors import StandInChanged
from app.booking.standins.service import days_away, keep, move_to_stand_in, stand_in_for
from app.booking.standins.time_off_page import time_off_page, why_not
from app.lib import clock
from app.lib.db import db, write

_SHOWN = 25


@blueprint.get("/time-off")
@may(Right.SETTLE_CALLS)
def time_off() -> Answer:
    """A specialist's own time off, for administrators everybody's."""
    return _page()


@blueprint.post("/time-off/calls/<booking_id>/keep")
@may(Right.SETTLE_CALLS)
def keep_call(booking_id: str) -> Answer:
    """The call takes place although its specialist has time off."""
    user, settings = signed_in_user(), current_settings()
    writing(lambda s, now: keep(s, now, settings, user, booking_id), booking_id)
    return _back()


@blueprint.post("/time-off/calls/<booking_id>/move")
@may(Right.SETTLE_CALLS)
def move_call(booking_id: str) -> Answer:
    """Whoever stands in takes the call over, unless they are not free then."""
    user, settings, session, now = signed_in_user(), current_settings(), db.session(), clock.now()
    shown = request.form.get("to", "")
    number, to = stand_in_for(session, now, settings, user, booking_id)
    try:
        if to is None:
            raise StandInChanged
        people = people_to_lock(session, number, to)
        write(session, people, lambda s: move_to_stand_in(s, now, settings, user, booking_id, shown))
    except (StandInChanged, CannotChange, SlotTaken, SlotRefused, CalendarAway) as error:
        name = to.name if to else ""
        return _page({booking_id: why_not(error, name)}), error.status
    return _back()


def _page(problems: Mapping[str, str] | None = None) -> str:
    user, settings, after = signed_in_user(), current_settings(), request.args.get("after", "")
    found, further = days_away(db.session(), clock.now(), settings, user, _key(after), _SHOWN)
    next_url = "" if further is None else url_for("booking.time_off", after=f"{further[0]}.{further[1]}")
    told = {"next_url": next_url, "after": after}
    page = time_off_page(found, reader(), is_own=user.role != ADMINISTRATOR, problems=problems, **told)
    return render_template("booking/time_off.html", page=page)


def _back() -> Answer:
    return redirect(url_for("booking.time_off", after=request.args.get("after")), 303)


def _key(after: str) -> tuple[date, int] | None:
    """The key that the address goes on behind; nonsense is left out."""
    day, _dot, number = after.partition(".")
    try:
        return date.fromisoformat(day), int(number[:12])
    except ValueError:
        return None
