"""Public holidays of a country, by the package ``holidays``."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays


def holiday_names(country: str, years: Iterable[int], language: str = "en") -> dict[date, str]:
    """The public holidays of an ISO 3166 country code with their names.

    The names are in ``language`` where the package has it, else in English, else in the country's own.
    Empty for a country that the package does not know.
    """
    names: dict[date, str] = {}
    for year in years:
        names.update(_of_year(country.upper(), year, language))
    return names


@lru_cache(maxsize=256)
def _of_year(country: str, year: int, language: str) -> dict[date, str]:
    languages = holidays.list_localized_countries().get(country, [])
    by_wish = [code for wish in (language, "en") for code in languages if code.split("_")[0] == wish]
    try:
        found = holidays.country_holidays(country, years=year, language=by_wish[0] if by_wish else None)
    except NotImplementedError:
        return {}
    return dict(found.items())
