"""A chat in real browsers: keys, files, what is said aloud, and what it says out of hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from app.accounts.guards import session_cookie
from app.calendars.models import CalendarPicture
from app.config import Settings
from app.customers.models import Specialist
from app.desk.chat import queries
from app.desk.requests.service_turning import turn_into_request
from app.lib import clock
from app.lib.db import db, write
from app.lib.intervals import Interval
from app.lib.packed import pack
from app.settings.values import ServiceWindow
from tests.support.browser import Complaints, axe_findings, open_page
from tests.support.replica import open_calendar
from tests.world import Member, World, build_world, session_token_for

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
NARROW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """It is about noon where the service is, and it is open every day."""
    ahead = 12 - clock.now().hour
    zone = f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead)}"
    every_day = ServiceWindow(time(8), time(17), tuple(range(7)))
    standard = {"STANDARD_CHAT_URL": "https://chat.example", "STANDARD_EMAIL": "help@example.com"}
    return replace(make_settings(SERVICE_TIME_ZONE=zone, **standard), service_window=every_day)


@pytest.fixture
def world(app: Flask, settings: Settings) -> World:
    with app.app_context():
        now = clock.now()
        world = build_world(db.session(), now)
        # Where no day is a public holiday.
        db.session.execute(update(Specialist).values(country="", region=""))
        open_calendar(
            db.session(), settings, now, world.sam.id, working=[Interval(now - HOUR, now + 2 * HOUR)]
        )
        return world


def cookie_of(app: Flask, settings: Settings, member: Member, address: str) -> Any:
    return {"name": session_cookie(settings), "value": session_token_for(app, member), "url": address}


@pytest.fixture
def as_member(
    app: Flask, settings: Settings, live_server: str, new_page: Callable[..., Page]
) -> Callable[..., Page]:
    def make(member: Member, path: str, **options: object) -> Page:
        page = new_page(base_url=live_server, **options)
        page.context.add_cookies([cookie_of(app, settings, member, live_server)])
        page.goto(path)
        return page

    return make


def goes_home(app: Flask, world: World) -> None:
    """Sam's hours are over."""
    with app.app_context():
        now = clock.now()
        ahead = [Interval(now - 2 * HOUR, now - HOUR), Interval(now + 24 * HOUR, now + 25 * HOUR)]
        db.session.execute(
            update(CalendarPicture)
            .where(CalendarPicture.person_id == world.sam.id)
            .values(working=pack(ahead))
        )
        db.session.commit()


def test_keys_send_and_begin_lines_files_are_dropped_and_answers_come_by_themselves(
    world: World, as_member: Callable[..., Page]
) -> None:
    vera = as_member(world.vera, "/chat")
    expect(vera.locator(".presence")).to_contain_text("In now, until")
    field = vera.get_by_label("Your message")
    field.press_sequentially("One")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    field.press("Control+Enter")
    field.press_sequentially("three")
    assert field.input_value() == "One\ntwo\nthree"
    field.press("Enter")
    field.press("Enter")
    expect(vera.locator("[data-list] .message")).to_have_count(1)
    expect(vera.locator("[data-unsent] li")).to_have_count(0)
    expect(field).to_be_focused()
    sam = as_member(world.sam, "/chats")
    expect(sam.get_by_role("navigation", name="Main")).to_contain_text("1 new")
    sam.get_by_role("link", name="Vera Lindqvist").click()
    sam.get_by_label("Your message").fill("Send me the log, please")
    sam.get_by_role("button", name="Send", exact=True).click()
    expect(vera.get_by_role("log")).to_contain_text("Send me the log, please")
    dropped = vera.evaluate_handle(
        "() => { const all = new DataTransfer();"
        "all.items.add(new File(['all is well'], 'import.log', {type: 'text/plain'})); return all; }"
    )
    vera.dispatch_event(".chat", "drop", {"dataTransfer": dropped})
    field.press("Enter")
    expect(sam.get_by_role("link", name="import.log")).to_be_visible()
    # Both have seen everything by now: no page counts anything as new.
    for page in (vera, sam):
        page.goto("/profile")
        expect(page.get_by_role("navigation", name="Main")).not_to_contain_text("new")


