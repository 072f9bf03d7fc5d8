"""Whose calendar pages are whose: other people's accounts and look-ups do not exist for anybody else."""

import pytest
from flask import Flask

from app.calendars.connecting.service_lookup import start_lookup
from app.calendars.service_accounts import connect
from app.lib import clock
from app.lib.db import db, write
from tests.pages.client import PageClient
from tests.world import World, build_world, client_of

PAGES = ["/calendars", "/calendars/connect", "/calendars/subscribe", "/calendars/states"]
OF_ACCOUNT = ["choose", "password", "remove"]


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


@pytest.fixture
def of_sam(app: Flask, world: World) -> tuple[int, str]:
    """An account of Sam's, and a look-up that has no answer yet."""
    with app.app_context():
        settings, now, me = app.extensions["attache"], clock.now(), world.sam.id
        url = "https://cloud.example.com/dav/"
        account = write(
            db.session(), [me], lambda s: connect(s, now, settings, me, url, "sam", "sam-secret").id
        )
        lookup = write(
            db.session(), [me], lambda s: start_lookup(s, now, settings, me, url, "sam", "sam-secret")
        )
    return account, lookup


def test_contacts_and_administrators_have_no_calendar_pages(app: Flask, world: World) -> None:
    for member in (world.vera, world.otto, world.ada):
        for path in PAGES:
            assert client_of(app, member).get(path).status_code == 404


def test_nobody_is_sent_to_sign_in(app: Flask, world: World) -> None:
    answer = client_of(app).get("/calendars")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/calendars")


def test_seniors_connect_calendars_too(app: Flask, world: World) -> None:
    assert "/calendars/connect" in PageClient(app, world.lev).get("/calendars").links()


def test_an_account_of_somebody_else_is_not_there(app: Flask, world: World, of_sam: tuple[int, str]) -> None:
    rita, (account, lookup) = PageClient(app, world.rita), of_sam
    for page in OF_ACCOUNT:
        rita.get(f"/calendars/{account}/{page}", 404)
        rita.post(f"/calendars/{account}/{page}", 404, secret="x", hours="kept", receives="elsewhere")
    rita.post(f"/calendars/{account}/sync", 404)
    rita.post(f"/calendars/{account}/look", 404)
    rita.get(f"/calendars/lookups/{lookup}", 404)
    rita.post(f"/calendars/lookups/{lookup}", 404)
    rita.post(f"/calendars/lookups/{lookup}/moved", 404)
    sam = PageClient(app, world.sam)
    sam.get(f"/calendars/{account}/remove")
    assert "cloud.example.com" in sam.get("/calendars").words


def test_forms_without_their_token_change_nothing(app: Flask, world: World, of_sam: tuple[int, str]) -> None:
    sam = PageClient(app, world.sam)
    sam.post(f"/calendars/{of_sam[0]}/remove", 400, token=False)
    sam.post("/calendars/connect", 400, token=False, address="x", username="y", password="z")
    assert "cloud.example.com" in sam.get("/calendars").words


def test_the_waiting_page_names_the_server_and_never_the_password(
    app: Flask, world: World, of_sam: tuple[int, str]
) -> None:
    page = PageClient(app, world.sam).get(f"/calendars/lookups/{of_sam[1]}")
    assert page.heading == "Asking the server"
    assert "cloud.example.com" in page.words
    assert "sam-secret" not in page.text
    assert page.tree.find(".//noscript/meta[@http-equiv='refresh']") is not None
