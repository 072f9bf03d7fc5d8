"""Who is let ring for a company, and when its specialist can be reached again."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.availability import service as availability
from app.availability.presence import State
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.profiles import SpecialistProfile
from app.customers.queries_roster import away_around
from app.customers.roster import Away, shifts
from app.customers.service import serving
from app.desk.hours import is_open, next_opening
from app.desk.phone.numbers import caller_number
from app.desk.queries_hours import business_hours
from app.lib.zones import local

# Whose calendar cannot be read may well be there; whoever is on a call, or away, is not disturbed.
_RINGS = (State.IN, State.UNKNOWN)


def line_of(
    session: Session, now: datetime, settings: Settings, company_id: int
) -> list[tuple[SpecialistProfile, str]]:
    """Who is let ring, in order, with their number: who serves, then who would if those were away.

    Nobody out of hours.
    """
    if not is_open(business_hours(session, settings), now):
        return []
    people = _serving(session, now, settings, company_id)
    standings = availability.standings(session, now, settings, people) if people else {}
    numbers = {one.user_id: caller_number(one.phone, one.country) for one in people}
    # A line that lets itself ring would be answered by its own voicemail.
    ours = {"", settings.phone.number if settings.phone else ""}
    return [
        (one, numbers[one.user_id])
        for one in people
        if numbers[one.user_id] not in ours and standings[one.user_id].presence.state in _RINGS
    ]


def _serving(session: Session, now: datetime, settings: Settings, company_id: int) -> list[SpecialistProfile]:
    today = local(now, settings.service_time_zone).date()
    try:
        first = serving(session, company_id, today).by
    except NoSpecialist:
        return []
    if first is None:
        return []
    away, people = away_around(session, [first.user_id], today)
    away.append(Away(first.user_id, today, today, None))
    (shift,) = shifts([(today, first.user_id)], people, away, today, today)
    return [first, *([shift.served.by] if shift.served.by else [])]


def back_of(
    session: Session, now: datetime, settings: Settings, company_id: int
) -> tuple[str, datetime | None]:
    """Who serves next, by name, and from when they can be reached; None when nobody knows, or it is now."""
    opening = next_opening(business_hours(session, settings), now)
    day = local(opening, settings.service_time_zone).date()
    try:
        person = serving(session, company_id, day).person
    except NoSpecialist:
        return settings.organisation, None
    presence = availability.presence(session, now, settings, person)
    until = presence.until if presence.state in (State.AWAY, State.ON_CALL) else None
    back = max(opening, until or opening)
    return person.name, back if back > now else None
