"""Every page as it really comes, light and dark, on a desk and on a phone: what axe says, and a picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.cast import ADA, LEV, OTTO, SAM, VERA, Cast
from tests.journeys.steps import call_id, open_week, take_slot, wait_for_title
from tests.support.browser import OF_COLOURS, axe_findings
from tests.support.service import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PICTURES = ROOT / "var" / "screenshots"
WIDTHS: dict[str, dict[str, Any]] = {
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "390": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
RULES = {"light": (), "dark": OF_COLOURS}
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def call(cast: Cast) -> str:
    """A call of Vera's that stays, so that the pages of calls have something to show."""
    vera = cast.api(VERA)
    start = cast.far_slots(VERA, "product-support")[-1]
    body = {"call_type": "product-support", "start": start, "topic": "The export stops half way"}
    made = vera.post("/bookings", body, f"every-page-{start}")
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.fixture(scope="module")
def paths(cast: Cast, call: str) -> dict[str, tuple[str, str]]:
    """Whose page stands at which address, by the name of its picture."""
    mails = cast.browser(VERA).get(f"{cast.service.url}/demo/mail", timeout=30).text
    own = cast.browser(SAM).get(f"{cast.service.url}/calendars", timeout=30).text
    account = own.split('action="/calendars/')[1].split("/")[0]
    mail = mails.split('href="/demo/mail/')[1].split('"')[0]
    return {
        "sign-in": ("", "/sign-in"),
        "sign-in-password": ("", "/sign-in/password"),
        "home": (VERA, "/"),
        "week": (VERA, "/book"),
        "zones": (VERA, "/book?zones=all&zone=Asia/Almaty"),
        "call": (VERA, f"/calls/{call}"),
        "calls": (VERA, "/calls"),
        "cancel": (VERA, f"/calls/{call}/cancel"),
        "move": (VERA, f"/calls/{call}/move"),
        "profile": (VERA, "/profile"),
        "not-found": (VERA, "/no-such-page"),
        "no-option": (OTTO, "/"),
        "hours": (SAM, "/hours"),
        "calendars": (SAM, "/calendars"),
        "calendars-connect": (SAM, "/calendars/connect?service=nextcloud"),
        "calendars-subscribe": (SAM, "/calendars/subscribe"),
        "calendars-choose": (SAM, f"/calendars/{account}/choose"),
        "calendars-password": (SAM, f"/calendars/{account}/password"),
        "calendars-remove": (SAM, f"/calendars/{account}/remove"),
        "calendars-empty": (LEV, "/calendars"),
        "security": (SAM, "/profile/security"),
        "security-password": (SAM, "/profile/security/password"),
        "security-codes": (SAM, "/profile/security/recovery-codes"),
        "sessions": (SAM, "/profile/sessions"),
        "schedule": (SAM, "/schedule"),
        "schedule-call": (SAM, f"/calls/{call}"),
        "overview": (ADA, "/overview"),
        "call-types": (ADA, "/call-types"),
        "call-type": (ADA, "/call-types/product-support"),
        "call-type-new": (ADA, "/call-types/new"),
        "demo-mail": ("", "/demo/mail"),
        "demo-mail-message": ("", f"/demo/mail/{mail}"),
    }


def look_at(page: Page, name: str, width: str) -> list[str]:
    """What is wrong with the page in light and in dark; a picture of each is kept."""
    findings = []
    for scheme in RULES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        picture: Path = PICTURES / f"{name}-{width}-{scheme}.png"
        page.screenshot(path=picture, full_page=True)
        findings += [f"{name}, {scheme}: {finding}" for finding in axe_findings(page, RULES[scheme])]
    if page.evaluate(SIDEWAYS) > 0:
        findings.append(f"{name}: it scrolls sideways")
    return findings


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page(
    as_person: Callable[..., Page],
    new_page: Callable[..., Page],
    cast: Cast,
    paths: dict[str, tuple[str, str]],
    width: str,
) -> None:
    people: dict[str, Page] = {"": new_page(base_url=cast.service.url, **WIDTHS[width])}
    findings = []
    for name, (email, path) in paths.items():
        if email not in people:
            people[email] = as_person(email, **WIDTHS[width])
        page = people[email]
        page.goto(path)
        findings += look_at(page, name, width)
    assert findings == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_way_to_a_call(as_person: Callable[..., Page], width: str) -> None:
    page = as_person(VERA, **WIDTHS[width])
    open_week(page, "feature-request")
    take_slot(page)
    findings = look_at(page, "details", width)
    page.locator("input[value=phone]").check(force=True)
    page.locator("#phone").fill("12")
    page.get_by_role("button", name="Confirm call").click()
    findings += look_at(page, "details-problem", width)
    page.locator("input[value=video]").check(force=True)
    page.get_by_role("button", name="Confirm call").click()
    wait_for_title(page, "Your call is booked")
    findings += look_at(page, "booked", width)
    page.goto(f"/calls/{call_id(page)}/move")
    take_slot(page, 2)
    findings += look_at(page, "move-confirm", width)
    assert findings == []
