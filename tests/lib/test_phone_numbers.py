"""Phone numbers as people type them, wherever they are."""

import pytest

from app.lib.phone_numbers import region_of_zone, to_e164


@pytest.mark.parametrize(
    ("zone", "typed", "number"),
    [
        ("Asia/Kolkata", "022 2345 6789", "+912223456789"),
        # As Chrome and Firefox tell them.
        ("Asia/Calcutta", "022 2345 6789", "+912223456789"),
        ("Europe/Kiev", "044 234 5678", "+380442345678"),
        ("America/Buenos_Aires", "011 2345-6789", "+541123456789"),
        ("US/Pacific", "(415) 555-2671", "+14155552671"),
    ],
)
def test_a_number_without_country_code_is_of_the_country_of_the_zone(
    zone: str, typed: str, number: str
) -> None:
    assert to_e164(typed, region_of_zone(zone)) == number


def test_a_zone_of_no_country_gives_none() -> None:
    assert region_of_zone("Etc/UTC") == ""
