"""Passkeys in a real Chromium with a virtual authenticator: the script, the policy, the keyboard."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select

from app.accounts.models import UserSession
from app.config import Settings
from app.lib.db import db
from tests.accounts.browsing import operator_link
from tests.world import World

pytestmark = pytest.mark.browser

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page) -> tuple[CDPSession, str]:
    """Gives the page's browser an authenticator that says yes to everything."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return cdp, device["authenticatorId"]


def test_a_passkey_is_set_up_and_signs_in_and_proves_again(
    app: Flask, settings: Settings, world: World, live_server: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(base_url=live_server)
    cdp, device = with_device(page)
    page.goto(operator_link(app, settings, world.sam.email))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Set up your authenticator app")
    page.get_by_label("Name of the passkey").fill("Phone")
    page.get_by_label("Name of the passkey").press("Enter")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    assert len(cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto(operator_link(app, settings, world.sam.email))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Prove that it is you")
    page.get_by_role("button", name="Use a passkey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule")
    with app.app_context():
        assert set(db.session.scalars(select(UserSession.method))) == {"link+passkey"}

    page.goto("/sign-in/again?next=/profile/security")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/profile/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("The same device")
    page.get_by_role("button", name="Add the passkey").click()
    # This device has one already; another may be added.
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("That did not work")
    another = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**_DEVICE, "transport": "usb"}})
    assert another["authenticatorId"] != device
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/profile/security")
    expect(page.locator("main")).to_contain_text("Your passkey is saved.")


def test_without_script_the_code_stays(
    app: Flask, settings: Settings, world: World, live_server: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(base_url=live_server, java_script_enabled=False)
    page.goto(operator_link(app, settings, world.sam.email))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Code from your authenticator app")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey instead")).to_be_hidden()
