"""Calendars connected, put right and removed in a real browser, by somebody who has none yet."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import LEV, Cast
from tests.support.browser import axe_findings
from tests.support.ports import free_port, wait_until
from tests.support.radicale import Radicale, password, running_radicale
from tests.support.service import RunningService, running_service

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("connecting")]

TEXT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\nX-WR-CALNAME:Swimming\r\nBEGIN:VEVENT\r\n"
    "UID:swim\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
    "SUMMARY:Swimming\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Radicale]:
    """Lev's own calendar server, which the service has never heard of."""
    with running_radicale() as radicale:
        radicale.make_calendar("lev", "work", "Work")
        radicale.make_calendar("lev", "private", "Private")
        yield radicale


class _Quiet(SimpleHTTPRequestHandler):
    def do_PROPFIND(self) -> None:
        """As most web servers answer a method that they do not have."""
        self.send_error(501)

    def log_message(self, *_parts: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A plain web server with a calendar file, and no CalDAV; its address."""
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "swim.ics").write_bytes(TEXT.encode())
    web = ThreadingHTTPServer(("127.0.0.1", free_port()), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    web.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, server: Radicale, files: str
) -> Iterator[RunningService]:
    """A service of its own that may call these two; Lev's demo calendar is not connected to it any more."""
    caldav = free_port()
    allowed = f"http://127.0.0.1:{caldav},{server.url},{files}"
    environ = {"CALDAV_PORT": str(caldav), "CALDAV_ALLOWED_ORIGINS": allowed, "SYNC_INTERVAL": "3"}
    with running_service(tmp_path_factory.mktemp("connecting"), **environ) as running:
        yield running


@pytest.fixture(scope="module")
def cast(service: RunningService) -> Cast:
    return Cast(service)


@pytest.fixture
def lev(new_page: Callable[..., Page], cast: Cast) -> Callable[..., Page]:
    """Makes pages in which Lev is signed in and reads English; nothing of his is connected then."""

    def make(**options: object) -> Page:
        page = new_page(**{"base_url": cast.service.url, **options})
        page.context.add_cookies(cast.cookies(LEV))
        page.goto("/calendars")
        if page.locator("html").get_attribute("lang") != "en":
            page.get_by_role("button", name="English").click()
            # Counting does not wait for a page that is on its way.
            expect(page.locator("html")).to_have_attribute("lang", "en")
        while page.locator("section.card .buttons").count():
            remove_first(page)
        expect(page.get_by_role("heading", name="No calendar is connected")).to_be_visible()
        return page

    return make


def remove_first(page: Page) -> None:
    """Remove the first account of the page."""
    page.locator("section.card .buttons a", has_text="Remove").first.click()
    expect(page.locator("h1")).to_have_text("Remove this account?")
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.locator(".note")).to_contain_text("The account is removed.")


def ask(page: Page, address: str, secret: str = "lev-secret") -> None:
    """Fill in the form and send it."""
    page.goto("/calendars/connect")
    page.locator("#address").fill(address)
    page.locator("#username").fill("lev")
    page.locator("#password").fill(secret)
    page.get_by_role("button", name="Find my calendars").click()


def wait_for_heading(page: Page, text: str) -> None:
    """Until the worker has answered; without JavaScript the page is loaded again."""

    def has_come() -> bool:
        if page.locator("h1").inner_text() == text:
            return True
        page.wait_for_timeout(200)
        return page.locator("h1").inner_text() == text

    wait_until(has_come, 60, text)


def wait_for_state(page: Page, text: str) -> None:
    """Until an account of the page is in that state."""

    def says_so() -> bool:
        page.goto("/calendars")
        return page.locator(".card-head .pill", has_text=text).count() > 0

    wait_until(says_so, 60, text)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_calendar_is_connected_by_its_host_and_comes_in_step(
    lev: Callable[..., Page], server: Radicale, script: bool
) -> None:
    page = lev(java_script_enabled=script)
    page.get_by_role("link", name="Connect a calendar").first.click()
    ask(page, server.url.removeprefix("http://"), password("lev"))
    wait_for_heading(page, "Choose your calendars")
    busy = page.get_by_role("group", name="Which calendars show when you are busy?")
    expect(busy.get_by_label("Work", exact=True)).to_be_checked()
    busy.get_by_label("Private", exact=True).uncheck()
    calls = page.get_by_role("group", name="Where shall we write booked calls?")
    calls.get_by_label("Work", exact=True).check()
    hours = page.get_by_role("group", name="Where do your working hours live?")
    hours.get_by_label("A new calendar").check()
    page.get_by_role("button", name="Connect these calendars").click()
    wait_for_heading(page, "Your calendars")
    wait_for_state(page, "In step")
    work = page.locator(".uses li").filter(has=page.locator("b", has_text=re.compile("^Work$")))
    expect(work).to_contain_text("Booked calls")
    expect(page.locator(".uses li", has_text="Private")).to_contain_text("Ignored")
    made = page.locator(".uses li").filter(has=page.locator("b", has_text=re.compile("^Working hours$")))
    expect(made.first).to_contain_text("Working hours")
    page.get_by_role("button", name="Read it now").click()
    expect(page.locator(".note").first).to_contain_text(re.compile("read a moment ago|asked the server"))


def test_wrong_passwords_and_wrong_servers_are_told_and_typed_text_stays(
    lev: Callable[..., Page], server: Radicale, files: str
) -> None:
    page = lev()
    ask(page, server.url, "not-the-password")
    wait_for_heading(page, "Connect a calendar")
    expect(page.locator("[data-summary]")).to_contain_text("User name or password was refused")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("#address")).to_have_value(server.url)
    expect(page.locator("#username")).to_have_value("lev")
    expect(page.locator("#password")).to_have_value("")
    assert axe_findings(page) == []
    ask(page, files)
    wait_for_heading(page, "Connect a calendar")
    expect(page.locator("[data-summary]")).to_contain_text("no CalDAV server at that address")
    ask(page, f"http://127.0.0.1:{free_port()}")
    expect(page.locator("[data-summary]")).to_contain_text("https")


def test_a_calendar_file_is_subscribed_to_and_removed(lev: Callable[..., Page], files: str) -> None:
    page = lev()
    page.get_by_role("link", name="Subscribe to a calendar file").click()
    page.get_by_label("Address of the file").fill(f"{files}/swim.ics")
    page.get_by_role("button", name="Look at the file").click()
    wait_for_heading(page, "The file was found")
    expect(page.get_by_label("Name of this calendar")).to_have_value("Swimming")
    expect(page.locator("main")).to_contain_text("1 entry")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Let it block my time").click()
    wait_for_heading(page, "Your calendars")
    wait_for_state(page, "In step")
    expect(page.locator(".uses li")).to_contain_text("Blocks your time")
    remove_first(page)
    expect(page.get_by_role("heading", name="No calendar is connected")).to_be_visible()


def test_a_calendar_is_connected_by_keyboard_alone(lev: Callable[..., Page], server: Radicale) -> None:
    page = lev()
    page.goto("/calendars/connect")
    page.locator("#address").focus()
    for text in (server.url, "lev", password("lev")):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_heading(page, "Choose your calendars")
    page.locator("main input").first.focus()
    for _ in range(20):
        if page.evaluate("document.activeElement.matches('button.primary')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_heading(page, "Your calendars")
    wait_for_state(page, "In step")