def test_a_file_that_is_refused_is_told_of_and_its_words_come_back(
    app: Flask, settings: Settings, world: World, live_server: str, chromium: Browser
) -> None:
    complaints = Complaints()
    vera = open_page(chromium, complaints, base_url=live_server)
    vera.context.add_cookies([cookie_of(app, settings, world.vera, live_server)])
    vera.goto("/chat")
    field = vera.get_by_label("Your message")
    vera.locator("summary").click()
    picture = {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    vera.get_by_label("Files").set_input_files(picture)  # type: ignore[arg-type]
    field.fill("See this")
    field.press("Enter")
    expect(vera.get_by_role("alert")).to_contain_text("a.svg")
    expect(field).to_have_value("See this")
    vera.context.close()
    # A browser logs what is refused, and nothing else is to be complained about.
    assert [text for text in complaints.all() if "422" not in text] == []


def test_the_page_changes_what_it_says_when_hours_end_and_leads_elsewhere(
    app: Flask, world: World, as_member: Callable[..., Page]
) -> None:
    vera = as_member(world.vera, "/chat")
    expect(vera.get_by_text("In now")).to_be_visible()
    goes_home(app, world)
    # The next whole answer tells; a message has one at once.
    field = vera.get_by_label("Your message")
    field.fill("Are you still there?")
    field.press("Enter")
    expect(vera.get_by_text("Sam is back")).to_be_visible()
    expect(vera.get_by_role("link", name="standard chat")).to_have_attribute("href", "https://chat.example")
    expect(vera.get_by_role("main").get_by_role("link", name="Book a call")).to_be_visible()
    phone = as_member(world.vera, "/chat", **NARROW)
    expect(phone.get_by_text("Write all the same: your message waits for Sam.")).to_be_visible()
    assert axe_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_chat_that_becomes_a_request_while_it_is_open_says_so(
    app: Flask, settings: Settings, world: World, as_member: Callable[..., Page]
) -> None:
    vera = as_member(world.vera, "/chat")
    field = vera.get_by_label("Your message")
    field.fill("The export stops")
    field.press("Enter")
    expect(vera.locator("[data-list] .message")).to_have_count(1)
    with app.app_context():
        chat = queries.own_chat(db.session(), world.vera.id)
        assert chat is not None
        what = (world.sam.user, chat.id, 3, "Export stops")
        write(
            db.session(),
            [],
            lambda s: turn_into_request(
                s, clock.now(), replace(settings, service_window=ServiceWindow()), *what
            ),
        )
    field.fill("Another thing")
    field.press("Enter")
    expect(vera.get_by_role("link", name="What stood here is a request now")).to_be_visible()
    expect(vera.get_by_role("log")).to_contain_text("Another thing")
    expect(vera.get_by_role("log")).not_to_contain_text("The export stops")


def test_what_is_typed_outlives_a_reload_and_the_end_of_the_chat(
    app: Flask,
    settings: Settings,
    world: World,
    as_member: Callable[..., Page],
    live_server: str,
    chromium: Browser,
) -> None:
    vera = as_member(world.vera, "/chat")
    field = vera.get_by_label("Your message")
    field.fill("The export stops")
    field.press("Enter")
    expect(vera.locator("[data-list] .message")).to_have_count(1)
    field.fill("And half of")
    vera.reload()
    expect(field).to_have_value("And half of")
    complaints = Complaints()
    sam = open_page(chromium, complaints, base_url=live_server)
    sam.context.add_cookies([cookie_of(app, settings, world.sam, live_server)])
    sam.goto("/chats")
    sam.get_by_role("link", name="Vera Lindqvist").click()
    answer = sam.get_by_label("Your message")
    answer.fill("Send me")
    with app.app_context():
        chat = queries.own_chat(db.session(), world.vera.id)
        assert chat is not None
        what = (world.sam.user, chat.id, 3, "Export stops")
        write(
            db.session(),
            [],
            lambda s: turn_into_request(
                s, clock.now(), replace(settings, service_window=ServiceWindow()), *what
            ),
        )
    expect(sam.get_by_role("status")).to_contain_text("not open here any more", timeout=15_000)
    expect(answer).to_have_value("Send me")
    sam.context.close()
    # A browser logs that the chat is none any more, and nothing else.
    assert [text for text in complaints.all() if "404" not in text] == []
