"""The administrator's overview in words: each specialist with their calendar, and the calls ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.admin.pages import ComingCall, OverviewPage, SpecialistRow
from app.availability.offer import CalendarStatus
from app.availability.pages import CalendarState
from app.availability.presence import Presence
from app.booking.answers.values import MailboxTrouble
from app.booking.asked_page import note_on
from app.booking.in_words import Reader, day_and_time, person, presence_pill
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording


@dataclass(frozen=True, slots=True)
class Watched:
    """A specialist as the administrator sees them."""

    profile: SpecialistProfile
    presence: Presence
    companies: Sequence[str]
    calendar: CalendarStatus


def overview_page(
    people: Sequence[Watched],
    calls: Sequence[CallValue],
    reader: Reader,
    now: datetime,
    trouble: MailboxTrouble | None = None,
) -> OverviewPage:
    """The page; ``calls`` are all that lie ahead, in order of start, ``trouble`` that of the mailbox."""
    states = {watched.profile.user_id: watched.calendar.state for watched in people}
    return OverviewPage(
        specialists=tuple(_row(watched, reader, now) for watched in people),
        calls=tuple(_coming(call, states.get(call.specialist.user_id), reader) for call in calls),
        mailbox=_since(trouble, reader) if trouble else "",
        mailbox_said=trouble.detail if trouble else "",
    )


def _since(trouble: MailboxTrouble, reader: Reader) -> str:
    time = day_and_time(trouble.since, reader)
    return _("The mailbox for answers to invitations has not been readable since %(time)s", time=time)


def _row(watched: Watched, reader: Reader, now: datetime) -> SpecialistRow:
    return SpecialistRow(
        name=watched.profile.name,
        initials=person(watched.profile, reader, now).initials,
        presence=presence_pill(watched.presence, reader, now),
        companies=", ".join(watched.companies),
        calendar=calendar_words(watched.calendar, reader),
    )


def calendar_words(status: CalendarStatus, reader: Reader) -> CalendarState:
    """How somebody's calendar stands."""
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


def _coming(call: CallValue, state: str | None, reader: Reader) -> ComingCall:
    """A call; ``state`` is that of its specialist's calendar, None when their account is closed."""
    return ComingCall(
        id=call.public_id,
        day=wording.day_short(wording.local_date(call.start, reader.zone), reader.language),
        span=wording.span(call.span, reader.zone),
        company=call.company_name,
        contact=call.contact_name,
        specialist=call.specialist.name,
        call_type=call.call_type_name(reader.language),
        status="confirmed" if call.status == "confirmed" else "pending",
        reference=call.reference,
        note=_left(call) if state is None else note_on(call, has_calendar=state != "no_calendar"),
    )


def _left(call: CallValue) -> str:
    return _("The account of %(name)s is closed. Keep, move or cancel the call.", name=call.specialist.name)
