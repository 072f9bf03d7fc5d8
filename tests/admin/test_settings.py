"""The pages of the settings: what is saved holds at once, is written down, and touches no booked call."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.guards import current_settings
from app.accounts.models import AuditEntry, ServiceSetting
from app.booking.models import Booking
from app.booking.service import make_feed
from app.booking.values import PRESENCE, CallValue
from app.config import Settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db, write
from app.lib.zones import local
from app.settings.values import Feature
from tests.pages.client import PageClient
from tests.world import World

NO_DAYS_ON = {"service_time_zone": "Europe/Bratislava", "service_country": "SK", "service_region": ""}
ALL_DAYS = {f"day-{day}": "1" for day in range(5)}
DATA = {"mail_retention_days": "90", "audit_retention_days": "730", "ended_session_days": "30"}
ALL_ON = {f"feature-{feature}": "1" for feature in Feature}


def without(feature: Feature) -> dict[str, str]:
    return {name: "1" for name in ALL_ON if name != f"feature-{feature}"}


def stored(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return {row.key: row.value for row in db.session.scalars(select(ServiceSetting))}


@pytest.mark.parametrize("name", ["", "/hours", "/policies", "/features", "/data"])
def test_each_page_saves_what_it_shows(app: Flask, ada: PageClient, name: str) -> None:
    form = ada.get(f"/settings{name}").forms("/settings")[0]
    fields = dict(form.form_values())
    _there, page = ada.follow(f"/settings{name}", **fields)
    assert "Saved." in page.words
    assert stored(app) == {}


def test_what_is_saved_holds_at_once_and_is_written_down(app: Flask, ada: PageClient) -> None:
    ada.follow("/settings/data", **DATA)
    with app.app_context():
        assert current_settings().mail_retention_days == 90
        fact = db.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "setting")).one()
        assert (fact.object_id, fact.actor) == ("mail_retention_days", "ada@attache.example")
        assert fact.detail == {"changes": {"mail_retention_days": [180, 90]}}
    ada.follow("/settings/data", **DATA | {"mail_retention_days": "180"})
    assert stored(app) == {}


def test_other_processes_follow_within_seconds(
    app: Flask, settings: Settings, ada: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, moment = create_app(settings), 100.0
    monkeypatch.setattr("app.accounts.guards.clock.monotonic", lambda: moment)
    with other.app_context():
        assert current_settings().mail_retention_days == 180
    ada.follow("/settings/data", **DATA)
    with other.app_context():
        assert current_settings().mail_retention_days == 180
        moment += 3
        assert current_settings().mail_retention_days == 90


@pytest.mark.parametrize(
    ("page", "fields", "words"),
    [
        ("data", DATA | {"mail_retention_days": "1"}, "Bodies of mails: Write a number from 7 to 3650"),
        ("hours", NO_DAYS_ON | {"opens": "09:00", "closes": "17:00"}, "Choose at least one day"),
        ("hours", NO_DAYS_ON | ALL_DAYS | {"opens": "17:00", "closes": "9"}, "To: Write a time like 09:00"),
        ("hours", {"service_country": "Nowhere"}, "Country: Choose a country from the list"),
        ("policies", {"callback_hours": "2"}, "Clock: Choose one of the clocks"),
    ],
)
def test_nonsense_is_named_and_nothing_is_saved(
    app: Flask, ada: PageClient, page: str, fields: dict[str, str], words: str
) -> None:
    answer = ada.post(f"/settings/{page}", 422, **fields)
    assert words in answer.words
    assert answer.title.startswith("Error: ")
    assert stored(app) == {}


def test_response_times_are_typed_in_either_language(app: Flask, ada: PageClient) -> None:
    form = dict(ada.get("/settings/policies").forms("/settings")[0].form_values())
    ada.follow("/settings/policies", **form | {"first-3": "3 ч", "next-4": "5 days"})
    with app.app_context():
        times = {item.severity: item for item in current_settings().response_times}
        assert (times[3].first_response.amount, times[3].first_response.unit) == (3, "hours")
        next_step = times[4].next_step
        assert next_step is not None and (next_step.amount, next_step.unit) == (5, "days")
        fact = db.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "setting")).one()
        assert set(fact.detail["changes"]) == {"3", "4"}


def test_another_window_is_confirmed_when_calls_fall_outside_and_leaves_them_alone(
    app: Flask, ada: PageClient, vera: PageClient, book_call: Callable[[], CallValue]
) -> None:
    call = book_call()
    weekday = local(call.start, "Europe/Bratislava").weekday()
    days = {f"day-{day}": "1" for day in range(5) if day != weekday}
    hours = NO_DAYS_ON | days | {"opens": "09:00", "closes": "17:00"}
    page = ada.post("/settings/hours", 409, **hours)
    assert "1 booked call would lie outside the new hours" in page.words
    assert stored(app) == {}
    ada.follow("/settings/hours", **hours | {"confirmed": "1"})
    assert vera.get("/book").slots()
    with app.app_context():
        assert current_settings().service_window.days == tuple(d for d in range(5) if d != weekday)
        row = db.session.scalars(select(Booking)).one()
        assert (row.starts_at, row.status) == (call.start, call.status)
    for start in vera.get("/book", week=str(call.start.date())).slots():
        assert local(call.start.fromisoformat(start), "Europe/Bratislava").weekday() != weekday


@pytest.mark.parametrize(
    ("feature", "link"), [(Feature.WAITING_LIST, "/waiting"), (Feature.SENIORS, "senior=")]
)
def test_what_is_switched_off_vanishes_from_the_week(
    ada: PageClient, vera: PageClient, feature: Feature, link: str
) -> None:
    assert any(link in href for href in vera.get("/book").links())
    ada.follow("/settings/features", **without(feature))
    assert not any(link in href for href in vera.get("/book").links())


@pytest.mark.parametrize(
    ("feature", "paths"),
    [
        (Feature.API, ["/api/v1/me", "/api/v1/openapi.json"]),
        (Feature.SERIES, ["/book/series", "/series/x", "/api/v1/series/x"]),
        (Feature.WAITING_LIST, ["/waiting/x", "/api/v1/waiting-list"]),
        (Feature.GUESTS, ["/calls/x/guests"]),
        (Feature.SENIORS, ["/calls/x/senior"]),
    ],
)
def test_the_routes_of_what_is_switched_off_are_empty(
    app: Flask, ada: PageClient, vera: PageClient, feature: Feature, paths: list[str]
) -> None:
    ada.follow("/settings/features", **without(feature))
    for path in paths:
        answer = vera.client.get(path)
        assert answer.status_code == 404, path
        assert path.startswith("/api") == (answer.content_type == "application/problem+json")


def test_presence_that_is_switched_off_is_no_choice_and_its_links_are_empty(
    app: Flask, world: World, ada: PageClient, vera: PageClient
) -> None:
    with app.app_context():
        who = world.vera.user
        _link, token = write(db.session(), [], lambda s: make_feed(s, clock.now(), who, "Phone", PRESENCE))
    assert vera.client.get(f"/feeds/{token}.ics").status_code == 200
    ada.follow("/settings/features", **without(Feature.PRESENCE_FEEDS))
    assert vera.client.get(f"/feeds/{token}.ics").status_code == 404
    assert vera.send("/calendar-links", name="Desk", kind=PRESENCE).status_code == 404
    assert vera.get("/calendar-links").radios("kind") == []


def test_only_administrators_find_the_pages(vera: PageClient) -> None:
    for path in ("/settings", "/settings/hours", "/settings/holidays", "/settings/mails"):
        assert vera.client.get(path).status_code == 404
