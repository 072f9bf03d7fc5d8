"""Public holidays of a country and region, by the package ``holidays``, and the days off of our own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from app.lib.wording import in_language


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day off that an administrator named, by language; without a country it is one everywhere."""

    public_id: str
    day: date
    country: str
    region: str
    names: Mapping[str, str]

    def holds_in(self, country: str, region: str) -> bool:
        """Whether it is a day off there."""
        return self.country in {"", country} and self.region in {"", region}


def holiday_names(
    country: str, years: Iterable[int], language: str = "en", region: str = "", own: Sequence[OwnDay] = ()
) -> dict[date, str]:
    """The days off in a country (ISO 3166-1) or region of it (ISO 3166-2 without the country), with names.

    A region that the package does not know has the holidays of the whole country; a country that it does not
    know has only our ``own`` days, which go first where both fall on one day. Names are in ``language`` where
    there are such, else in English, else in the country's own.
    """
    names: dict[date, str] = {}
    for year in years:
        names.update(_of_year(country.upper(), region, year, language))
    # What holds for fewer people is the better name.
    for item in sorted(own, key=lambda item: (item.country, item.region)):
        if item.holds_in(country, region):
            names[item.day] = in_language(item.names, language)
    return names


def regions() -> Mapping[str, Sequence[str]]:
    """The countries that are known, by code, each with the codes of its regions."""
    return _regions()


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    found = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(found[country]) for country in sorted(found)}


@lru_cache(maxsize=1)
def _languages() -> dict[str, list[str]]:
    return holidays.list_localized_countries()


@lru_cache(maxsize=512)
def _of_year(country: str, region: str, year: int, language: str) -> dict[date, str]:
    languages = _languages().get(country, [])
    by_wish = [code for wish in (language, "en") for code in languages if code.split("_")[0] == wish]
    known = region if region in _regions().get(country, ()) else None
    chosen = by_wish[0] if by_wish else None
    try:
        found = holidays.country_holidays(country, subdiv=known, years=year, language=chosen)
    except NotImplementedError:
        return {}
    return dict(found.items())
