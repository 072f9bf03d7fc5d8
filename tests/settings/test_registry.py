"""Settings of pages over those of the environment: what they may be, and when they hold."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from app.settings.features import named_routes
from app.settings.in_words import window_words
from app.settings.kept import KEPT_FOR, KeptSettings
from app.settings.registry import REGISTRY, Refused, overlaid, read_setting, stored_form
from app.settings.values import RESPONSE_TIMES, Clock, Feature, ServiceWindow, Term, Unit


def test_every_setting_of_the_environment_can_be_stored_and_read_again(settings: Settings) -> None:
    for key in REGISTRY:
        assert read_setting(key, stored_form(key, settings)) == getattr(settings, key), key


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("organisation", "", "empty"),
        ("organisation", "a\x00b", "characters"),
        ("standard_chat_url", "javascript:alert(1)", "link"),
        ("option_contact", "nobody", "address"),
        ("service_window", {"opens": "17:00", "closes": "09:00", "days": [0]}, "order"),
        ("service_window", {"opens": "9 o'clock", "closes": "10:00", "days": [0]}, "time"),
        ("service_window", {"opens": "09:00", "closes": "10:00", "days": [5]}, "days"),
        ("service_window", {"opens": "09:00", "closes": "10:00", "days": []}, "days"),
        ("service_window", ["09:00"], "form"),
        ("service_time_zone", "CET+1", "zone"),
        ("service_country", "Slovakia", "code"),
        ("callback_hours", 0, "number"),
        ("callback_hours", True, "number"),
        ("mail_retention_days", 1, "number"),
        ("response_times", {}, "form"),
    ],
)
def test_nonsense_is_refused(key: str, value: Any, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_setting(key, value)
    assert refused.value.reason == reason


def test_the_defaults_are_what_the_offer_says() -> None:
    critical, _high, standard, bug, question = RESPONSE_TIMES
    assert (critical.clock, critical.first_response, critical.next_step) == (
        Clock.WALL, Term(1, Unit.HOURS), Term(4, Unit.HOURS),
    )  # fmt: skip
    assert (standard.clock, standard.first_response, standard.next_step) == (
        Clock.BUSINESS, Term(2, Unit.HOURS), Term(2, Unit.DAYS),
    )  # fmt: skip
    assert bug.next_step is question.next_step is None


def test_what_is_stored_wins_and_what_cannot_be_read_changes_nothing(settings: Settings) -> None:
    stored = {"organisation": "Harbour", "service_time_zone": "Nowhere/At_all", "gone": 1}
    found = overlaid(settings, stored)
    assert found.organisation == "Harbour"
    assert found.service_time_zone == settings.service_time_zone
    assert found.port == settings.port


class Stored:
    """What is stored, and how often it was read."""

    def __init__(self, **values: Any) -> None:
        self.values, self.reads = values, 0

    def __call__(self) -> Mapping[str, Any]:
        self.reads += 1
        return self.values


def test_what_was_read_is_kept_for_a_moment_and_dropped_at_once(settings: Settings) -> None:
    kept, stored = KeptSettings(settings), Stored(organisation="One")
    assert [kept.current(moment, stored).organisation for moment in (10, 10 + KEPT_FOR / 2)] == ["One", "One"]
    assert stored.reads == 1
    stored.values = {"organisation": "Two"}
    assert kept.current(10 + KEPT_FOR, stored).organisation == "Two"
    stored.values = {"organisation": "Three"}
    kept.drop()
    assert kept.current(10 + KEPT_FOR, stored).organisation == "Three"


def test_what_was_read_before_a_change_is_not_kept_after_it(settings: Settings) -> None:
    kept = KeptSettings(settings)

    def overtaken() -> Mapping[str, Any]:
        kept.drop()
        return {"organisation": "Old"}

    assert kept.current(10, overtaken).organisation == "Old"
    assert kept.current(10, Stored(organisation="New")).organisation == "New"


def test_the_window_is_said_in_few_words() -> None:
    assert window_words(ServiceWindow(), "en") == "Mon–Fri, 09:00–17:00"
    assert window_words(ServiceWindow(time(8), time(12), (0, 2)), "en") == "Mon, Wed, 08:00–12:00"


def test_the_routes_of_features_exist(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    known = endpoints | {endpoint.partition(".")[0] for endpoint in endpoints}
    assert named_routes() <= known


def test_each_feature_can_be_switched_off(settings: Settings) -> None:
    off = overlaid(settings, {"features_off": list(Feature)})
    assert not any(off.offers(feature) for feature in Feature)
    assert all(settings.offers(feature) for feature in Feature)
