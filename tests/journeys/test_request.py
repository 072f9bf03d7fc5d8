"""A request from opening to solved, between Vera and Sam; with script and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import SAM, VERA, Cast
from tests.journeys.steps import press
from tests.support.browser import axe_findings
from tests.support.service import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PICTURES = ROOT / "var" / "screenshots"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SUBJECT = "Import of a file with two sheets stops"


def look(page: Page, name: str) -> None:
    """What axe says, and a picture."""
    assert axe_findings(page) == []
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"request-{name}.png", full_page=True)


def open_one(vera: Page) -> None:
    """Vera opens it, at first with nothing in the form."""
    vera.goto("/requests")
    vera.get_by_role("link", name="Open a request").click()
    press(vera, "Open the request")
    expect(vera.locator("[data-summary]")).to_be_focused()
    vera.get_by_role("radio", name="3 Standard").check()
    vera.get_by_label("What is it about?").fill(SUBJECT)
    vera.get_by_label("What happens?").fill("Since Monday.\nSee https://nordwind.example/log")
    look(vera, "new-390")
    press(vera, "Open the request")
    expect(vera.locator("h1")).to_have_text(SUBJECT)
    expect(vera.locator(".clock").first).to_contain_text("First answer by")
    vera.reload()
    vera.get_by_role("link", name="All requests").click()
    expect(vera.get_by_role("link", name=SUBJECT)).to_have_count(1)
    vera.get_by_role("link", name=SUBJECT).click()


def test_a_request_is_opened_answered_waits_and_is_solved(cast: Cast, as_person: Callable[..., Page]) -> None:
    vera, sam = as_person(VERA, **PHONE), as_person(SAM, java_script_enabled=False)
    open_one(vera)
    sam.goto("/requests")
    row = sam.get_by_role("row", name=SUBJECT)
    expect(row).to_contain_text("New")
    row.get_by_role("link").click()
    sam.get_by_label("Your message").fill("Which version do you use?")
    sam.get_by_label("We now wait for the customer").check()
    press(sam, "Send the message")
    sam.reload()
    expect(sam.get_by_text("Which version do you use?")).to_have_count(1)
    expect(sam.locator(".clock").nth(1)).to_contain_text("Paused")
    sam.get_by_text("Write an internal note").click()
    sam.get_by_label("Internal note").fill("They update in December.")
    press(sam, "Keep the note")
    seen = as_person(SAM)
    seen.goto(sam.url)
    look(seen, "desk")

    vera.reload()
    expect(vera.get_by_text("Waiting for you")).to_be_visible()
    expect(vera.get_by_text("They update in December.")).to_have_count(0)
    vera.get_by_label("Your message").fill("12.4, and it works again after the update.")
    press(vera, "Send the message")
    expect(vera.get_by_text("In work")).to_be_visible()
    look(vera, "answered-390")
    press(vera, "This is solved")
    expect(vera.get_by_text("You said that it is solved")).to_be_visible()
    sam.reload()
    expect(sam.get_by_text("Solved, says Vera")).to_be_visible()


def test_the_clocks_of_a_page_go_on_by_themselves(cast: Cast, as_person: Callable[..., Page]) -> None:
    page = as_person(VERA)
    page.goto("/requests/new")
    page.get_by_role("radio", name="2 High").check()
    page.get_by_label("What is it about?").fill("Everything is slow")
    page.get_by_label("What happens?").fill("Every page takes a minute.")
    press(page, "Open the request")
    page.clock.install()
    page.reload()
    with page.expect_response("**/clocks") as answered:
        page.clock.fast_forward(61_000)
    part = answered.value.text()
    assert "First answer by" in part and "<h1" not in part
    press(page, "This is solved")
