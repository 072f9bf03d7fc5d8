"""The sample pages in a real browser: keyboard, script, narrow and dark, and what axe says."""

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from lxml import html
from playwright.sync_api import Page, ViewportSize, expect

from tests.pages.samples import samples
from tests.pages.serving import Site, sample_site
from tests.support.browser import OF_COLOURS, THOROUGH, axe_findings

pytestmark = pytest.mark.browser

WHOLE = [name for name, template, _ in samples() if not template.startswith("mail/") and "/_" not in template]
PARTS = 4
DESK: ViewportSize = {"width": 1280, "height": 900}
WIDTHS = {"100%": (320, 390, 1280), "200%": (640, 1280)}
# What looks different on a phone; the rest has the same structure as on a desk.
PHONE = ["book", "feeds-new", "details-error", "hours", "overview", "conflict", "booked", "mail-message"]
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
FOCUSED = "document.activeElement.textContent.trim().split(/\\s/)[0]"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with sample_site() as running:
        yield running


@pytest.fixture(scope="module")
def dark(site: Site) -> set[str]:
    """The samples to look at in the dark: together they have every kind of element."""
    return set(WHOLE) if THOROUGH else covering({name: site.pages[name] for name in WHOLE})


def covering(pages: Mapping[str, str]) -> set[str]:
    """Some of the pages that have all elements which could look different: by name, classes and parent's."""
    kinds = {name: kinds_of(text) for name, text in pages.items()}
    chosen: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for name in sorted(kinds, key=lambda name: -len(kinds[name])):
        if kinds[name] - seen:
            chosen.add(name)
            seen |= kinds[name]
    return chosen


def kinds_of(text: str) -> set[tuple[str, ...]]:
    """Tag and classes of each element with those of the one around it."""
    body = html.document_fromstring(text).body
    return {
        (around.tag, around.get("class", ""), str(item.tag), item.get("class", ""))
        for item in body.iterdescendants()
        if (around := item.getparent()) is not None
    }


def test_what_only_one_sample_has_is_looked_at_in_the_dark() -> None:
    plain, gone = "<p>Booked</p>", "<p>Booked</p><p class='gone'>Cancelled</p>"
    assert covering({"a": plain, "b": plain, "c": gone, "d": "<ul><li class='gone'>no</li></ul>"}) == {
        "c",
        "d",
    }


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    site: Site, dark: set[str], new_page: Callable[..., Page], part: int
) -> None:
    page = new_page()
    findings = {}
    for name in WHOLE[part::PARTS]:
        page.set_viewport_size(DESK)
        page.goto(f"{site.base}/{name}")
        # Colours are looked at where a kind of element is met first, in both schemes.
        found = axe_findings(page, without=() if name in dark else OF_COLOURS)
        if name in dark:
            page.emulate_media(color_scheme="dark")
            found += axe_findings(page, OF_COLOURS)
            page.emulate_media(color_scheme="light")
        if found := found + too_wide(page):
            findings[name] = found
    assert findings == {}


def test_axe_finds_nothing_on_a_phone(site: Site, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    findings = {}
    for name in PHONE:
        page.goto(f"{site.base}/{name}")
        if found := axe_findings(page):
            findings[name] = found
    assert findings == {}


def too_wide(page: Page) -> list[str]:
    """At which widths, and with text of which size, the page would have to be scrolled sideways."""
    found = []
    for size, widths in WIDTHS.items():
        page.evaluate(f"document.documentElement.style.setProperty('font-size', '{size}')")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SIDEWAYS) > 0:
                found.append(f"it scrolls sideways at {width} with text at {size}")
    return found


def test_a_page_that_is_too_wide_is_found(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/book")
    page.evaluate("document.querySelector('main').style.minWidth = '700px'")
    assert too_wide(page)[:2] == [
        "it scrolls sideways at 320 with text at 100%",
        "it scrolls sideways at 390 with text at 100%",
    ]


def test_a_report_is_printed_on_two_pages_at_most(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/report")
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(pages) <= 2


def test_arrows_move_between_times_and_days(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/book")
    assert page.locator('.slot[tabindex="0"]').count() == 4
    page.locator(".slot").first.focus()
    expect(page.locator("[data-keys]")).to_be_visible()
    for key, expected in (
        ("ArrowDown", "16:00"),
        ("ArrowRight", "15:30"),
        ("ArrowRight", "19:00"),
        ("ArrowLeft", "19:00"),
        ("Home", "13:30"),
        ("ArrowUp", "13:30"),
        ("End", "20:00"),
        ("ArrowDown", "20:00"),
    ):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == expected, key


def test_page_down_goes_to_the_next_week(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/book")
    page.locator(".slot").first.focus()
    page.keyboard.press("PageDown")
    page.wait_for_url("**week=2")


def test_the_hint_moves_nothing(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/book")
    before = page.locator(".foot").bounding_box()
    page.locator(".slot").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".foot").bounding_box() == before


def test_an_error_summary_has_the_focus(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/details-taken")
    assert page.evaluate("document.activeElement.matches('[data-summary]')")


def test_a_form_is_sent_once(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/details")
    sent = page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            const options = {bubbles: true, cancelable: true};
            const send = () => form.dispatchEvent(new SubmitEvent("submit", options));
            return [send(), send()];
        }"""
    )
    assert sent == [True, False]


def test_the_phone_field_shows_when_phone_is_chosen(site: Site, page: Page) -> None:
    page.goto(f"{site.base}/details")
    expect(page.get_by_label("Phone number")).to_be_hidden()
    page.get_by_label("Phone", exact=False).first.check()
    expect(page.get_by_label("Phone number")).to_be_visible()


def test_a_reserved_call_becomes_booked_on_the_page(site: Site, page: Page) -> None:
    start, end = "<div data-fragment>", "</div>\n  \n"
    booked = site.pages["booked"]
    fragment = booked[booked.index(start) + len(start) :].split(end)[0]
    site.answers["/booking/state/b1"] = lambda: fragment
    page.goto(f"{site.base}/reserved")
    expect(page.locator("h1")).to_have_text("Your time is reserved")
    expect(page.locator("h1")).to_have_text("Your call is booked")
    expect(page.locator("[data-toast]")).to_have_text("Your call is booked")
    assert page.title() == "Your call is booked – Attaché"


def test_the_preview_follows_what_is_typed(site: Site, page: Page) -> None:
    site.answers["/availability/preview"] = lambda: site.pages["preview"].replace("Mon 30", "Mon 31")
    page.goto(f"{site.base}/hours")
    expect(page.get_by_role("button", name="Show the result")).to_be_hidden()
    page.locator("#mon-0-start").fill("8")
    expect(page.get_by_text("Mon 31").first).to_be_visible()
    path, body = site.posted[-1]
    assert path == "/availability/preview"
    assert "mon-0-start=8" in body
    assert "do=preview" in body


def test_without_script_the_preview_has_its_button(site: Site, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.base}/hours")
    expect(page.get_by_role("button", name="Show the result")).to_be_visible()
    page.goto(f"{site.base}/feeds-new")
    expect(page.get_by_text("Copy")).to_be_hidden()
