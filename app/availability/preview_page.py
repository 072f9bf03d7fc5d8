"""What customers will see next week, and the list of time off, in the words of the specialist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.hours_edit import ADD_TIME_OFF, REMOVE_TIME_OFF, Edit
from app.availability.hours_plan import Existing
from app.availability.pages import DateLeaf, Preview, PreviewDay, PreviewSlot, TimeOffRow
from app.availability.slots import Reason, SlotRules
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.text import scrubbed
from app.lib.tokens import token_hash
from app.lib.zones import day_interval, local

# What the preview is made for: any half hour, so that the hours themselves show.
PREVIEW_RULES = SlotRules(
    length=timedelta(minutes=30),
    grid=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(0),
    notice=timedelta(0),
    horizon=timedelta(days=56),
    daily_cap=0,
)
_NOT_SHOWN = {Reason.WINDOW, Reason.HOURS, Reason.OFF_GRID}
_WHOLE_DAY = {Reason.HOLIDAY, Reason.TIME_OFF}


@dataclass(frozen=True, slots=True)
class PreviewOnly:
    """What the template of the preview needs of a page."""

    preview: Preview


def next_week(now: datetime, zone: str) -> list[date]:
    """Monday to Friday of the coming week, which is when the service window opens."""
    today = local(now, zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return [monday + timedelta(days=n) for n in range(5)]


def span_of(days: Sequence[date], zone: str) -> Interval:
    """From the first day's midnight to the end of the last, in UTC."""
    return Interval(day_interval(days[0], zone).start, day_interval(days[-1], zone).end)


def preview_of(
    judged: Iterable[tuple[datetime, Reason | None]],
    days: Sequence[date],
    now: datetime,
    zone: str,
    language: str,
    outside: int,
    holidays: Mapping[date, str],
) -> Preview:
    """The starts of the week with what is missing struck out; ``outside`` calls fall out of the new hours."""
    by_day: dict[date, list[tuple[datetime, Reason | None]]] = {day: [] for day in days}
    for start, reason in judged:
        day = local(start, zone).date()
        if reason not in _NOT_SHOWN and day in by_day:
            by_day[day].append((start, reason))
    return Preview(
        title=_title(days, now, zone, language),
        days=tuple(_day(day, starts, zone, language, holidays) for day, starts in by_day.items()),
        warning=_outside_words(outside),
    )


def closed_preview(days: Sequence[date], now: datetime, zone: str, language: str) -> Preview:
    """The preview while the calendar cannot be read."""
    words = _("Customers see no times, because your calendar cannot be read at the moment.")
    return Preview(_title(days, now, zone, language), (), "", words)


def _title(days: Sequence[date], now: datetime, zone: str, language: str) -> str:
    span = wording.days_range(days[0], days[-1], language)
    where = wording.zone_name(now, zone, language)
    return _("%(days)s, calls of 30 minutes, %(zone)s", days=span, zone=where)


def _day(
    day: date,
    starts: Sequence[tuple[datetime, Reason | None]],
    zone: str,
    language: str,
    holidays: Mapping[date, str],
) -> PreviewDay:
    name = f"{wording.weekday_short(day, language)} {day.day}"
    reasons = {reason for _start, reason in starts}
    if not starts:
        return PreviewDay(name, (), _("Not working"))
    if reasons <= _WHOLE_DAY:
        words = _day_off(holidays.get(day)) if Reason.HOLIDAY in reasons else _("Time off")
        return PreviewDay(name, (), words)
    slots = (PreviewSlot(wording.clock(start, zone), reason_words(reason)) for start, reason in starts)
    return PreviewDay(name, tuple(slots))


def _day_off(holiday: str | None) -> str:
    return _("Public holiday: %(name)s", name=holiday) if holiday else _("Public holiday")


def reason_words(reason: Reason | None) -> str:
    """Why a start is not offered, for the specialist; empty when it is."""
    match reason:
        case None:
            return ""
        case Reason.BUSY:
            return _("In your calendar")
        case Reason.TAKEN:
            return _("Taken by a call")
        case Reason.TIME_OFF:
            return _("Time off")
        case Reason.HOLIDAY:
            return _("Public holiday")
    return _("Not open for booking")


def _outside_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)s booked call falls outside the new hours",
        "%(num)s booked calls fall outside the new hours",
        count,
    )


def time_off_id(href: str) -> str:
    """What stands for a calendar object in addresses."""
    return token_hash(href)[:16]


@dataclass(frozen=True, slots=True)
class _Entry:
    first: date
    last: date
    title: str
    note: str = ""
    id: str = ""


def time_off_rows(
    existing: Iterable[Existing],
    edits: Iterable[Edit],
    holidays: Mapping[date, str],
    country: str,
    today: date,
    language: str,
) -> tuple[TimeOffRow, ...]:
    """Time off that is not over, changes of it on their way to the calendar, and the coming holidays."""
    leaving = {str(edit.wanted["href"]) for edit in edits if edit.kind == REMOVE_TIME_OFF}
    entries = [_on_its_way(edit) for edit in edits if edit.kind == ADD_TIME_OFF]
    for item in existing:
        first, last = item.hours.first_day, item.hours.last_day
        if not item.hours.is_time_off or first is None or last is None:
            continue
        title = scrubbed(item.hours.summary, 200) or _("Time off")
        is_leaving = item.href in leaving
        note = _("is being removed") if is_leaving else ""
        entries.append(_Entry(first, last, title, note, "" if is_leaving else time_off_id(item.href)))
    land = Locale.parse(language).territories.get(country, country)
    entries += [_Entry(day, day, name, f"{_('Public holiday')}, {land}") for day, name in holidays.items()]
    ahead = sorted((item for item in entries if item.last >= today), key=lambda item: (item.first, item.last))
    return tuple(_row(item, language) for item in ahead)


def _on_its_way(edit: Edit) -> _Entry:
    return _Entry(*edit.days, edit.title, _("not in the calendar yet"))


def _row(entry: _Entry, language: str) -> TimeOffRow:
    first, last = entry.first, entry.last
    month = wording.month_short(first, language)
    if first == last:
        leaf = DateLeaf(month, str(first.day), wording.weekday_short(first, language))
        days = wording.day_short(first, language)
    else:
        until = str(last.day) if last.month == first.month else wording.day_and_month(last, language)
        leaf = DateLeaf(month, str(first.day), f"–{until}")
        days = wording.days_range(first, last, language)
    detail = ", ".join(filter(None, (days, entry.note)))
    return TimeOffRow(entry.id, leaf, entry.title, detail, bool(entry.id))
