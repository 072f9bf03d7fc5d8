"""Signing in at the OpenID provider in a real browser, with the strict content policy."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.config import Settings
from tests.accounts.oidc_browsing import be, methods, read_provider
from tests.fakes.openid_provider import OpenidProvider
from tests.support.browser import axe_findings
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(make_settings: Callable[..., Settings], provider: OpenidProvider) -> Settings:
    return make_settings(**provider.environ(OIDC_NAME="Keycloak"))


def test_there_and_back_and_in_with_a_code(
    app: Flask, world: World, provider: OpenidProvider, live_server: str, page: Page
) -> None:
    seed = authenticator_of(app, world.sam.user)
    be(provider, world.vera)
    read_provider(app)
    page.goto(f"{live_server}/hours")
    page.get_by_role("link", name="Sign in with Keycloak").click()
    expect(page.locator("h1")).to_have_text("You cannot sign in this way")
    assert axe_findings(page) == []
    page.get_by_role("link", name="Sign in another way").click()
    assert axe_findings(page) == []

    be(provider, world.sam)
    page.get_by_role("link", name="Sign in with Keycloak").click()
    expect(page.locator("h1")).to_have_text("Enter your code")
    page.get_by_label("Code from your authenticator app").fill(codes_now(seed)[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/hours$"))
    assert methods(app) == ["oidc+totp"]
