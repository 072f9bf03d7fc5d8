"""What a person does in a browser on the way to a call; every step works without JavaScript."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.support.ports import wait_until


def sign_in_by_mail(page: Page, email: str) -> None:
    """Ask for a link, find it on the demo's mail page, and press its button."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a sign-in link").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.get_by_role("link", name="Open the demo mail").click()
    row = page.locator("li", has_text=email)

    def has_come() -> bool:
        page.reload()
        return row.count() > 0

    wait_until(has_come, 60, f"a mail to {email} on the demo's mail page")
    row.first.get_by_role("link").click()
    page.locator('a[href*="/sign-in/"]').first.click()
    page.get_by_role("button", name="Sign in").click()


def press(where: Page | Locator, name: str) -> None:
    """Press a button and wait for the page that it leads to: one on its way cannot be reloaded.

    The button's name may go on with what only screen readers say.
    """
    page = where if isinstance(where, Page) else where.page
    with page.expect_navigation():
        where.get_by_role("button", name=name).first.click()


def open_week(page: Page, call_type: str, weeks_ahead: int = 2) -> None:
    """The free times of a kind of call in one of the coming weeks, later than any notice reaches."""
    page.goto(f"/book?call_type={call_type}")
    for _ in range(weeks_ahead):
        page.locator('[rel="next"]').click()
        while not page.locator(".slot").count():
            page.locator('[rel="next"]').click()


def take_slot(page: Page, number: int = 0) -> str:
    """Choose one of the times of the page; when it starts."""
    slot = page.locator(".slot").nth(number)
    start = slot.get_attribute("value")
    assert start
    slot.click()
    return start


def wait_for_title(page: Page, title: str) -> None:
    """Look at the call's page again until it says so."""

    def says_so() -> bool:
        if page.locator("h1").inner_text() == title:
            return True
        page.reload()
        return False

    wait_until(says_so, 60, title)


def call_id(page: Page) -> str:
    """Whose page this is."""
    found = re.search(r"/calls/([^/?]+)", page.url)
    assert found, page.url
    return found[1]
