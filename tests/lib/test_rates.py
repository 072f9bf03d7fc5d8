"""The table of limits, and how operators change it."""

import pytest

from app.config import SettingsError, load_settings
from app.lib.rates import BOOKINGS, LIMITS, LINKS_PER_ADDRESS, LISTINGS, read_limits, step_of


def test_the_defaults_are_those_that_were_promised() -> None:
    limits = {name: (rate.amount, rate.get_expiry()) for name, rate in read_limits({}).items()}
    assert limits["links_per_address"] == (5, 3600)
    assert limits["links_per_client"] == (20, 3600)
    assert limits["bookings"] == (60, 60)
    assert limits["listings"] == (600, 60)
    assert limits["lookups"] == (10, 3600)
    assert len(limits) == len(LIMITS)


def test_an_operator_changes_one() -> None:
    assert (
        read_limits({"LIMIT_LINKS_PER_ADDRESS": "3 per 10 minutes"})["links_per_address"].get_expiry() == 600
    )


@pytest.mark.parametrize(
    "text", ["many", "5", "0 per hour", "-1 per hour", "5 per hour; 9 per day", "5 per fortnight"]
)
def test_nonsense_is_refused_by_name(text: str, tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="LIMIT_BOOKINGS"):
        load_settings({"DATA_DIR": str(tmp_path), "LIMIT_BOOKINGS": text})


def test_only_of_frequent_limits_a_process_keeps_uses_to_itself_and_few_of_them() -> None:
    limits = read_limits({})
    assert step_of(LISTINGS, limits["listings"]) == 20
    assert (
        step_of(BOOKINGS, limits["bookings"]) == step_of(LINKS_PER_ADDRESS, limits["links_per_address"]) == 1
    )
    assert step_of(LISTINGS, read_limits({"LIMIT_LISTINGS": "3 per minute"})["listings"]) == 1
