"""The administrator hands out a contact's data and erases them."""

import io
import json
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry, User
from app.booking.models import Booking
from app.lib.db import db
from tests.booking.conftest import _nobody_writes, now, vera, world
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "vera", "world"]


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


def verbs(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_a_contact_downloads_their_own_data(app: Flask, vera: PageClient, world: World) -> None:
    assert "/me/data" in [form.get("action") for form in vera.get("/profile").forms()]
    answer = vera.send("/me/data")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert sorted(files.namelist()) == ["calls.ics", "conversations.json", "data.json"]
        assert json.loads(files.read("data.json"))["profile"]["email"] == world.vera.email
    assert verbs(app)[-1] == "exported"
    assert vera.client.get("/me/data").status_code == 405


def test_the_administrator_downloads_it_too(ada: PageClient, app: Flask, world: World) -> None:
    vera = f"/contacts/{world.vera.user.public_id}"
    assert vera in ada.get("/contacts").links()
    page, path = ada.get(vera), f"{vera}/data"
    assert path in [form.get("action") for form in page.forms()]
    answer = ada.send(path)
    assert answer.content_type == "application/zip"
    assert verbs(app)[-2:] == ["viewed a contact", "exported"]


def test_erasing_asks_once_more(ada: PageClient, app: Flask, world: World) -> None:
    otto = f"/contacts/{world.otto.user.public_id}"
    path = f"{otto}/erase"
    assert path in ada.get(otto).links()
    assert ada.get(path).forms(path)
    with app.app_context():
        assert db.session.get_one(User, world.otto.id).erased_at is None
    _, page = ada.follow(path)
    assert "The contact is erased." in page.words
    assert world.otto.email not in page.words
    assert ada.client.get(path).status_code == 404
    assert verbs(app)[-3:] == ["viewed a contact", "erased", "viewed the contacts"]


def test_calls_ahead_are_named_and_nothing_is_erased(
    ada: PageClient, vera: PageClient, app: Flask, world: World
) -> None:
    vera.follow("/book", **details(vera)[1])
    path = f"/contacts/{world.vera.user.public_id}/erase"
    with app.app_context():
        (reference,) = db.session.scalars(select(Booking.reference))
    page = ada.get(path)
    assert reference in page.words
    assert page.forms(path) == []
    assert "There are calls ahead" in ada.post(path, 409).words


def test_nobody_else_comes_near(app: Flask, vera: PageClient, world: World) -> None:
    public_id = world.pavel.user.public_id
    sam = PageClient(app, world.sam)
    for browser in (vera, sam):
        assert browser.client.get("/contacts").status_code == 404
        assert browser.client.get(f"/contacts/{public_id}/erase").status_code == 404
        for verb in ("erase", "data"):
            assert browser.send(f"/contacts/{public_id}/{verb}").status_code == 404
    assert sam.send("/me/data").status_code == 404


def test_what_the_log_says_of_changes_goes_too(ada: PageClient, app: Flask, world: World) -> None:
    otto = f"/contacts/{world.otto.user.public_id}"
    fields = {"email": "otto@new.example", "phone": "", "time_zone": "UTC", "language": "en"}
    ada.follow(f"{otto}/change", name="Otto the Great", **fields)
    ada.follow(f"{otto}/erase")
    with app.app_context():
        told = str([row.detail for row in db.session.scalars(select(AuditEntry))])
        assert "otto@" not in told and "Great" not in told


def test_the_erased_are_signed_out(ada: PageClient, vera: PageClient, world: World) -> None:
    assert vera.client.get("/calls").status_code == 200
    ada.follow(f"/contacts/{world.vera.user.public_id}/erase")
    assert vera.client.get("/calls").status_code == 303
