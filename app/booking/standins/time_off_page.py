"""Time off, who serves on its days, and the calls in it, in the reader's words."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.availability.errors import CalendarAway, SlotRefused
from app.availability.pages import DateLeaf
from app.availability.slots import Reason
from app.booking.errors import CannotChange
from app.booking.in_words import Reader, first_name
from app.booking.standins.errors import StandInChanged
from app.booking.standins.pages import CallInTimeOff, TimeOffEntry, TimeOffPage
from app.booking.standins.values import CallInDays, DaysAway
from app.customers.roster import Shift
from app.lib import wording
from app.lib.errors import DomainError
from app.words import refusal_words


def time_off_page(
    found: Sequence[DaysAway],
    reader: Reader,
    *,
    is_own: bool,
    next_url: str = "",
    after: str = "",
    problems: Mapping[str, str] | None = None,
) -> TimeOffPage:
    """The page; ``problems`` say by the call's public id why what was just asked for cannot be."""
    entries = tuple(_entry(item, reader, problems or {}, is_own=is_own) for item in found)
    return TimeOffPage(entries, is_own, next_url, after)


def why_not(error: DomainError, name: str) -> str:
    """Why a call cannot pass to the stand-in of this name."""
    match error:
        case StandInChanged():
            return _("Who stands in has changed: look who it is now.")
        case CalendarAway():
            return _("The calendar of %(name)s cannot be read at the moment.", name=name)
        case CannotChange(reason="other_senior"):
            return _("%(name)s takes part in this call as the senior already.", name=name)
        case CannotChange():
            return refusal_words(error.reason)
        case SlotRefused(reason=Reason.HOLIDAY):
            return _("That day is a public holiday where %(name)s works.", name=name)
    return _("%(name)s is not free at that time.", name=name)


def _entry(item: DaysAway, reader: Reader, problems: Mapping[str, str], *, is_own: bool) -> TimeOffEntry:
    month = wording.month_short(item.first, reader.language)
    # Days that no company needs anybody on are nobody's worry.
    is_needed = item.is_alarmed or bool(item.calls)
    is_bare = is_needed and any(shift.served.by is None for shift in item.shifts)
    return TimeOffEntry(
        id=item.public_id,
        leaf=DateLeaf(month, str(item.first.day), wording.weekday_short(item.first, reader.language)),
        name="" if is_own else item.specialist.name,
        days=wording.days_range(item.first, item.last, reader.language),
        served=tuple(_served(shift, item, reader) for shift in item.shifts),
        is_bare=is_bare,
        note=_("The administrators know.") if is_bare and item.is_alarmed and is_own else "",
        calls=tuple(_call(one, reader, problems) for one in item.calls if one.passes_to is None),
        passing=tuple(_call(one, reader, problems) for one in item.calls if one.passes_to is not None),
    )


def _served(shift: Shift, item: DaysAway, reader: Reader) -> str:
    """ "Rita Novák stands in", with the days where they are not all."""
    by = shift.served.by
    words = _("Nobody stands in") if by is None else _("%(name)s stands in", name=by.name)
    if len(item.shifts) == 1:
        return words
    return f"{wording.days_range(shift.first, shift.last, reader.language)}: {words}"


def _call(one: CallInDays, reader: Reader, problems: Mapping[str, str]) -> CallInTimeOff:
    call = one.call
    place = call.move or call.span
    day = wording.day_short(wording.local_date(place.start, reader.zone), reader.language)
    is_free = one.can_pass and one.why_not is None
    return CallInTimeOff(
        id=call.public_id,
        when=f"{day}, {wording.span(place, reader.zone)}",
        who=f"{call.contact_name}, {call.company_name}",
        stand_in=one.stand_in.public_id if one.stand_in and is_free else "",
        stand_in_name=first_name(one.stand_in.name) if one.stand_in and is_free else "",
        note="" if call.public_id in problems else _became(one),
        problem=problems.get(call.public_id, ""),
    )


def _became(one: CallInDays) -> str:
    """What became of it so far."""
    if one.passes_to is not None:
        return _("passes to %(name)s as soon as the calendar has it", name=one.passes_to.name)
    told = []
    if one.declined_by:
        told.append(
            _("It did not pass to %(name)s, who turned out not to be free then.", name=one.declined_by)
        )
    if one.stand_in is not None and one.why_not is not None:
        told.append(why_not(one.why_not, one.stand_in.name))
    return " ".join(told)
