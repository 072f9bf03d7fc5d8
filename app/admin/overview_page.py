"""The administrator's overview in words: what to look at, today's promises, calendars, the calls ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.admin.attention_page import concern_lists
from app.admin.failed_page import Failed, failed_jobs
from app.admin.pages import ClockCount, ComingCall, ComingPage, OverviewPage, SpecialistRow
from app.availability.offer import CalendarStatus
from app.availability.pages import CalendarState
from app.booking.answers.values import MailboxTrouble
from app.booking.asked_page import note_on
from app.booking.coming.values import CallsToday, Place
from app.booking.in_words import Reader, day_and_time, initials
from app.booking.values import CallValue
from app.customers.attention.values import Concern, Served
from app.desk.today.values import ClocksToday
from app.lib import wording

NOBODY_SERVED = Served((), 0)


@dataclass(frozen=True, slots=True)
class Watched:
    """A specialist as the administrator sees them."""

    user_id: int
    name: str
    served: Served
    calendar: CalendarStatus


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page is made of; ``calls`` are the next ones, and there are ``more`` behind them."""

    people: Sequence[Watched]
    calls: Sequence[CallValue]
    today: CallsToday
    failed: Failed = Failed()
    concerns: Sequence[Concern] = ()
    mailbox: MailboxTrouble | None = None
    clocks: ClocksToday | None = None
    has_more: bool = False


def overview_page(found: Overview, reader: Reader, outcome: str = "") -> OverviewPage:
    """The page."""
    return OverviewPage(
        specialists=tuple(_row(watched, reader) for watched in found.people),
        calls=tuple(coming(call, states_of(found.people), reader) for call in found.calls),
        jobs=failed_jobs(found.failed, reader),
        concerns=concern_lists(found.concerns, reader.language),
        today=_today(found.today, reader),
        clocks=_clocks(found.clocks) if found.clocks else (),
        mailbox=_since(found.mailbox, reader) if found.mailbox else "",
        mailbox_said=found.mailbox.detail if found.mailbox else "",
        next_call=place_text(found.calls) if found.has_more else "",
        outcome=outcome,
    )


def coming_page(
    calls: Sequence[CallValue], people: Sequence[Watched], reader: Reader, *, has_more: bool, is_first: bool
) -> ComingPage:
    """A page of the calls ahead."""
    rows = tuple(coming(call, states_of(people), reader) for call in calls)
    return ComingPage(rows, place_text(calls) if has_more else "", is_first)


def states_of(people: Sequence[Watched]) -> dict[int, str]:
    """The state of everybody's calendar by their user id."""
    return {watched.user_id: watched.calendar.state for watched in people}


def place_text(calls: Sequence[CallValue]) -> str:
    """Where a list goes on behind these calls, as it stands in addresses."""
    return f"{wording.rfc3339(calls[-1].start)}_{calls[-1].id}"


def place_of(text: str) -> Place | None:
    """The place that such a text means; None for nonsense."""
    moment, _bar, number = text.partition("_")
    try:
        start = datetime.fromisoformat(moment)
    except ValueError:
        return None
    is_place = start.tzinfo is not None and number.isascii() and number.isdecimal() and len(number) < 16
    return (start, int(number)) if is_place else None


def _since(trouble: MailboxTrouble, reader: Reader) -> str:
    time = day_and_time(trouble.since, reader)
    return _("The mailbox for answers to invitations has not been readable since %(time)s", time=time)


def _today(today: CallsToday, reader: Reader) -> tuple[tuple[str, str], ...]:
    """Today's calls by how they stand, and what waits for a calendar."""
    names = {
        "confirmed": _("Booked"),
        "pending": _("Reserved"),
        "clash": _("With another appointment beside"),
        "took_place": _("Took place"),
        "no_show": _("Missed"),
        "cancelled": _("Cancelled"),
        "declined": _("Declined"),
        "expired": _("Not booked"),
    }
    counted = [(names[status], str(today.by_status[status])) for status in names if status in today.by_status]
    waiting = str(today.waiting)
    if today.waiting_since is not None:
        time = day_and_time(today.waiting_since, reader)
        waiting = _("%(count)s, the first since %(time)s", count=today.waiting, time=time)
    return (*(counted or [(_("Calls"), "0")]), (_("Waiting for a calendar, all days"), waiting))


def _clocks(clocks: ClocksToday) -> tuple[ClockCount, ...]:
    """The promises of the desk; where there is a list of them, its filter."""
    return (
        ClockCount(_("Overdue"), clocks.overdue, "overdue", is_bad=clocks.overdue > 0),
        ClockCount(_("Due within the hour"), clocks.soon, "soon"),
        ClockCount(_("Missed today"), clocks.missed, None, is_bad=clocks.missed > 0),
        ClockCount(_("Kept today"), clocks.kept, None),
        ClockCount(_("Open requests"), clocks.is_open, ""),
    )


def _row(watched: Watched, reader: Reader) -> SpecialistRow:
    return SpecialistRow(
        name=watched.name,
        initials=initials(watched.name),
        companies=_companies(watched.served),
        calendar=calendar_words(watched.calendar, reader),
        advice=_advice(watched.calendar),
    )


def _companies(served: Served) -> str:
    names, others = ", ".join(served.names), served.count - len(served.names)
    return _("%(names)s and %(count)s more", names=names, count=others) if others > 0 else names


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


def _advice(status: CalendarStatus) -> str:
    """What to do about a calendar; empty when nothing is."""
    if status.state == "no_calendar":
        return _("They connect one under Calendar.")
    if status.state == "ok" and status.cause in {"", "ok"}:
        return ""
    match status.cause:
        case "refused":
            return _("They type the password again under Calendar.")
        case "missing":
            return _("They choose their calendars again under Calendar.")
        case "broken":
            return _("Tell whoever runs that calendar server.")
    return _("Check that the calendar server is up. It is asked again every minute.")


def coming(call: CallValue, states: Mapping[int, str], reader: Reader) -> ComingCall:
    """A call; without a state of its specialist's calendar their account is closed."""
    state = states.get(call.specialist.user_id)
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
