"""Phone numbers: what people type as E.164, and E.164 as it is read."""

import phonenumbers
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumberFormat
from phonenumbers.timezone import time_zones_for_number

_UNKNOWN_ZONE = "Etc/Unknown"


def to_e164(text: str, region: str = "") -> str:
    """The number in E.164 (``+493012345678``); ``region`` (ISO 3166) is whose numbers need no country code.

    Raises ValueError for what is no number, or none that exists there.
    """
    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException as error:
        raise ValueError(f"no phone number: {text!r}") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"no phone number in use: {text!r}")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def international(number: str) -> str:
    """An E.164 number as it is read: "+49 30 12345678"; other texts as they are."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def example(region: str) -> str:
    """A number as it is written with its country code in a country (ISO 3166), as an example."""
    number = phonenumbers.example_number(region) or phonenumbers.example_number("SK")
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else ""


def region_of_zone(zone: str) -> str:
    """The country (ISO 3166) of an IANA zone, empty for zones of none."""
    # Browsers tell some zones by their former names: Asia/Calcutta.
    named = get_global("zone_aliases").get(zone, zone)
    region: str = get_global("zone_territories").get(named, "")
    # "001" and "ZZ" are those of no country (CLDR).
    return region if region.isalpha() and region != "ZZ" else ""


def zone_of_number(number: str) -> str:
    """The IANA zone in which an E.164 number is, empty when it may be in several."""
    try:
        zones = time_zones_for_number(phonenumbers.parse(number))
    except NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] != _UNKNOWN_ZONE else ""
