"""The profile: language, zone and reminders."""

import pytest
from flask import Flask

from app.accounts.models import User
from app.calendars.models import Calendar
from app.customers.models import Contact
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import post
from tests.support.replica import open_calendar
from tests.world import World, build_world, client_of


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


def test_the_profile_keeps_language_and_zone(app: Flask, world: World) -> None:
    client = client_of(app, world.pavel)
    assert '<html lang="ru">' in client.get("/profile").text
    answer = post(client, "/profile", language="en", time_zone="Asia/Almaty")
    assert answer.location == "/profile"
    page = client.get("/profile").text
    assert "Your profile is saved" in page
    assert "Your profile is saved" not in client.get("/profile").text
    with app.app_context():
        row = db.session.get(User, world.pavel.id)
        assert row is not None
        assert (row.language, row.time_zone) == ("en", "Asia/Almaty")


@pytest.mark.parametrize("fields", [{"time_zone": "Mars/Olympus"}, {"language": "xx"}])
def test_the_profile_takes_only_what_it_offers(app: Flask, world: World, fields: dict[str, str]) -> None:
    sent = {"language": "en", "time_zone": "Europe/Berlin"} | fields
    assert post(client_of(app, world.vera), "/profile", **sent).status_code == 422


def test_calendars_are_read_anew_in_a_new_zone_and_only_then(app: Flask, world: World) -> None:
    with app.app_context():
        open_calendar(db.session(), app.extensions["attache"], clock.now(), world.sam.id)
    client = client_of(app, world.sam)

    def is_read() -> bool:
        with app.app_context():
            return db.session.query(Calendar).one().expanded_until is not None

    post(client, "/profile", language="ru", time_zone=world.sam.user.time_zone)
    assert is_read()
    post(client, "/profile", language="ru", time_zone="Europe/Lisbon")
    assert not is_read()


def test_a_contact_switches_reminders_off_and_on_again(app: Flask, world: World) -> None:
    client, kept = client_of(app, world.vera), {"language": "en", "time_zone": "Europe/Berlin"}
    assert "checked" in client.get("/profile").text
    post(client, "/profile", **kept)
    assert "checked" not in client.get("/profile").text
    with app.app_context():
        assert {row.user_id for row in db.session.query(Contact) if not row.wants_reminders} == {
            world.vera.id
        }
    post(client, "/profile", **kept, wants_reminders="y")
    assert "checked" in client.get("/profile").text


def test_staff_are_not_asked_about_reminders(app: Flask, world: World) -> None:
    client = client_of(app, world.sam)
    assert "wants_reminders" not in client.get("/profile").text
    assert post(client, "/profile", language="en", time_zone="Europe/Berlin").location == "/profile"
