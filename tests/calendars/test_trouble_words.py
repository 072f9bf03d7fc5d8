"""What people are told when a calendar server is in trouble."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.calendars.errors import (
    BadAnswer,
    CalendarTrouble,
    Changed,
    CredentialsRefused,
    Gone,
    Moved,
    NoCalendar,
    NoRight,
    NotReached,
)
from app.calendars.pages.presets_page import all_presets
from app.calendars.pages.trouble_page import TROUBLES, address_field, address_words, reason_of, trouble_words


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (NotReached("status_503"), "not_reached"),
        (NotReached("throttled"), "not_reached"),
        (NotReached("certificate"), "certificate"),
        (NotReached("address_refused"), "address_refused"),
        (NotReached("slow"), "slow"),
        (CredentialsRefused("sealed"), "credentials"),
        (NoRight("quota"), "no_right"),
        (NoRight("too_large"), "too_large"),
        (Gone("gone"), "not_caldav"),
        (Changed(None, "exists"), "not_caldav"),
        (BadAnswer("status_418"), "unreadable"),
        (BadAnswer("needs_oauth"), "needs_oauth"),
        (Moved("https://elsewhere.example/"), "unreadable"),
        (NoCalendar("no_account"), "not_reached"),
    ],
)
def test_every_trouble_has_a_word_without_a_status(trouble: CalendarTrouble, reason: str) -> None:
    assert reason_of(trouble) == reason
    assert reason in TROUBLES


def test_every_reason_says_what_happened_and_what_to_do(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        told = [trouble_words(reason) for reason in TROUBLES]
        assert trouble_words("unheard of") == trouble_words("not_reached")
    assert all(happened and advice.endswith(".") for happened, advice in told)
    assert len({happened for happened, _ in told}) == len(TROUBLES)


def test_a_bad_address_is_told_beside_its_field(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        assert "https://" in address_words("http")
        assert address_words("unheard of") == address_words("unreadable")
    assert [address_field(reason) for reason in ("http", "username", "password")] == [
        "address",
        "username",
        "password",
    ]


def test_every_provider_has_hints(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        presets = {preset.key: preset for preset in all_presets()}
    assert all(preset.hints and preset.name and preset.address for preset in presets.values())
    assert not presets["google"].is_usable
    assert "iCal" in presets["google"].hints[0]
    assert "account.apple.com" in " ".join(presets["icloud"].hints)
