"""Who stands in for whom and until when, in the reader's words."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.booking.in_words import Reader, day_and_time, first_name
from app.booking.pages import StandingLine
from app.booking.values import OpenTimes
from app.customers.roster import Served
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.zones import day_interval

_DAY = timedelta(days=1)


def standing_words(turns: Sequence[Served | None], language: str) -> str:
    """What a customer has to know of the turns from today on: the present stand-in, or the next one.

    Empty when the dedicated specialist serves as far as can be seen.
    """
    away = _next_away(turns)
    if away is None:
        return ""
    served, first = away
    return _later(served, first, language) if first else _now(served, language)


def standing_line(
    turns: Sequence[Served | None],
    found: Sequence[Interval],
    since: datetime,
    reader: Reader,
    address: Callable[..., str],
) -> StandingLine | None:
    """standing_words, and where nobody stands in the first time after that among those ``found``.

    They are all from ``since`` on; ``address`` makes the page of a ``week``.
    """
    away = _next_away(turns)
    if away is None:
        return None
    served, text = away[0], standing_words(turns, reader.language)
    if served.by is not None or served.back is None:
        return StandingLine(text)
    back = day_interval(served.back, reader.service_zone).start
    after = next((slot.start for slot in found if slot.start >= back), None) if since <= back else None
    if after is None:
        return StandingLine(text)
    week = wording.local_date(after, reader.zone).isoformat()
    return StandingLine(text, day_and_time(after, reader), address(week=week))


def _next_away(turns: Sequence[Served | None]) -> tuple[Served, date | None] | None:
    """The turn in which somebody is away now, or the next such one with its first day."""
    if not turns or turns[0] is None:
        return None
    if turns[0].is_away:
        return turns[0], None
    previous = turns[0]
    for served in turns[1:]:
        if served is not None and served.is_away and previous.until is not None:
            return served, previous.until + _DAY
        previous = served or previous
    return None


def _now(served: Served, language: str) -> str:
    name = first_name(served.dedicated.name)
    if served.by is None:
        if served.back is None:
            return _("%(name)s is away. Nobody stands in.", name=name)
        day = wording.day_plain(served.back - _DAY, language)
        return _("%(name)s is away until %(day)s. Nobody stands in.", name=name, day=day)
    stand_in = first_name(served.by.name)
    if served.until is None:
        return _("%(stand_in)s stands in for %(name)s.", stand_in=stand_in, name=name)
    day = wording.day_plain(served.until, language)
    return _("%(stand_in)s stands in for %(name)s until %(day)s.", stand_in=stand_in, name=name, day=day)


def _later(served: Served, first: date, language: str) -> str:
    begins, name = wording.day_plain(first, language), first_name(served.dedicated.name)
    ends = "" if served.until is None else wording.day_plain(served.until, language)
    if served.until == first:
        return _one_day(served, begins, name)
    if served.by is None:
        if not ends:
            return _("From %(first)s %(name)s is away. Nobody stands in.", first=begins, name=name)
        return _(
            "From %(first)s until %(last)s %(name)s is away. Nobody stands in.",
            first=begins,
            last=ends,
            name=name,
        )
    stand_in = first_name(served.by.name)
    if not ends:
        return _(
            "From %(first)s %(stand_in)s stands in for %(name)s.", first=begins, stand_in=stand_in, name=name
        )
    return _(
        "From %(first)s until %(last)s %(stand_in)s stands in for %(name)s.",
        first=begins,
        last=ends,
        stand_in=stand_in,
        name=name,
    )


def _one_day(served: Served, day: str, name: str) -> str:
    if served.by is None:
        return _("On %(day)s %(name)s is away. Nobody stands in.", day=day, name=name)
    stand_in = first_name(served.by.name)
    return _("On %(day)s %(stand_in)s stands in for %(name)s.", day=day, stand_in=stand_in, name=name)


def others_by_day(found: OpenTimes, reader: Reader) -> dict[date, str]:
    """Whom the times of the reader's days are with, where it is not whoever serves today alone."""
    people: dict[date, dict[int, str]] = {}
    for slot in found.offer.slots:
        person = found.person_at(slot.start)
        day = wording.local_date(slot.start, reader.zone)
        people.setdefault(day, {})[person.user_id] = first_name(person.name)
    usual = found.specialist.user_id
    return {day: _with(list(names.values())) for day, names in people.items() if set(names) != {usual}}


def _with(names: Sequence[str]) -> str:
    # A day of the reader's may be made of two of the service's.
    if len(names) == 1:
        return _("with %(name)s", name=names[0])
    return _("with %(first)s, then %(second)s", first=names[0], second=names[1])
