"""The page of holidays in words, and what is typed into its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from flask_babel import gettext as _

from app.admin.holidays.pages import DayCall, HolidayRow, HolidaysPage
from app.admin.settings.pages import Input
from app.availability.holidays import OwnDay, holiday_names, regions
from app.availability.pages import Problem
from app.booking.in_words import Reader, day_and_time
from app.booking.values import CallValue
from app.lib import wording
from app.lib.text import UncleanText, one_line

EVERYWHERE, COUNTRY, REGION = "everywhere", "country", "region"
_NAME_LIMIT = 100
_YEARS_BACK, _YEARS_AHEAD = 1, 5


@dataclass(frozen=True, slots=True)
class Place:
    """Which days are looked at: a country, perhaps one of its regions, and a year."""

    country: str
    region: str
    year: int


def asked_place(asked: Mapping[str, str], usual: Place) -> Place:
    """What an address asks for; nonsense is the usual."""
    country = asked.get("country", usual.country)
    if country not in regions():
        country = usual.country if usual.country in regions() else next(iter(regions()))
    region = asked.get("region", usual.region if country == usual.country else "")
    year = asked.get("year", "")
    near = range(usual.year - _YEARS_BACK, usual.year + _YEARS_AHEAD + 1)
    chosen = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else usual.year
    return Place(
        country, region if region in regions()[country] else "", chosen if chosen in near else usual.year
    )


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day off as typed; ``faults`` by field."""

    day: date | None
    place: tuple[str, str]
    names: dict[str, str]
    faults: dict[str, str]


def read_day(form: Mapping[str, str], place: Place) -> TypedDay:
    """The day off that the form asks for."""
    faults: dict[str, str] = {}
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        day = None
    if day is None or abs(day.year - place.year) > _YEARS_AHEAD + _YEARS_BACK:
        faults["day"] = _("Choose a day")
    names = {}
    for language in ("en", "ru"):
        try:
            names[language] = one_line(form.get(f"name-{language}", ""), _NAME_LIMIT)
        except UncleanText:
            faults[f"name-{language}"] = _("Write a short, plain name")
    scope = form.get("scope", EVERYWHERE)
    where = {COUNTRY: (place.country, ""), REGION: (place.country, place.region)}.get(scope, ("", ""))
    return TypedDay(day, where, names, faults)


def holidays_page(
    place: Place,
    own: Sequence[OwnDay],
    calls: Mapping[str, Sequence[CallValue]],
    reader: Reader,
    usual: Place,
    *,
    form: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    outcome: str = "",
) -> HolidaysPage:
    """The year's days off there and those of our own; ``calls`` are booked ones by a day's public id."""
    other = "ru" if reader.language == "en" else "en"
    names, others = (
        holiday_names(place.country, [place.year], language, place.region)
        for language in (reader.language, other)
    )
    rows = [(day, _public(day, name, others.get(day, ""), reader.language)) for day, name in names.items()]
    here = [
        item for item in own if item.day.year == place.year and item.holds_in(place.country, place.region)
    ]
    rows += [(item.day, _own(item, calls.get(item.public_id, ()), reader, other)) for item in here]
    return HolidaysPage(
        country=place.country,
        region=place.region,
        year=place.year,
        place=_place_name(place.country, place.region, reader.language),
        choices=_choices(place, usual, reader.language),
        rows=tuple(row for _day, row in sorted(rows, key=lambda item: item[0])),
        inputs=_inputs(place, form or {}, faults or {}, reader.language),
        problems=tuple(Problem(field, text) for field, text in (faults or {}).items()),
        outcome=outcome,
    )


def added_words(calls: int) -> str:
    """What is said right after a day off was added."""
    if calls:
        return _("Added. Calls are booked on that day: they stay until somebody moves or cancels them.")
    return _("Added.")


def _public(day: date, name: str, other: str, language: str) -> HolidayRow:
    return HolidayRow(wording.day_short(day, language), name, other if other != name else "", "")


def _own(item: OwnDay, calls: Sequence[CallValue], reader: Reader, other: str) -> HolidayRow:
    return HolidayRow(
        day=wording.day_short(item.day, reader.language),
        name=wording.in_language(item.names, reader.language),
        other_name=wording.in_language(item.names, other),
        where=_place_name(item.country, item.region, reader.language),
        id=item.public_id,
        calls=tuple(
            DayCall(
                call.public_id,
                f"{day_and_time(call.start, reader)}, {call.company_name}, {call.specialist.name}",
            )
            for call in calls
        ),
    )


def _place_name(country: str, region: str, language: str) -> str:
    if not country:
        return _("Everywhere")
    land = str(Locale.parse(language).territories.get(country, country))
    return f"{land}, {region}" if region else land


def _choices(place: Place, usual: Place, language: str) -> tuple[Input, ...]:
    lands = Locale.parse(language).territories
    countries = sorted(((code, str(lands.get(code, code))) for code in regions()), key=lambda item: item[1])
    parts = (("", _("The whole country")), *((code, code) for code in regions()[place.country]))
    years = tuple(
        (str(year), str(year)) for year in range(usual.year - _YEARS_BACK, usual.year + _YEARS_AHEAD + 1)
    )
    return (
        Input("country", _("Country"), place.country, "choice", choices=tuple(countries)),
        Input("region", _("Region"), place.region, "choice", choices=parts),
        Input("year", _("Year"), str(place.year), "choice", choices=years),
    )


def _inputs(
    place: Place, form: Mapping[str, str], faults: Mapping[str, str], language: str
) -> tuple[Input, ...]:
    scopes = [(EVERYWHERE, _("Everywhere")), (COUNTRY, _place_name(place.country, "", language))]
    if place.region:
        scopes.append((REGION, _place_name(place.country, place.region, language)))
    names = (
        (f"name-{code}", text) for code, text in (("en", _("Name in English")), ("ru", _("Name in Russian")))
    )
    fields = [Input("day", _("Day"), form.get("day", ""), "date", problem=faults.get("day", ""))]
    fields += [Input(key, text, form.get(key, ""), problem=faults.get(key, "")) for key, text in names]
    chosen = form.get("scope", EVERYWHERE)
    return (*fields, Input("scope", _("Where"), chosen, "choice", choices=tuple(scopes)))
