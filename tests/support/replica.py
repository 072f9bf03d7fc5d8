"""A specialist's calendar put straight into the replica, as sync would have left it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.calendars.models import Calendar, CalendarAccount, CalendarPicture
from app.config import Settings
from app.lib.intervals import Interval
from app.lib.packed import pack
from app.lib.zones import local, wall_interval

ZONE = "Europe/Bratislava"


def weekdays(now: datetime, first: time, last: time, days: int = 70) -> list[Interval]:
    """The same hours on every Monday to Friday around ``now``."""
    start = local(now, ZONE).date() - timedelta(days=1)
    dates = [start + timedelta(days=number) for number in range(days)]
    return [wall_interval(day, first, last, ZONE) for day in dates if day.weekday() < 5]


def open_calendar(
    session: Session,
    settings: Settings,
    now: datetime,
    person_id: int,
    *,
    busy: Sequence[Interval] = (),
    working: Sequence[Interval] | None = None,
    time_off: Sequence[Interval] = (),
    in_step_at: datetime | None = None,
) -> Calendar:
    """An account in step (at ``in_step_at``, else now) whose picture is this; 9 to 17 without ``working``."""
    account, calendar = _account(settings, now, person_id, in_step_at or now)
    hours = weekdays(now, time(9), time(17)) if working is None else list(working)
    session.add_all([account, calendar])
    session.add(
        CalendarPicture(
            person_id=person_id,
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=70),
            busy=pack(busy),
            working=pack(hours),
            time_off=pack(time_off),
        )
    )
    session.commit()
    return calendar


def _account(
    settings: Settings, now: datetime, person_id: int, in_step_at: datetime
) -> tuple[CalendarAccount, Calendar]:
    origin = settings.caldav_allowed_origins[0]
    account = CalendarAccount(
        person_id=person_id,
        url=f"{origin}/somebody/",
        username="somebody",
        sealed_password="",
        state="ok",
        state_since=now,
        in_step_at=in_step_at,
        next_sync_at=now + timedelta(days=365),
        failures=0,
    )
    calendar = Calendar(
        account=account,
        href=f"{origin}/somebody/calendar/",
        name="Calendar",
        purpose="busy",
        receives_bookings=True,
        compared_at=now,
        expanded_from=now - timedelta(days=1),
        expanded_until=now + timedelta(days=70),
    )
    return account, calendar
