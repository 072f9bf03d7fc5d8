"""The administrator's pages about call types."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.booking.models import CallType, CallTypeChange
from app.lib import clock
from app.lib.db import db
from tests.pages.client import Page, PageClient
from tests.world import World, build_world

SUPPORT = "/call-types/product-support"


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


def fields(page: Page, action: str) -> dict[str, object]:
    """What the form sends as it stands."""
    (form,) = page.forms(action)
    sent = {name: value for name, value in form.form_values() if name not in {"csrf_token", "ways"}}
    ways = [value for name, value in form.form_values() if name == "ways"]
    return {**sent, "ways": ways}


def support(app: Flask) -> CallType:
    with app.app_context():
        return db.session.scalars(select(CallType).where(CallType.slug == "product-support")).one()


def test_the_list_leads_to_each_call_type_and_the_overview_to_the_list(ada: PageClient) -> None:
    page = ada.get("/call-types")
    assert SUPPORT in page.links() and "/call-types/new" in page.links()
    assert "Product support" in page.words and "30 min" in page.words
    overview = ada.get("/overview")
    assert "/call-types" in [link.get("href") for link in overview.tree.findall(".//nav//a")]


def test_sent_as_it_stands_a_form_changes_nothing(ada: PageClient, app: Flask, world: World) -> None:
    for path in (SUPPORT, f"{SUPPORT}/specialists/{world.sam.user.public_id}"):
        _address, page = ada.follow(path, **fields(ada.get(path), path))
        assert "Saved." in page.words
    with app.app_context():
        about = AuditEntry.object_type == "call_type"
        assert db.session.scalars(select(AuditEntry).where(about)).all() == []
        assert db.session.scalars(select(CallTypeChange)).all() == []


def test_rules_questions_and_reminders_are_edited_in_plain_words(ada: PageClient, app: Flask) -> None:
    typed = {
        **{
            "length": "45 min",
            "more_lengths": "1 h",
            "notice": "3 days",
            "weekly_cap": "9",
            "ways": ["video"],
        },
        **{"reminders": "24 h, 30 min", "video_link": "https://meet.example/{reference}", "grid": "15"},
        **{"q0-en": "Which module?", "q0-ru": "Какой модуль?", "q0-kind": "choice", "q0-required": "1"},
        **{"q0-choices-en": "Billing\nOther", "q0-choices-ru": "Счета\nДругой"},
    }
    _address, page = ada.follow(SUPPORT, **fields(ada.get(SUPPORT), SUPPORT) | typed)
    assert "Saved." in page.words and "Which module?" in page.words
    row = support(app)
    assert (row.length, row.more_lengths, row.grid, row.notice) == (45, [60], 15, 4320)
    assert (row.weekly_cap, row.ways, row.reminders) == (9, ["video"], [1440, 30])
    assert row.video_link == "https://meet.example/{reference}"
    assert row.questions[0]["choices"] == {"en": ["Billing", "Other"], "ru": ["Счета", "Другой"]}
    assert fields(ada.get(SUPPORT), SUPPORT)["q0-key"] == "which-module"


def test_what_is_wrong_is_told_at_each_field_and_what_was_typed_stays(ada: PageClient, app: Flask) -> None:
    typed = {"length": "soon", "name_ru": "", "ways": [], "q0-en": "<i>Which</i>", "horizon_days": "99"}
    page = ada.post(SUPPORT, 422, **fields(ada.get(SUPPORT), SUPPORT) | typed)
    assert page.title.startswith("Error")
    told = {link for link in page.links() if link.startswith("#")}
    assert told == {"#length", "#name_ru", "#ways", "#q0-ru", "#horizon_days"}
    for name in ("length", "name_ru", "q0-ru", "horizon_days"):
        assert page.tree.get_element_by_id(name).get("aria-describedby", "").endswith(f"{name}-error")
    kept = fields(page, SUPPORT)
    assert (kept["length"], kept["q0-en"], kept["horizon_days"]) == ("soon", "<i>Which</i>", "99")
    assert "Write a number from 1 to 63" in page.words
    assert support(app).length == 30


def test_a_call_type_is_added_and_switched_off(ada: PageClient, app: Flask) -> None:
    path = "/call-types/new"
    wrong = ada.post(path, 422, **fields(ada.get(path), path))
    assert {"#name_en", "#name_ru"} <= set(wrong.links())
    names = {"name_en": "Launch review", "name_ru": "Запуск"}
    address, page = ada.follow(path, **fields(ada.get(path), path) | names)
    assert page.heading == "Launch review"
    here = address.partition("?")[0]
    sent = fields(page, here)
    del sent["is_active"]
    ada.follow(here, **sent)
    assert "Not offered" in ada.get("/call-types").words


def test_the_only_call_type_stays_offered(ada: PageClient, app: Flask) -> None:
    with app.app_context():
        db.session.query(CallType).filter(CallType.slug != "product-support").update({"is_active": False})
        db.session.commit()
    sent = fields(ada.get(SUPPORT), SUPPORT)
    del sent["is_active"]
    page = ada.post(SUPPORT, 422, **sent)
    assert "#is_active" in page.links() and "only call type" in page.words
    assert support(app).is_active


def test_what_differs_for_a_specialist_is_edited_and_taken_back(
    ada: PageClient, app: Flask, world: World
) -> None:
    path = f"{SUPPORT}/specialists/{world.sam.user.public_id}"
    assert path in ada.get(SUPPORT).links()
    page = ada.get(path)
    assert "Empty means: 30 min" in page.words and fields(page, path)["length"] == ""
    wrong = ada.post(path, 422, **fields(page, path) | {"length": "1 min", "daily_cap": "many"})
    assert {"#length", "#daily_cap"} <= set(wrong.links())
    ada.follow(path, **fields(page, path) | {"length": "45 min", "ways": ["phone"]})
    with app.app_context():
        assert db.session.scalars(select(CallTypeChange.rules)).all() == [{"length": 45, "ways": ["phone"]}]
    assert "Rules of their own" in ada.get(SUPPORT).words
    assert "1 specialist" in ada.get("/call-types").words
    _address, page = ada.follow(path, **fields(ada.get(path), path) | {"length": "", "ways": []})
    assert "as the call type says" in page.words
    with app.app_context():
        assert db.session.scalars(select(CallTypeChange)).all() == []


def test_for_others_and_for_names_that_are_not_there_nothing_is_found(
    ada: PageClient, app: Flask, world: World
) -> None:
    person = world.sam.user.public_id
    for path in ("/call-types", "/call-types/new", SUPPORT, f"{SUPPORT}/specialists/{person}"):
        for member in (world.sam, world.vera):
            PageClient(app, member).get(path, 404)
    unknown = ("/call-types/massage", f"/call-types/massage/specialists/{person}")
    for path in (*unknown, f"{SUPPORT}/specialists/x"):
        ada.get(path, 404)
