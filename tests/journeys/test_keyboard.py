"""Booking with Tab, arrows and Enter alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import VERA

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

IS_FOCUSED = "selector => document.activeElement.matches(selector)"
FOCUS_SHOWS = """() => {
    const style = getComputedStyle(document.activeElement);
    return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
MOST_STOPS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, and the focus can be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(IS_FOCUSED, selector):
            assert page.evaluate(FOCUS_SHOWS), f"nobody sees that {selector} has the focus"
            return
    raise AssertionError(f"{selector} is not among the first {MOST_STOPS} stops of {page.url}")


def test_a_call_is_booked_with_the_keyboard_alone(as_person: Callable[..., Page]) -> None:
    page = as_person(VERA)
    page.goto("/")
    tab_to(page, 'main a[href="/book"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/book*")
    tab_to(page, '[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**week=*")
    tab_to(page, ".slot")
    first = page.evaluate("document.activeElement.value")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("document.activeElement.value")
    assert chosen[:10] > first[:10], "the arrow to the right leads to a later day"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your details")
    tab_to(page, "#topic")
    page.keyboard.type("Without a mouse")
    tab_to(page, 'button[type="submit"].primary')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your call is booked", timeout=15_000)
    expect(page.locator(".facts time").first).to_have_attribute("datetime", chosen)
    expect(page.locator(".facts .topic")).to_have_text("Without a mouse")


def test_the_first_stop_leads_past_the_navigation(as_person: Callable[..., Page]) -> None:
    page = as_person(VERA)
    page.goto("/book")
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    assert page.evaluate(IS_FOCUSED, "main")
