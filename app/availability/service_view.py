"""What a person's calendars say at the moment: how they stand, whether their owner is in, and when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.availability import queries
from app.availability.errors import CalendarAway
from app.availability.holidays import holiday_names
from app.availability.offer import CalendarStatus, PersonStanding
from app.availability.presence import UNKNOWN, Presence, presence_at, reachable_in
from app.availability.queries_looked import Looked, looked_at
from app.availability.window import window_in
from app.calendars.service import picture, pictures
from app.calendars.values import CalendarView
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.lib.intervals import Interval, intersect, merge, subtract
from app.lib.zones import day_interval, days_touched, local

_PRESENCE_AHEAD = timedelta(days=14)
_SKEW = timedelta(minutes=1)


def presence(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    language: str = "en",
) -> Presence:
    """Whether the specialist can be reached now, a holiday named in a language; four queries at most."""
    span, zone = Interval(now, now + _PRESENCE_AHEAD), settings.service_time_zone
    looked = looked_at(session, specialist.user_id, span)
    if looked is None:
        try:
            view = fresh_view(session, now, settings, specialist.user_id, span)
        except CalendarAway:
            return UNKNOWN
        looked = Looked(span, view, queries.booked(session, specialist.user_id, span))
    days_off = holidays_of(session, specialist, span, zone, language)
    return _presence(looked.view, looked.booked, days_off, span, settings)


def _presence(
    view: CalendarView,
    booked: Sequence[Interval],
    days_off: Mapping[date, str],
    span: Interval,
    settings: Settings,
) -> Presence:
    """Presence at the beginning of a span."""
    ranges = _ranges(view, booked, days_off, span, settings)
    holiday = days_off.get(local(span.start, settings.service_time_zone).date(), "")
    return presence_at(span.start, *ranges, view.time_off, holiday)


def reachable(
    session: Session, now: datetime, settings: Settings, specialist: SpecialistProfile, span: Interval
) -> list[Interval]:
    """When the specialist is in and free within ``span``; four queries at most. Raises CalendarAway."""
    return reachable_in(*_hours_and_taken(session, now, settings, specialist, span))


def standings(
    session: Session,
    now: datetime,
    settings: Settings,
    people: Sequence[SpecialistProfile],
    language: str = "en",
) -> dict[int, PersonStanding]:
    """How several people stand, by id, holidays in a language; as many queries as for one."""
    span, ids = Interval(now, now + _PRESENCE_AHEAD), [person.user_id for person in people]
    views = pictures(session, ids, span)
    booked = queries.booked_of(session, ids, span)
    found = {}
    for person in people:
        view = views.get(person.user_id)
        presence = UNKNOWN
        if view is not None and _away(view, now, settings) is None:
            taken = booked.get(person.user_id, [])
            days_off = holidays_of(session, person, span, settings.service_time_zone, language)
            presence = _presence(view, taken, days_off, span, settings)
        found[person.user_id] = PersonStanding(presence, _status(view, now, settings))
    return found


def _hours_and_taken(
    session: Session, now: datetime, settings: Settings, specialist: SpecialistProfile, span: Interval
) -> tuple[list[Interval], list[Interval], list[Interval]]:
    view, zone = fresh_view(session, now, settings, specialist.user_id, span), settings.service_time_zone
    booked = queries.booked(session, specialist.user_id, span)
    holidays = holidays_of(session, specialist, span, zone)
    return _ranges(view, booked, holidays, span, settings)


def _ranges(
    view: CalendarView,
    booked: Sequence[Interval],
    holidays: Collection[date],
    span: Interval,
    settings: Settings,
) -> tuple[list[Interval], list[Interval], list[Interval]]:
    zone = settings.service_time_zone
    window = window_in(span, zone, settings.service_window)
    open_hours = subtract(intersect(view.working, window), view.time_off)
    days_off = [day_interval(day, zone) for day in sorted(holidays)]
    working = intersect(subtract(open_hours, merge(days_off)), [span])
    written = [Interval(item.start, item.end) for item in view.own]
    return working, merge([*booked, *written]), view.busy.overlapping(working)


def calendar_state(session: Session, now: datetime, settings: Settings, person_id: int) -> CalendarStatus:
    """How a person's calendar stands, for the line "In step, 10:11"."""
    return _status(picture(session, person_id, Interval(now, now + timedelta.resolution)), now, settings)


def _status(view: CalendarView | None, now: datetime, settings: Settings) -> CalendarStatus:
    if view is None:
        return CalendarStatus("no_calendar", None, None)
    away = _away(view, now, settings)
    if away is None:
        return CalendarStatus("ok", view.as_of, None, view.state)
    return CalendarStatus(away.reason, view.as_of, away.since, view.state)


def fresh_view(
    session: Session, now: datetime, settings: Settings, person_id: int, span: Interval
) -> CalendarView:
    """The person's time within ``span``; raises CalendarAway when nobody knows it well enough."""
    return believed(picture(session, person_id, span), now, settings)


def believed(view: CalendarView | None, now: datetime, settings: Settings) -> CalendarView:
    """The same of a view that was read; raises CalendarAway."""
    if view is None:
        raise CalendarAway("no_calendar", None)
    away = _away(view, now, settings)
    if away is not None:
        raise away
    return view


def believed_looks(now: datetime, settings: Settings) -> Interval:
    """When a calendar must have been read last to be believed, both ends included."""
    # A look that lies ahead was made while the clock was wrong: nobody knows how old it is.
    return Interval(now - settings.calendar_max_age, now + _SKEW)


def _away(view: CalendarView, now: datetime, settings: Settings) -> CalendarAway | None:
    """An unreadable calendar is not a free one: too old a copy offers nothing."""
    if view.as_of is None:
        return CalendarAway("calendar_away", view.since)
    believed = believed_looks(now, settings)
    if not believed.start <= view.as_of <= believed.end:
        return CalendarAway("calendar_away", view.as_of, view.as_of)
    return None


def holidays_of(
    session: Session, specialist: SpecialistProfile, span: Interval, zone: str, language: str = "en"
) -> dict[date, str]:
    """The days off where the specialist is, with their names, in the years of ``span``."""
    days = days_touched(span, zone)
    years, own = range(days[0].year, days[-1].year + 1), queries.own_days(session)
    return holiday_names(specialist.country, years, language, specialist.region, own)
