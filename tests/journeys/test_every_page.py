"""Every page as it really comes, on a desk and on a phone: what axe says, and a picture."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import ADA, LEV, OTTO, RITA, SAM, VERA, Cast, send_form
from tests.journeys.steps import call_id, open_week, press, take_slot, wait_for_title
from tests.support.browser import OF_COLOURS, THOROUGH, axe_findings
from tests.support.second_factor import codes_now
from tests.support.service import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PICTURES = ROOT / "var" / "screenshots"
WIDTHS: dict[str, dict[str, Any]] = {
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "390": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
RULES = {"light": (), "dark": OF_COLOURS}
# Every kind of element is looked at in the dark in tests/pages.
SCHEMES = ("light", "dark") if THOROUGH else ("light",)
STATUSES = {"not-found": 404, "no-option": 403}
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
def hand_over(cast: Cast) -> str:
    """The page of a hand-over of Lynx that is planned and no more."""
    service, visit = cast.service, cast.browser(ADA)
    company = find(cast, "/companies?q=Lynx", "/companies")
    page = f"{service.url}{company}/serving"
    lev = re.search(r'<option value="([^"]+)"[^>]*>Lev ', visit.get(page, timeout=30).text)
    assert lev
    day = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    fields = {"specialist": lev[1], "day": day, "note": "They write on Mondays"}
    assert send_form(visit, page, f"{service.url}{company}/hand-over", **fields).status_code == 303
    return find(cast, f"{company}/serving", "/hand-overs")


def find(cast: Cast, path: str, folder: str) -> str:
    """The first address in a folder that a page of Ada's links to."""
    text = cast.browser(ADA).get(cast.service.url + path, timeout=30).text
    found = re.search(rf'href="({folder}/[A-Za-z0-9_-]{{10,}})"', text)
    assert found, path
    return found[1]


@pytest.fixture(scope="module")
def records(cast: Cast, hand_over: str) -> dict[str, tuple[str, str]]:
    """The pages of administration, as ``paths``."""
    company = find(cast, "/companies?q=Lynx", "/companies")
    person = find(cast, "/people?q=Sam", "/people")
    contact = find(cast, "/contacts?q=Mallory", "/contacts")
    return {
        "companies": (ADA, "/companies"),
        "company": (ADA, company),
        "company-new": (ADA, "/companies/new"),
        "company-serving": (ADA, f"{company}/serving"),
        "people": (ADA, "/people"),
        "person": (ADA, person),
        "person-disable": (ADA, f"{person}/disable"),
        "contacts": (ADA, "/contacts"),
        "contact": (ADA, contact),
        "contact-erase": (ADA, f"{contact}/erase"),
        "files": (ADA, "/files"),
        "search": (ADA, "/search?q=nord"),
        "settings": (ADA, "/settings"),
        "settings-hours": (ADA, "/settings/hours"),
        "settings-holidays": (ADA, "/settings/holidays"),
        "settings-policies": (ADA, "/settings/policies"),
        "settings-features": (ADA, "/settings/features"),
        "settings-data": (ADA, "/settings/data"),
        "settings-mails": (ADA, "/settings/mails"),
        "settings-mail": (ADA, "/settings/mails/invitation"),
        "audit": (ADA, "/audit"),
        "api-tokens": (ADA, "/tokens"),
        "coming-calls": (ADA, "/overview/calls"),
        "time-off": (SAM, "/time-off"),
        "time-off-of-all": (ADA, "/time-off"),
        "hand-over": (LEV, hand_over),
        "hand-over-planned": (ADA, hand_over),
        "own-api-tokens": (SAM, "/profile/tokens"),
        "security-authenticator": (RITA, "/profile/security/authenticator"),
        "security-passkey-new": (RITA, "/profile/security/passkeys/new"),
        "sessions": (RITA, "/profile/sessions"),
        "sign-in-again": (RITA, "/sign-in/again"),
    }


@pytest.fixture(scope="module")
def paths(cast: Cast, call: str, records: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
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
        **records,
    }


def look_at(page: Page, name: str, width: str) -> list[str]:
    """What is wrong with the page in each scheme; a picture of each is kept."""
    findings = []
    for scheme in SCHEMES:
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
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == STATUSES.get(name, 200), name
        findings += look_at(page, name, width)
    assert findings == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_steps_of_signing_in(
    new_page: Callable[..., Page], cast: Cast, width: str
) -> None:
    service, new = cast.service, f"ines-{width}@attache.example"
    service.flask("user", "add", new, "--name", "Ines Lang", "--role", "administrator")
    page = new_page(base_url=service.url, **WIDTHS[width])
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(new)
    page.get_by_role("button", name="Send me a sign-in link").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    findings = look_at(page, "sign-in-sent", width)
    page.goto(service.flask("sign-in-link", new).strip())
    findings += look_at(page, "sign-in-link", width)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Set up your authenticator app")
    findings += look_at(page, "sign-in-enrol", width)
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Code from your authenticator app").fill(codes_now(key)[0])
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    findings += look_at(page, "sign-in-codes", width)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(service.flask("sign-in-link", new).strip())
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Enter your code")
    findings += look_at(page, "sign-in-code", width)
    page.get_by_label("Code from your authenticator app").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error")).to_be_visible()
    findings += look_at(page, "sign-in-code-wrong", width)
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
    press(page, "Confirm call")
    wait_for_title(page, "Your call is booked")
    findings += look_at(page, "booked", width)
    page.goto(f"/calls/{call_id(page)}/move")
    take_slot(page, 2)
    findings += look_at(page, "move-confirm", width)
    assert findings == []
