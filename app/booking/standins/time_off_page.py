"""Time off, who serves on its days, and the calls in it, in the reader's words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.availability.pages import DateLeaf
from app.booking.in_words import Reader
from app.booking.standins.pages import CallInTimeOff, TimeOffEntry, TimeOffPage
from app.booking.standins.values import DaysAway
from app.booking.values import CallValue
from app.customers.roster import Shift
from app.lib import wording


def time_off_page(
    found: Sequence[DaysAway], reader: Reader, *, is_own: bool, next_url: str = ""
) -> TimeOffPage:
    """The page."""
    return TimeOffPage(tuple(_entry(item, reader, is_own=is_own) for item in found), is_own, next_url)


def _entry(item: DaysAway, reader: Reader, *, is_own: bool) -> TimeOffEntry:
    month = wording.month_short(item.first, reader.language)
    is_bare = any(shift.served.by is None for shift in item.shifts)
    return TimeOffEntry(
        id=item.public_id,
        leaf=DateLeaf(month, str(item.first.day), wording.weekday_short(item.first, reader.language)),
        name="" if is_own else item.specialist.name,
        days=wording.days_range(item.first, item.last, reader.language),
        served=tuple(_served(shift, item, reader) for shift in item.shifts),
        is_bare=is_bare,
        note=_("The administrators know.") if is_bare and item.is_alarmed and is_own else "",
        calls=tuple(_call(call, reader) for call in item.calls),
    )


def _served(shift: Shift, item: DaysAway, reader: Reader) -> str:
    """ "Rita Novák stands in", with the days where they are not all."""
    by = shift.served.by
    words = _("Nobody stands in") if by is None else _("%(name)s stands in", name=by.name)
    if len(item.shifts) == 1:
        return words
    return f"{wording.days_range(shift.first, shift.last, reader.language)}: {words}"


def _call(call: CallValue, reader: Reader) -> CallInTimeOff:
    place = call.move or call.span
    day = wording.day_short(wording.local_date(place.start, reader.zone), reader.language)
    when = f"{day}, {wording.span(place, reader.zone)}"
    return CallInTimeOff(call.public_id, when, f"{call.contact_name}, {call.company_name}")
