"""The booking page as values: a week of free times in the reader's words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.presence import Presence
from app.booking.choices import LengthChoice, ZoneLine
from app.booking.in_words import (
    Reader,
    first_name,
    length_field,
    length_name,
    person,
    service_time,
)
from app.booking.pages import (
    Band,
    Closed,
    Day,
    EmptyWeek,
    Moving,
    Slot,
    StandingLine,
    TypeChoice,
    WeekPage,
)
from app.booking.rules import minutes
from app.booking.values import ANY_SENIOR, CallTypeValue
from app.booking.zone_choice import clock_change, zone_line
from app.customers.profiles import SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.zones import local

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """What a week view is made of.

    ``slots`` reach from the shown week up to the horizon, so that an empty week knows the next free time;
    ``closed_days`` says of each of the reader's days inside the service window why it has none, if it has
    none; ``last_day`` is the last one that can be booked. ``address`` makes this page's address with other
    query values (``call_type``, ``week``, ``zone``, ``zones``, ``senior``). ``senior`` is who is brought in,
    as ``asks_senior`` asks for. ``others`` says whom the times of a day are with where it is not
    ``specialist``, ``standing`` who stands in and when.
    """

    first: date
    now: datetime
    reader: Reader
    specialist: SpecialistProfile
    presence: Presence | None
    call_type: CallTypeValue
    call_types: Sequence[CallTypeValue]
    slots: Sequence[Interval]
    closed_days: Mapping[date, str]
    last_day: date
    home_zone: str
    action: str
    address: Callable[..., str]
    closed: Closed | None = None
    moving: Moving | None = None
    problem: str = ""
    as_of: datetime | None = None
    lists_zones: bool = False
    senior: SpecialistProfile | None = None
    can_ask_senior: bool = False
    asks_senior: str = ""
    topic: str = ""
    others: Mapping[date, str] = field(default_factory=dict)
    standing: StandingLine | None = None

    @property
    def today(self) -> date:
        """The reader's day."""
        return wording.local_date(self.now, self.reader.zone)

    @property
    def last(self) -> date:
        """The week's last day."""
        return self.first + timedelta(days=6)

    @property
    def is_usual_length(self) -> bool:
        """Whether the times are for the length that is offered first."""
        return self.call_type.lengths[:1] in ((), (self.call_type.rules.length,))

    def link(self, **changes: str) -> str:
        """This page's address with some query values changed."""
        zone = "" if self.reader.zone == self.home_zone else self.reader.zone
        values = {
            "call_type": self.call_type.slug,
            "length": "" if self.is_usual_length else str(minutes(self.call_type.rules.length)),
            "week": self.first.isoformat(),
            "zone": zone,
            "senior": self.asks_senior,
            "topic": self.topic,
            **changes,
        }
        return self.address(**{name: value for name, value in values.items() if value})


def first_week(slots: Sequence[Interval], now: datetime, reader: Reader) -> date:
    """The first day of the reader's first week with free times; this week when there are none."""
    first = slots[0].start if slots else now
    return wording.week_start(wording.local_date(first, reader.zone), reader.language)


def week_page(week: Week) -> WeekPage:
    """The page."""
    shown = [slot for slot in week.slots if _day(slot, week) <= week.last]
    days = () if week.closed else _days(week, shown)
    is_current = week.first <= week.today
    next_first = week.first + _WEEK
    return WeekPage(
        specialist=person(week.specialist, week.reader, week.now, week.presence),
        call_types=() if week.moving else _type_choices(week),
        call_type=week.call_type.slug,
        title=_title(week, days),
        badge=_badge(week),
        previous_url="" if is_current else week.link(week=(week.first - _WEEK).isoformat()),
        next_url=week.link(week=next_first.isoformat()) if next_first <= week.last_day else "",
        zone=_zone(week, shown),
        week=week.first.isoformat(),
        action=week.action,
        days=days if shown else (),
        empty=None if shown or week.closed else _empty(week, days),
        closed=week.closed,
        moving=week.moving,
        problem=week.problem,
        as_of=_age(week),
        clock_change=clock_change(week.reader, week.first),
        zone_changed=week.reader.zone != week.home_zone,
        lengths=() if week.moving else _lengths(week),
        length="" if week.moving else length_field(week.call_type),
        senior=person(week.senior, week.reader, week.now) if week.senior else None,
        asks_senior=week.asks_senior,
        topic=week.topic,
        standing=week.standing,
        senior_url=week.link(senior="" if week.asks_senior else ANY_SENIOR) if week.can_ask_senior else "",
    )


def _zone(week: Week, shown: Sequence[Interval]) -> ZoneLine:
    return zone_line(
        week.reader, week.now, week.specialist, week.home_zone, shown, week.link, week.lists_zones
    )


def _day(slot: Interval, week: Week) -> date:
    return wording.local_date(slot.start, week.reader.zone)


