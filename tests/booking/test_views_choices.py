"""What is chosen and answered besides the time: lengths, ways to talk, questions; by page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.booking.models import Booking, CallType, CallTypeChange
from app.lib.db import db
from tests.pages.client import Page, PageClient
from tests.world import World

BOOK = {"call_type": "product-support"}
QUESTIONS = [
    {
        "key": "module",
        "kind": "choice",
        "labels": {"en": "Which module?", "ru": "Какой модуль?"},
        "choices": {"en": ["Billing", "Other"], "ru": ["Счета", "Другой"]},
        "required": True,
    },
    {"key": "version", "kind": "text", "labels": {"en": "Version", "ru": "Версия"}, "choices": {}},
]


def set_rules(app: Flask, **columns: Any) -> None:
    with app.app_context():
        db.session.execute(update(CallType).where(CallType.slug == "product-support").values(**columns))
        db.session.commit()


def booking(app: Flask) -> Booking:
    with app.app_context():
        return db.session.scalars(select(Booking)).one()


def details(browser: PageClient, **more: str) -> tuple[Page, dict[str, str]]:
    """Choose the first time; the page of details and the fields that its form sends."""
    start = browser.get("/book", **more).slots()[0]
    _address, page = browser.follow("/book/hold", start=start, **BOOK, **more)
    (form,) = page.forms("/book")
    return page, {name: value or "" for name, value in form.fields.items() if name != "csrf_token"}


def test_one_length_is_no_choice(vera: PageClient) -> None:
    page = vera.get("/book")
    assert "How long?" not in page.words
    assert not any("length=" in link for link in page.links())


@pytest.fixture
def two_lengths(app: Flask, world: World) -> None:
    set_rules(app, more_lengths=[60])


@pytest.mark.usefixtures("two_lengths")
def test_a_chosen_length_is_kept_from_the_week_to_the_call(vera: PageClient, app: Flask) -> None:
    week = vera.get("/book")
    (link,) = [link for link in week.links() if "length=60" in link and "zone" not in link]
    longer = vera.get(link)
    (form,) = longer.forms("/book/hold")
    assert form.fields["length"] == "60"
    page, fields = details(vera, length="60")
    assert "Product support, 60 minutes" in page.words and fields["length"] == "60"
    assert any("length=60" in link for link in page.links())
    vera.follow("/book", **fields)
    made = booking(app)
    assert made.ends_at - made.starts_at == timedelta(hours=1)


@pytest.mark.usefixtures("two_lengths")
def test_a_length_that_is_not_offered_is_left_out_of_the_address_and_refused_in_the_form(
    vera: PageClient,
) -> None:
    week = vera.get("/book", length="45")
    (form,) = week.forms("/book/hold")
    assert form.fields["length"] == "30"
    again = vera.post("/book/hold", 422, start=week.slots()[0], length="45", **BOOK)
    assert "cannot be that long" in again.words and again.slots()


@pytest.mark.usefixtures("two_lengths")
def test_a_time_that_is_kept_no_longer_keeps_its_length(vera: PageClient, app: Flask) -> None:
    start = vera.get("/book", length="60").slots()[0]
    path = f"/book/gone?call_type=product-support&length=60&start={start}"
    page = vera.get(path)
    (form,) = page.forms("/book")
    assert "60 minutes" in page.words and form.fields["length"] == "60"


@pytest.fixture
def questions(app: Flask, world: World) -> None:
    set_rules(app, questions=QUESTIONS)


@pytest.mark.usefixtures("questions")
def test_answers_stand_on_the_call_for_both_sides(vera: PageClient, app: Flask, world: World) -> None:
    page, fields = details(vera)
    assert "Which module?" in page.words and "Version (optional)" in page.words
    answers = {"answer-module": "Billing", "answer-version": "4.2 <b>"}
    address, call = vera.follow("/book", **fields | answers)
    assert booking(app).answers == [
        {"question": "Which module?", "answer": "Billing"},
        {"question": "Version", "answer": "4.2 <b>"},
    ]
    for browser in (vera, PageClient(app, world.sam)):
        words = browser.get(address.partition("?")[0]).words
        assert "Which module?Billing" in words and "Version4.2 <b>" in words


@pytest.mark.usefixtures("questions")
def test_a_missing_answer_is_told_at_its_field_and_nothing_typed_is_lost(
    vera: PageClient, app: Flask
) -> None:
    _page, fields = details(vera)
    typed = {"topic": "Prices", "way": "phone", "phone": "no number", "answer-version": "4.2"}
    page = vera.post("/book", 422, **fields | typed)
    assert {"#phone", "#answer-module"} <= set(page.links())
    (form,) = page.forms("/book")
    assert form.fields["topic"].strip() == "Prices" and form.fields["answer-version"] == "4.2"
    wrong = page.tree.get_element_by_id("answer-module")
    assert wrong.get("aria-describedby") == "answer-module-error"
    with app.app_context():
        assert db.session.scalars(select(Booking)).all() == []


@pytest.mark.usefixtures("questions")
def test_answers_are_kept_when_the_time_is_gone(vera: PageClient, pavel: PageClient) -> None:
    start = vera.get("/book").slots()[0]
    fields = {"call_type": "product-support", "start": start, "key": "k", "way": "video"}
    pavel.send("/book", **fields, **{"answer-module": "Другой"})
    page = vera.post("/book", 409, **fields, **{"answer-module": "Billing", "answer-version": "7"})
    (form,) = page.forms("/book")
    assert (form.fields["answer-module"], form.fields["answer-version"]) == ("Billing", "7")


def test_only_the_ways_of_the_call_type_are_offered_and_taken(
    vera: PageClient, app: Flask, world: World
) -> None:
    set_rules(app, ways=["phone"])
    page, fields = details(vera)
    assert page.radios("way") == [] and fields["way"] == "phone"
    assert "Video link" not in page.words
    vera.post("/book", 422, **fields | {"way": "video"})
    vera.follow("/book", **fields | {"phone": "+49 30 1234567"})
    assert (booking(app).way, booking(app).room_url) == ("phone", "")


def test_a_call_without_video_or_phone_to_choose_says_how_it_goes(
    vera: PageClient, app: Flask, world: World
) -> None:
    set_rules(app, ways=["video"], video_link="https://meet.example/{reference}")
    page, fields = details(vera)
    assert "Video link" in page.words and "Phone number" not in page.words
    _address, call = vera.follow("/book", **fields)
    made = booking(app)
    assert made.room_url == f"https://meet.example/{made.reference}"


def test_a_kind_that_is_offered_no_more_leads_to_those_that_are(vera: PageClient, app: Flask) -> None:
    _page, fields = details(vera)
    address, _call = vera.follow("/book", **fields)
    call = address.partition("?")[0]
    set_rules(app, is_active=False)
    page = vera.get("/book", **BOOK)
    assert page.slots() and "Product support" not in page.words
    start = vera.get(f"{call}/move").slots()[0]
    assert vera.follow(f"{call}/move", start=start)[1].heading == "Move this call?"
    vera.post("/book/hold", 404, start=start, **BOOK)


def test_the_week_is_that_of_the_specialists_own_rules(vera: PageClient, app: Flask, world: World) -> None:
    with app.app_context():
        kind = db.session.scalar(select(CallType.id).where(CallType.slug == "product-support"))
        rules = {"length": 45, "grid": 60, "horizon_days": 7}
        change = CallTypeChange(call_type_id=kind, specialist_id=world.sam.id, rules=rules)
        db.session.add(change)
        db.session.commit()
    page = vera.get("/book")
    assert "45 min" in page.words
    assert all(datetime.fromisoformat(start).minute == 0 for start in page.slots())
    assert "45-minute call" in vera.get("/").words
