"""Values in the words of one reader: their language, their zone, and the service's zone in small figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.pages import DateLeaf, Person, When
from app.availability.pages import Presence as PresencePill
from app.availability.presence import Presence, State, Why
from app.booking.pages import Reach
from app.booking.rules import minutes
from app.booking.values import CallTypeValue
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.customers.reaching import mail_to, number_to
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.zones import local


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page: ``language``, ``zone`` of the times, and the service's own zone beside it."""

    language: str
    zone: str
    service_zone: str

    def is_elsewhere(self, moment: datetime) -> bool:
        """Whether the reader's clock differs from the service's at that moment."""
        return local(moment, self.zone).utcoffset() != local(moment, self.service_zone).utcoffset()


def service_time(moment: datetime, reader: Reader) -> str:
    """ "11:30 CET", with its weekday where the day differs ("Mon 13:30 CET"); empty when clocks agree."""
    if not reader.is_elsewhere(moment):
        return ""
    time = wording.clock(moment, reader.service_zone)
    return f"{_other_weekday(moment, reader)}{time} {_letters(moment, reader)}"


def service_span(span: Interval, reader: Reader) -> str:
    """ "14:00–14:30 CET", with its weekday where the day differs; empty when both clocks agree."""
    if not reader.is_elsewhere(span.start):
        return ""
    times = wording.span(span, reader.service_zone)
    return f"{_other_weekday(span.start, reader)}{times} {_letters(span.start, reader)}"


def _letters(moment: datetime, reader: Reader) -> str:
    return wording.service_abbreviation(moment, reader.service_zone)


def _other_weekday(moment: datetime, reader: Reader) -> str:
    there = wording.local_date(moment, reader.service_zone)
    is_same_day = there == wording.local_date(moment, reader.zone)
    return "" if is_same_day else f"{wording.weekday_short(there, reader.language)} "


def when(span: Interval, reader: Reader) -> When:
    """A call's time in full."""
    return When(
        day=wording.day_long(wording.local_date(span.start, reader.zone), reader.language),
        span=wording.span(span, reader.zone),
        zone=wording.zone_name(span.start, reader.zone, reader.language),
        service=service_span(span, reader),
        starts_at=wording.rfc3339(span.start),
    )


def day_name(moment: datetime, reader: Reader, now: datetime) -> str:
    """ "Today", "Tomorrow" or "Fri 27 Nov"."""
    day = wording.local_date(moment, reader.zone)
    match (day - wording.local_date(now, reader.zone)).days:
        case 0:
            return _("Today")
        case 1:
            return _("Tomorrow")
    return wording.day_short(day, reader.language)


def day_and_time(moment: datetime, reader: Reader) -> str:
    """ "Tue 24 Nov, 14:12"."""
    day = wording.day_short(wording.local_date(moment, reader.zone), reader.language)
    return f"{day}, {wording.clock(moment, reader.zone)}"


def leaf(moment: datetime, reader: Reader) -> DateLeaf:
    """The calendar leaf of a day."""
    day = wording.local_date(moment, reader.zone)
    return DateLeaf(
        wording.weekday_short(day, reader.language), str(day.day), wording.month_short(day, reader.language)
    )


def length_name(length: timedelta) -> str:
    """ "30 minutes"."""
    return ngettext("%(num)s minute", "%(num)s minutes", minutes(length))


def length_field(call_type: CallTypeValue) -> str:
    """The chosen length in minutes as forms carry it; empty when there is no choice."""
    return str(minutes(call_type.rules.length)) if len(call_type.lengths) > 1 else ""


def first_name(name: str) -> str:
    """The first word of a name."""
    return name.split()[0] if name.split() else name


def initials(name: str) -> str:
    """The first letters of somebody's first and last name."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else ""


def person(
    profile: SpecialistProfile, reader: Reader, now: datetime, presence: Presence | None = None
) -> Person:
    """A specialist as customers see them."""
    return Person(
        name=profile.name,
        first_name=first_name(profile.name),
        initials=initials(profile.name),
        role=profile.title(reader.language),
        presence=presence_pill(presence, reader, now, first_name(profile.name)) if presence else None,
    )


def presence_pill(presence: Presence, reader: Reader, now: datetime, name: str = "") -> PresencePill | None:
    """ "In now, until 21:00 (17:00 CET)", "On a call, free at 10:30", "Back Monday 09:00".

    Nothing where the calendar cannot be read, except with the ``name`` of whose it is.
    """
    until = _until(presence.until, reader, now) if presence.until else ""
    match presence.state:
        case State.IN:
            text = _("In now, until %(time)s", time=until) if until else _("In now")
        case State.ON_CALL:
            text = _("On a call, free at %(time)s", time=until) if until else _("On a call")
        case State.AWAY:
            text = _away(presence, reader, now, until)
        case State.UNKNOWN:
            text = _("We cannot see %(name)s's calendar right now", name=name) if name else ""
    return PresencePill(presence.state.value, text) if text else None


def _away(presence: Presence, reader: Reader, now: datetime, until: str) -> str:
    if presence.until is None:
        holiday = _("Away: public holiday (%(holiday)s)", holiday=presence.holiday)
        return holiday if presence.holiday else _("Away")
    back = moment_in_words(presence.until, reader, now)
    match presence.why:
        case Why.HOURS:
            return _("Back %(time)s", time=back)
        case Why.TIME_OFF:
            return _("Away, back %(time)s", time=back)
        case Why.HOLIDAY:
            return _("Public holiday (%(holiday)s), back %(time)s", holiday=presence.holiday, time=back)
    return _("Away until %(time)s", time=until)


def moment_in_words(moment: datetime, reader: Reader, now: datetime) -> str:
    """ "at 13:00 (11:00 CET)", "Monday 09:00 (08:00 CET)", "Thu 10 Dec 09:00", "10 декабря, 09:00"."""
    day, clock = wording.local_date(moment, reader.zone), wording.clock(moment, reader.zone)
    service = service_time(moment, reader)
    time = f"{clock} ({service})" if service else clock
    ahead = (day - wording.local_date(now, reader.zone)).days
    if not ahead:
        return _("at %(time)s", time=time)
    if reader.language != "en":
        return f"{wording.day_plain(day, reader.language)}, {time}"
    name = wording.weekday_long(day, "en") if ahead < 7 else wording.day_short(day, "en")
    return f"{name} {time}"


def _until(moment: datetime, reader: Reader, now: datetime) -> str:
    clock = wording.clock(moment, reader.zone)
    day = wording.local_date(moment, reader.zone)
    ahead = (day - wording.local_date(now, reader.zone)).days
    if not ahead:
        service = service_time(moment, reader)
        return f"{clock} ({service})" if service else clock
    if reader.language != "en":
        return f"{wording.day_plain(day, reader.language)}, {clock}"
    name = wording.weekday_short(day, "en") if ahead < 7 else wording.day_short(day, "en")
    return f"{name} {clock}"


def reach(profile: SpecialistProfile, settings: Settings) -> Reach:
    """How to reach the specialist without a booked call, and the ways that are open round the clock."""
    mail, number = mail_to(settings, profile.email), number_to(settings, profile.phone)
    return Reach(mail, number, settings.standard_chat_url, settings.standard_email)
