"""Whose requests somebody sees, in which order, page by page, and at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.customers.models import Company
from app.lib.db import db
from tests.desk.asking import Desk, count_conversations, desk, now, path, sam, vera, world
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["desk", "now", "sam", "vera", "world"]
Counting = Callable[[], AbstractContextManager[list[str]]]
MINUTE = timedelta(minutes=1)
NEW = {"severity": "3", "subject": "Export stops", "text": "It stops at 10,000 rows.", "key": "once"}


def test_foreign_requests_do_not_exist(app: Flask, desk: Desk, world: World, now: datetime) -> None:
    found = desk.open(now - MINUTE)
    for member in (world.pavel, world.mallory, world.rita, world.lev):
        client = PageClient(app, member)
        assert client.get(path(found), 404).words == client.get("/requests/nothing", 404).words
        client.get(f"{path(found)}/clocks", 404)
        client.post(f"{path(found)}/messages", 404, text="x", key="k")
        client.post(f"{path(found)}/severity", 404, severity="1", reason="x")
        client.post(f"{path(found)}/solved", 404)
        assert "Export stops" not in client.get("/requests").words
    assert desk.now(found).conversation.last_number == 1


def test_colleagues_see_the_requests_of_their_company_and_administrators_all_on_record(
    app: Flask, desk: Desk, world: World, now: datetime
) -> None:
    found, other = desk.open(now - MINUTE), desk.open(now - MINUTE, who=world.mallory)
    ada = PageClient(app, world.ada)
    page = ada.get("/requests")
    assert "R-1001" in page.words and "R-1002" in page.words and "Rita Weiss" in page.words
    page = ada.get(path(found))
    assert page.forms(f"{path(found)}/notes") and not page.forms(f"{path(found)}/messages")
    ada.post(f"{path(other)}/messages", 404, text="x", key="k")
    with app.app_context():
        seen = db.session().scalars(select(AuditEntry.verb).where(AuditEntry.actor_id == world.ada.id)).all()
    assert "viewed the requests" in seen and "viewed a request" in seen


def test_the_queue_is_sorted_by_the_clock_that_runs_out_first_and_narrowed_by_links(
    desk: Desk, sam: PageClient, world: World, now: datetime
) -> None:
    tracked = desk.open(now - MINUTE, 5, subject="Tracked")
    desk.say(now, tracked, world.sam)
    waiting = desk.open(now - MINUTE, 3, subject="Waiting")
    desk.say(now, waiting, world.sam, waits=True)
    desk.open(now - 90 * MINUTE, 1, subject="Late", who=world.pavel)
    desk.open(now - 30 * MINUTE, 2, subject="Soon")
    desk.open(now - MINUTE, 3, subject="Fresh")
    page = sam.get("/requests")
    titles = [item.text_content() for item in page.tree.findall(".//tbody//th//b")]
    assert titles == ["Late", "Soon", "Fresh", "Tracked", "Waiting"]
    first = page.tree.find(".//tbody/tr")
    assert first.get("class") == "overdue" and "30 min overdue" in first.text_content()
    filters = [
        " ".join(item.text_content().split()) for item in page.tree.findall(".//nav[@class='filters']/a")
    ]
    assert filters == [
        "All open 5",
        "Overdue 1",
        "Due within the hour 1",
        "Waiting for customer 1",
        "New 3",
        "Solved",
    ]
    for show, title in (("overdue", "Late"), ("soon", "Soon"), ("waiting", "Waiting")):
        shown = sam.get("/requests", show=show)
        assert [item.text_content() for item in shown.tree.findall(".//tbody//th//b")] == [title]
    assert "No request is solved yet." in sam.get("/requests", show="solved").words


@pytest.mark.postgres
def test_lists_go_on_page_by_page_and_budgets_hold(
    app: Flask,
    desk: Desk,
    vera: PageClient,
    sam: PageClient,
    world: World,
    now: datetime,
    count_queries: Counting,
) -> None:
    for number in range(53):
        found = desk.open(now - MINUTE, 1 + number % 5, subject=f"Number {number}")
    desk.say(now, found, world.sam, waits=True)
    ada = PageClient(app, world.ada)
    for client in (vera, sam, ada):
        page = client.get("/requests")
        seen = [item.text_content() for item in page.tree.findall(".//tbody//th//b")]
        (after,) = [link for link in page.links() if "after=" in link]
        rest = client.get(after)
        seen += [item.text_content() for item in rest.tree.findall(".//tbody//th//b")]
        assert len(seen) == len(set(seen)) == 53
        (before,) = [link for link in rest.links() if "before=" in link]
        back = client.get(before)
        assert [item.text_content() for item in back.tree.findall(".//tbody//th//b")] == seen[:50]
        for address in ("/requests", "/requests/rows", path(found), f"{path(found)}/clocks"):
            with count_queries() as queries:
                client.client.get(address)
            assert len(queries) <= 12, (address, len(queries))
    for client in (vera, sam):
        with count_queries() as queries:
            client.get("/requests/new")
        assert len(queries) <= 12


def test_a_request_that_wakes_a_senior_keeps_its_budget_for_everybody(
    app: Flask, desk: Desk, world: World, now: datetime, count_queries: Counting
) -> None:
    urgent = desk.open(now - MINUTE, 1)
    for member in (world.vera, world.sam, world.lev, world.ada):
        client = PageClient(app, member)
        client.get(path(urgent))
        with count_queries() as queries:
            client.get(path(urgent))
        assert len(queries) <= 12, member.user.name


@pytest.mark.postgres
@pytest.mark.parametrize(
    "place",
    [
        "x",
        "1~",
        "9~nonsense",
        "99999999999999999~2026",
        "5~9999-12-31T23:00:00-02:00",
        "5~0001-01-01T00:00:00+02:00",
        "5~0001-01-01T00:00:00+00:00",
    ],
)
def test_a_place_that_is_none_is_the_start_of_the_queue(sam: PageClient, place: str) -> None:
    assert sam.get("/requests", after=place).heading == "Requests"


def test_our_people_open_a_request_for_a_contact_of_theirs(
    app: Flask, desk: Desk, sam: PageClient, world: World
) -> None:
    page = sam.get("/requests/new")
    options = [item.text_content() for item in page.tree.findall(".//select[@name='contact']/option")]
    assert any("Vera" in item and "Nordwind" in item for item in options)
    assert not any("Lynx" in item for item in options)
    sam.post("/requests/new", 422, **NEW, contact=world.mallory.user.public_id)
    _address, page = sam.follow("/requests/new", **NEW, contact=world.vera.user.public_id)
    assert "Answered in" in page.words
    sam.get("/requests/new", company=world.vera.profile.company_public_id)
    sam.get("/requests/new", 404, company=world.mallory.profile.company_public_id)
    # Lev reads Russian.
    assert "Сегодня вы не ведёте ни одной компании" in PageClient(app, world.lev).get("/requests/new").words


def test_without_the_option_nothing_is_opened(app: Flask, world: World) -> None:
    otto = PageClient(app, world.otto)
    for address in ("/requests", "/requests/new"):
        assert "Dedicated support" in otto.get(address, 403).words
    otto.post("/requests/new", 403, **NEW)
    assert count_conversations(app) == 0


def test_who_lost_the_option_keeps_their_requests(
    app: Flask, desk: Desk, vera: PageClient, now: datetime, world: World
) -> None:
    found = desk.open(now - MINUTE)
    with app.app_context():
        session = db.session()
        session.get_one(Company, world.vera.profile.company_id).plan = "standard"
        session.commit()
    assert "Export stops" in vera.get("/requests").words
    vera.get(path(found))
    vera.get("/requests/new", 403)


def test_looking_writes_nothing(
    desk: Desk, vera: PageClient, sam: PageClient, now: datetime, count_queries: Counting
) -> None:
    found = desk.open(now - MINUTE)
    for client in (vera, sam):
        for address in ("/requests", path(found), "/requests/new"):
            client.get(address)
            with count_queries() as queries:
                client.client.get(address)
            assert not [text for text in queries.statements if not text.startswith("SELECT")]
