"""Somebody new of the staff: from nothing to an authenticator, and later in with a password and a code."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.test_passkeys_in_browser import with_device
from tests.journeys.cast import Cast
from tests.support.browser import axe_findings
from tests.support.second_factor import codes_now

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

NORA = "nora@attache.example"
PASSWORD = "three pale lanterns"
IS_DRAWN = "picture => picture.complete && picture.naturalWidth > 100"


def add_passkey(page: Page) -> None:
    """At the address that is printed after the start: it is one that passkeys can be bound to."""
    with_device(page)
    page.goto("/profile/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator("main")).to_contain_text("Your passkey is saved.")


def test_staff_enrol_from_nothing_and_sign_in_with_password_and_code(
    new_page: Callable[..., Page], cast: Cast
) -> None:
    service = cast.service
    service.flask("user", "add", NORA, "--name", "Nora Kos", "--role", "specialist", "--country", "SK")
    page = new_page(base_url=service.url, viewport={"width": 390, "height": 844})
    page.goto(service.flask("sign-in-link", NORA).strip())
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Set up your authenticator app")
    assert page.locator("img.qr").evaluate(IS_DRAWN)
    assert axe_findings(page) == []
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Code from your authenticator app").fill(codes_now(key)[0])
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    codes = page.locator(".key li").all_inner_texts()
    assert len(set(codes)) == 10
    assert axe_findings(page) == []
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/schedule")

    page.goto("/profile")
    page.get_by_role("link", name="Sign-in and security").click()
    page.get_by_role("link", name="Set a password").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.locator("main")).to_contain_text("Your password is saved")
    expect(page.locator("main")).to_contain_text("10 codes are left")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("link", name="Sign in with a password").click()
    page.get_by_label("E-mail address").fill(NORA)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Enter your code")
    # The code of the moment of enrolling was used then.
    page.get_by_label("Code from your authenticator app").fill(codes_now(key)[1])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/schedule$"))
    add_passkey(page)
