"""Companies, spans of the option, contacts and people of ours as they are typed on pages."""

import re
from collections.abc import Mapping

import holidays

from app.accounts.values import ADMINISTRATOR, SENIOR, SPECIALIST
from app.customers.entitlement import PLAN_WITH_OPTION
from app.customers.typed.faults import Edited
from app.customers.typed.reading import Reading, days_in_order

# From the least to the fullest.
PLANS = ("standard", PLAN_WITH_OPTION)
LANGUAGES = ("en", "ru")
STAFF_ROLES = (SPECIALIST, SENIOR, ADMINISTRATOR)
_SPOKEN = re.compile(r"[a-z]{2,3}")


def read_company(typed: Mapping[str, str]) -> Edited:
    """Name, plan, note."""
    reading = Reading(typed)
    reading.line("name")
    reading.choice("plan", PLANS)
    reading.lines("note")
    return reading.edited()


def read_span(typed: Mapping[str, str]) -> Edited:
    """A span of the option: ``starts_on``, ``ends_on`` (or None), ``price_cents``, ``note``."""
    reading = Reading({**typed, "price_cents": typed.get("price", "")})
    reading.day("starts_on")
    reading.day("ends_on", required=False)
    days_in_order(reading, "starts_on", "ends_on")
    reading.price("price_cents")
    reading.lines("note")
    return reading.edited()


def read_contact(typed: Mapping[str, str]) -> Edited:
    """What a contact is."""
    reading = Reading(typed)
    _person(reading)
    reading.phone("phone")
    return reading.edited()


def read_person(typed: Mapping[str, str]) -> Edited:
    """What somebody of ours is; what specialists have besides is read for them and for seniors alone."""
    reading = Reading(typed)
    _person(reading)
    reading.choice("role", STAFF_ROLES)
    if reading.text("role") == ADMINISTRATOR:
        return reading.edited()
    for name in ("title_en", "title_ru"):
        reading.line(name, required=False)
    reading.choice("country", countries())
    if reading.text("region") and reading.text("region") not in regions(reading.text("country")):
        reading.refuse("region", "region")
    else:
        reading.keep("region", reading.text("region"))
    reading.phone("phone")
    _spoken(reading)
    reading.link("room_url")
    reading.keep("stand_in", reading.text("stand_in"))
    return reading.edited()


def _person(reading: Reading) -> None:
    reading.line("name")
    reading.email("email")
    reading.zone("time_zone")
    reading.choice("language", LANGUAGES)


def _spoken(reading: Reading) -> None:
    codes = [code.strip() for code in reading.text("spoken_languages").lower().split(",") if code.strip()]
    if any(not _SPOKEN.fullmatch(code) for code in codes) or len(codes) > 20:
        reading.refuse("spoken_languages", "languages")
    else:
        reading.keep("spoken_languages", ",".join(dict.fromkeys(codes)))


def countries() -> Mapping[str, list[str]]:
    """The countries whose holidays are known, by ISO 3166-1, with their regions (ISO 3166-2)."""
    return _COUNTRIES


def regions(country: str) -> list[str]:
    """The regions of a country that have holidays of their own."""
    return _COUNTRIES.get(country, [])


_COUNTRIES = {
    code: [name for name in names if len(name) <= 10]
    for code, names in holidays.list_supported_countries(include_aliases=False).items()
    if len(code) == 2
}
