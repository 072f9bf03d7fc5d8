"""Why a day without free times has none: enough to plan by, and nothing of what stands in the calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from app.availability.slots import Reason
from app.availability.window import window_of
from app.booking.in_words import Reader
from app.lib.wording import local_date
from app.settings.values import ServiceWindow

_SOON = {Reason.PAST, Reason.NOTICE}
_LATER = {Reason.HORIZON, Reason.OPTION_ENDS}


def closed_days(
    judged: Iterable[tuple[datetime, Reason | None]],
    holidays: Mapping[date, str],
    reader: Reader,
    name: str,
    window: ServiceWindow,
) -> dict[date, str]:
    """For each of the reader's days inside the service window, why nothing on it can be booked.

    ``judged`` are the starts with their reasons, ``holidays`` the names by days of the service zone, ``name``
    the specialist's first name. The caller looks only at days that turn out to have no free time.
    """
    days: dict[date, set[Reason | None]] = {}
    names: dict[date, str] = {}
    for start, reason in judged:
        # "Over" and "too far ahead" are said of a weekend's starts as well: the window is asked first here.
        if not is_in_window(start, reader.service_zone, window):
            continue
        day = local_date(start, reader.zone)
        days.setdefault(day, set()).add(reason)
        if reason is Reason.HOLIDAY:
            names[day] = holidays.get(local_date(start, reader.service_zone), "")
    return {day: _words(reasons, names.get(day, ""), name) for day, reasons in days.items()}


def days_in_window(starts: Iterable[datetime], reader: Reader, window: ServiceWindow) -> list[date]:
    """The reader's days on which some of these starts lie inside the service window, in order."""
    open_ones = (start for start in starts if is_in_window(start, reader.service_zone, window))
    return list(dict.fromkeys(local_date(start, reader.zone) for start in open_ones))


def is_in_window(start: datetime, service_zone: str, window: ServiceWindow) -> bool:
    """Whether the service window is open at that moment."""
    spans = window_of([local_date(start, service_zone)], service_zone, window)
    return any(span.start <= start < span.end for span in spans)


def _words(reasons: set[Reason | None], holiday: str, name: str) -> str:
    if Reason.HOLIDAY in reasons:
        return _("Public holiday: %(name)s", name=holiday) if holiday else _("Public holiday")
    if reasons <= _LATER:
        if Reason.OPTION_ENDS in reasons:
            return _("The option ends before that day")
        return _("Not open for booking yet")
    if reasons <= _SOON:
        return _("No more times that day")
    rest = reasons - _SOON - _LATER
    if rest == {Reason.HOURS}:
        return _("%(name)s does not work", name=name)
    if rest <= {Reason.HOURS, Reason.TIME_OFF}:
        return _("%(name)s is away", name=name)
    return _("Fully booked")