def _days(week: Week, shown: Sequence[Interval]) -> tuple[Day, ...]:
    by_day = {day: list(slots) for day, slots in groupby(shown, key=lambda slot: _day(slot, week))}
    all_days = (week.first + timedelta(days=n) for n in range(7))
    return tuple(
        _one_day(day, by_day.get(day, []), week)
        for day in all_days
        if day in by_day or (day in week.closed_days and week.today <= day <= week.last_day)
    )


def _one_day(day: date, slots: Sequence[Interval], week: Week) -> Day:
    language = week.reader.language
    return Day(
        iso=day.isoformat(),
        weekday=wording.weekday_short(day, language),
        date=wording.day_and_month(day, language),
        number=str(day.day),
        spoken=_("on %(day)s", day=wording.day_long(day, language)),
        free=ngettext("%(num)s free", "%(num)s free", len(slots)) if slots else "",
        count=len(slots),
        bands=_bands(slots, week.reader),
        reason="" if slots else week.closed_days[day],
        with_whom=week.others.get(day, ""),
    )


def _bands(slots: Iterable[Interval], reader: Reader) -> tuple[Band, ...]:
    names = (
        ("night", _("Night")),
        ("morning", _("Morning")),
        ("afternoon", _("Afternoon")),
        ("evening", _("Evening")),
    )
    quarters = groupby(slots, key=lambda slot: local(slot.start, reader.zone).hour // 6)
    return tuple(
        Band(names[quarter][0], names[quarter][1], tuple(_slot(slot, reader) for slot in group))  # type: ignore[arg-type]
        for quarter, group in quarters
    )


def _slot(slot: Interval, reader: Reader) -> Slot:
    return Slot(
        wording.rfc3339(slot.start), wording.clock(slot.start, reader.zone), service_time(slot.start, reader)
    )


def _type_choices(week: Week) -> tuple[TypeChoice, ...]:
    return tuple(
        TypeChoice(
            slug=item.slug,
            name=item.name(week.reader.language),
            detail=_type_detail(item, week.reader.language),
            url=week.link(call_type=item.slug, length=""),
            is_chosen=item.slug == week.call_type.slug,
        )
        for item in week.call_types
    )


def _type_detail(item: CallTypeValue, language: str) -> str:
    lengths = ", ".join(str(minutes(length)) for length in item.lengths or (item.rules.length,))
    length = _("%(minutes)s min", minutes=lengths)
    hint = item.hint(language)
    return f"{length} · {hint}" if hint else length


def _lengths(week: Week) -> tuple[LengthChoice, ...]:
    """The lengths to choose from, if there is more than one."""
    offered = week.call_type.lengths
    if len(offered) < 2:
        return ()
    return tuple(
        LengthChoice(
            name=length_name(length),
            url=week.link(length="" if length == offered[0] else str(minutes(length))),
            is_chosen=length == week.call_type.rules.length,
        )
        for length in offered
    )


def _title(week: Week, days: Sequence[Day]) -> str:
    return wording.days_range(*_ends(week, days), week.reader.language)


def _ends(week: Week, days: Sequence[Day]) -> tuple[date, date]:
    """The first and the last day that the page is about."""
    if not days:
        return max(week.first, week.today), week.last
    return date.fromisoformat(days[0].iso), date.fromisoformat(days[-1].iso)


def _badge(week: Week) -> str:
    ahead = (week.first - wording.week_start(week.today, week.reader.language)).days
    return {0: _("This week"), 7: _("Next week")}.get(ahead, "")


def _empty(week: Week, days: Sequence[Day]) -> EmptyWeek:
    first, last = _ends(week, days)
    title = _(
        "No free times from %(first)s to %(last)s",
        first=wording.day_plain(first, week.reader.language),
        last=wording.day_plain(last, week.reader.language),
    )
    sentences = [*_reasons(days), _next_words(week)]
    if not week.slots:
        return EmptyWeek(title, " ".join(sentences))
    day = _day(week.slots[0], week)
    label = _("Go to %(day)s", day=wording.day_short(day, week.reader.language))
    start = wording.week_start(day, week.reader.language)
    return EmptyWeek(title, " ".join(sentences), label, week.link(week=start.isoformat()))


def _reasons(days: Sequence[Day]) -> list[str]:
    """Why, when the whole week has one reason."""
    reasons = {day.reason for day in days}
    return [f"{reasons.pop()}."] if len(reasons) == 1 else []


def _next_words(week: Week) -> str:
    if not week.slots:
        last = wording.day_plain(week.last_day, week.reader.language)
        return _("There are no free times up to %(day)s.", day=last)
    start = week.slots[0].start
    day = wording.day_long(_day(week.slots[0], week), week.reader.language)
    return _("The next free time is %(day)s, %(time)s.", day=day, time=wording.clock(start, week.reader.zone))


def _age(week: Week) -> str:
    if week.as_of is None or week.closed:
        return ""
    return _(
        "We cannot reach %(name)s's calendar right now. Times are as of %(time)s; "
        "we check again when you confirm.",
        name=first_name(week.specialist.name),
        time=wording.clock(week.as_of, week.reader.zone),
    )
