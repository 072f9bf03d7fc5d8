"""Whether our people were warned of a clock that can still be kept, in words."""

from datetime import datetime

from flask_babel import gettext as _

from app.booking.in_words import Reader
from app.desk.requests.clock_page import moment
from app.desk.requests.values import ClockName, ClockValue, RequestValue


def warned_words(request: RequestValue, now: datetime, reader: Reader) -> str:
    """ "Warned: 10:45", by the first warning of a clock that runs; empty when there is none."""
    warned = [
        clock.warned_at
        for clock in request.clocks.values()
        if clock.warned_at is not None and _can_be_kept(request, clock, now)
    ]
    return _("Warned: %(time)s", time=moment(min(warned), reader, now)) if warned else ""


def _can_be_kept(request: RequestValue, clock: ClockValue, now: datetime) -> bool:
    if clock.met_at is not None or request.solved_at is not None or clock.due_at <= now:
        return False
    return clock.name is ClockName.FIRST_RESPONSE or request.waiting_since is None
