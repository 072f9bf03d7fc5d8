"""The administrator's overview in words: each specialist with their calendar, and the calls ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.admin.pages import ComingCall, OverviewPage, SpecialistRow
from app.availability.offer import CalendarStatus
from app.availability.pages import CalendarState
from app.availability.presence import Presence
from app.booking.asked_page import note_on
from app.booking.in_words import Reader, day_and_time, person, presence_pill
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording


@dataclass(frozen=True, slots=True)
class Watched:
    """A specialist as the administrator sees them; ``calls`` are those that lie ahead."""

    profile: SpecialistProfile
    presence: Presence
    companies: Sequence[str]
    calendar: CalendarStatus
    calls: Sequence[CallValue]


def overview_page(people: Sequence[Watched], reader: Reader, now: datetime) -> OverviewPage:
    """The page; the calls of all specialists in order of start."""
    calls = sorted((call for watched in people for call in watched.calls), key=lambda call: call.start)
    return OverviewPage(
        specialists=tuple(_row(watched, reader, now) for watched in people),
        calls=tuple(_coming(call, reader) for call in calls),
    )


def _row(watched: Watched, reader: Reader, now: datetime) -> SpecialistRow:
    return SpecialistRow(
        name=watched.profile.name,
        initials=person(watched.profile, reader, now).initials,
        presence=presence_pill(watched.presence, reader, now),
        companies=", ".join(watched.companies),
        calendar=_calendar(watched.calendar, reader),
    )


def _calendar(status: CalendarStatus, reader: Reader) -> CalendarState:
    if status.state == "no_calendar":
        return CalendarState("warn", _("No calendar is connected"))
    time = day_and_time(status.as_of, reader) if status.as_of else _("never")
    if status.state != "ok":
        return CalendarState("bad", _("No times are offered; last in step: %(time)s", time=time))
    if status.cause not in {"", "ok"}:
        return CalendarState("warn", _trouble(status.cause, time))
    return CalendarState("ok", _("In step, %(time)s", time=time))


def _trouble(cause: str, time: str) -> str:
    match cause:
        case "refused":
            return _("User name or password refused; last in step: %(time)s", time=time)
        case "missing":
            return _("A chosen calendar is gone or empty; last in step: %(time)s", time=time)
        case "broken":
            return _("The server's answer cannot be read; last in step: %(time)s", time=time)
    return _("Not reached; last in step: %(time)s", time=time)


def _coming(call: CallValue, reader: Reader) -> ComingCall:
    return ComingCall(
        day=wording.day_short(wording.local_date(call.start, reader.zone), reader.language),
        span=wording.span(call.span, reader.zone),
        company=call.company_name,
        contact=call.contact_name,
        specialist=call.specialist.name,
        call_type=call.call_type_name(reader.language),
        status="confirmed" if call.status == "confirmed" else "pending",
        reference=call.reference,
        note=note_on(call),
    )
