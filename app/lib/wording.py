"""Moments, days and zones in words, as pages, mails and lists write them (24 h, never digits-only dates)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date

from app.lib.intervals import Interval
from app.lib.zones import local, offset_minutes

_DAY_LONG = {"en": "EEEE d MMMM", "ru": "EEEE, d MMMM"}
_ZONE_NAME = {"en": "{city} time, {offset}", "ru": "{city}, {offset}"}
_ZONE_LINE = {"en": "Times in {city} time ({offset})", "ru": "Время: {city} ({offset})"}

# English pages are read all over the world: the week of plain "en" would start on Sunday.
_WEEK_LOCALES = {"en": "en_GB"}


# The moments of the grid are the same objects in every listing: the text of each is made once.
@lru_cache(maxsize=20_000)
def rfc3339(moment: datetime) -> str:
    """A moment for machines, in UTC: ``2026-11-24T10:30:00Z``."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def clock(moment: datetime, zone: str) -> str:
    """The wall clock of a zone: "15:30"."""
    return f"{local(moment, zone):%H:%M}"


def span(interval: Interval, zone: str) -> str:
    """From start to end on the wall clock of a zone: "18:00–18:30"."""
    return f"{clock(interval.start, zone)}–{clock(interval.end, zone)}"


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in a zone."""
    return local(moment, zone).date()


def day_short(day: date, language: str) -> str:
    """ "Tue 24 Nov", "Вт 24 нояб."."""
    return _capital(format_date(day, "EEE d MMM", locale=language))


def day_long(day: date, language: str) -> str:
    """ "Tuesday 24 November", "вторник, 24 ноября"."""
    return format_date(day, _DAY_LONG.get(language, "EEEE d MMMM"), locale=language)


def day_plain(day: date, language: str) -> str:
    """ "24 November", "24 ноября": for inside sentences, where a Russian weekday would need a case."""
    return format_date(day, "d MMMM", locale=language)


def until(moment: datetime, zone: str, language: str) -> str:
    """ "Wednesday 25 November, 16:00", "25 ноября, 16:00": what can stand after "until" and «до»."""
    day = local_date(moment, zone)
    words = day_long(day, language) if language == "en" else day_plain(day, language)
    return f"{words}, {clock(moment, zone)}"


def day_and_month(day: date, language: str) -> str:
    """ "24 Nov", "24 нояб."."""
    return format_date(day, "d MMM", locale=language)


def weekday_short(day: date, language: str) -> str:
    """ "Tue", "Вт"."""
    return _capital(format_date(day, "EEE", locale=language))


def weekday_long(day: date, language: str) -> str:
    """ "Tuesday", "вторник"."""
    return format_date(day, "EEEE", locale=language)


def month_long(day: date, language: str) -> str:
    """ "November 2026", "Ноябрь 2026"."""
    return _capital(format_date(day, "LLLL yyyy", locale=language))


def month_short(day: date, language: str) -> str:
    """ "Nov", "нояб."."""
    return format_date(day, "MMM", locale=language)


def days_range(first: date, last: date, language: str) -> str:
    """ "24 Nov – 27 Nov"; a single day stands alone."""
    if first == last:
        return day_and_month(first, language)
    return f"{day_and_month(first, language)} – {day_and_month(last, language)}"


def week_start(day: date, language: str) -> date:
    """The first day of the week that holds ``day``, by the habit of the language."""
    first = Locale.parse(_WEEK_LOCALES.get(language, language)).first_week_day
    return day - timedelta(days=(day.weekday() - first) % 7)


def service_abbreviation(moment: datetime, zone: str) -> str:
    """ "CET" or "CEST" by the date; zones without letters are named by their offset."""
    name = local(moment, zone).tzname() or ""
    return name if name.isalpha() else offset(moment, zone)


def offset(moment: datetime, zone: str) -> str:
    """ "UTC+5", "UTC+5:30", "UTC−5" with a real minus; "UTC" without any."""
    minutes = offset_minutes(moment, zone)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def zone_name(moment: datetime, zone: str, language: str) -> str:
    """ "Almaty time, UTC+5", "Алматы, UTC+5" by the offset at that moment."""
    return _ZONE_NAME[language].format(city=city(zone, language), offset=offset(moment, zone))


def zone_line(moment: datetime, zone: str, language: str) -> str:
    """ "Times in Almaty time (UTC+5)": which zone a page's times are in."""
    return _ZONE_LINE[language].format(city=city(zone, language), offset=offset(moment, zone))


def city(zone: str, language: str) -> str:
    """The zone's city in the language: "Almaty", "Алматы"; kept as chosen ("Kyiv" stays Kyiv)."""
    own = zone.rpartition("/")[2].replace("_", " ")
    cities = Locale.parse(language).time_zones
    # CLDR keeps some cities under their old names (Asia/Calcutta): in English the name as chosen says it.
    names = [zone] if language == "en" else [zone, *_old_names(zone)]
    return next((found for name in names if (found := cities.get(name, {}).get("city"))), own)


@lru_cache(maxsize=1024)
def _old_names(zone: str) -> tuple[str, ...]:
    aliases = get_global("zone_aliases")
    canonical = aliases.get(zone, zone)
    return (canonical, *(old for old, new in aliases.items() if new in {zone, canonical}))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in English, else nothing."""
    return texts.get(language) or texts.get("en", "")


def languages_in_words(codes: str, language: str) -> str:
    """Languages by code (``en,ru``) as they are called in a language: "English, Russian"."""
    names = Locale.parse(language).languages
    return ", ".join(names.get(code, code) for code in codes.replace(" ", "").split(",") if code)
