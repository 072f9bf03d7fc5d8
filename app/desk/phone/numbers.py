"""What a caller's number says: whose it is, and which languages they are greeted in."""

from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException

from app.desk.phone.values import Caller
from app.lib.phone_numbers import region_of_zone, to_e164

# Countries in which a caller is greeted in Russian; elsewhere in English.
_RUSSIAN = frozenset({"RU", "BY", "KZ", "KG"})
_BOTH = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact's number as it was typed; ``zone`` is theirs, whose country it may leave out."""

    contact_id: int
    company_id: int
    phone: str
    zone: str


def caller_number(text: str, region: str) -> str:
    """The caller's number in E.164, empty when it is hidden, or not a number.

    ``region`` (ISO 3166) is where numbers without a country code are. Providers write hidden numbers as
    words, or as numbers that nobody can have.
    """
    try:
        return to_e164(text, region)
    except ValueError:
        return ""


def caller_of(number: str, entries: Iterable[Entry]) -> Caller:
    """Whose number it is; nobody's when it stands at contacts of several companies."""
    same = [entry for entry in entries if caller_number(entry.phone, region_of_zone(entry.zone)) == number]
    if not number or len({entry.company_id for entry in same}) != 1:
        return Caller()
    return Caller(same[0].company_id, same[0].contact_id if len(same) == 1 else None)


def languages_of(number: str, contact_language: str) -> tuple[str, ...]:
    """The languages to greet in: the contact's, else by the number's country, else all."""
    if contact_language:
        return (contact_language,)
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except NumberParseException:
        return _BOTH
    return ("ru",) if region in _RUSSIAN else ("en",)
