"""The line that says which zone the times of a week are in, the zones to choose from, and clock changes."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from app.booking.choices import ZoneChoice, ZoneLine
from app.booking.in_words import Reader, first_name
from app.customers.profiles import SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.zones import COMMON_ZONES, is_zone, offset_minutes, to_utc


def chosen_zone(asked: str, home: str) -> str:
    """The zone asked for in the address; names that nobody knows fall back to the profile's."""
    return asked if asked and is_zone(asked) else home


def zone_line(
    reader: Reader,
    now: datetime,
    specialist: SpecialistProfile,
    home_zone: str,
    slots: Sequence[Interval],
    link: Callable[..., str],
    lists_all: bool,
) -> ZoneLine:
    """Zone, its clock now, and the letters of the service's zone when its clock differs."""
    return ZoneLine(
        name=reader.zone,
        city=wording.city(reader.zone, reader.language),
        offset=wording.offset(slots[0].start if slots else now, reader.zone),
        now=wording.clock(now, reader.zone),
        service=_letters(reader, [slot.start for slot in slots] or [now]),
        choices=_choices(reader, now, specialist, home_zone, link),
        all_url=link(zones="all"),
        all_zones=tuple(COMMON_ZONES) if lists_all else (),
    )


def _letters(reader: Reader, moments: Sequence[datetime]) -> str:
    elsewhere = [moment for moment in moments if reader.is_elsewhere(moment)]
    names = dict.fromkeys(wording.service_abbreviation(moment, reader.service_zone) for moment in elsewhere)
    return "/".join(names)


def _choices(
    reader: Reader,
    now: datetime,
    specialist: SpecialistProfile,
    home_zone: str,
    link: Callable[..., str],
) -> tuple[ZoneChoice, ...]:
    reasons = {
        home_zone: _("your profile"),
        specialist.time_zone: first_name(specialist.name),
        reader.zone: _("chosen now"),
    }
    reasons[home_zone] = _("your profile")
    return tuple(
        ZoneChoice(
            name=name,
            city=wording.city(name, reader.language),
            offset=wording.offset(now, name),
            now=wording.clock(now, name),
            why=why,
            url=link(zone="" if name == home_zone else name),
            is_chosen=name == reader.zone,
        )
        for name, why in reasons.items()
    )


def clock_change(reader: Reader, first: date) -> str:
    """The sentence about a change of clocks in the week that begins on ``first``, or nothing."""
    for zone in dict.fromkeys((reader.zone, reader.service_zone)):
        for day in (first + timedelta(days=n) for n in range(7)):
            change = _change(day, zone)
            if change:
                place = wording.city(zone, reader.language)
                words = wording.day_plain(day, reader.language)
                if change > 0:
                    return _("Clocks in %(place)s go forward on %(day)s.", place=place, day=words)
                return _("Clocks in %(place)s go back on %(day)s.", place=place, day=words)
    return ""


def _change(day: date, zone: str) -> int:
    """By how many minutes the zone's clock is set forward on that day."""
    noon = time(12)
    before, after = to_utc(day - timedelta(days=1), noon, zone), to_utc(day, noon, zone)
    return offset_minutes(after, zone) - offset_minutes(before, zone)
