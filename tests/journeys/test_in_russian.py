"""Pavel in Yekaterinburg: every page and mail in Russian, every time in his zone and in ours."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import PAVEL, words_of
from tests.journeys.reading import DavUser, moment, wait_for_letters
from tests.journeys.steps import call_id, open_week, press, take_slot, wait_for_title
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

HIS_ZONE, OUR_ZONE = ZoneInfo("Asia/Yekaterinburg"), ZoneInfo("Europe/Bratislava")
# Names of people and things, initials, the other language's own name, and abbreviations of zones.
NAMES = {
    "Sam",
    "Horvath",
    "SH",
    "Rita",
    "Weiss",
    "RW",
    "Pavel",
    "Orekhov",
    "Attach",
    "English",
    "UTC",
    "CET",
    "CEST",
}
NAMES |= {"Apple", "Google", "Outlook", "Thunderbird", "API"}
NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|meet\.attache\.example\S*|\b[A-Z0-9]{3}-[A-Z0-9]{3}\b")


def foreign_words(text: str) -> set[str]:
    """The words of a text that are not Russian and not names."""
    return set(words_of(NO_WORDS.sub(" ", text))) - NAMES


@pytest.fixture
def pavel(as_person: Callable[..., Page]) -> Page:
    """Pavel's browser."""
    return as_person(PAVEL, locale="ru-RU", timezone_id="Asia/Yekaterinburg")


def clocks(start: str) -> tuple[str, str]:
    """The start on Pavel's clock and on ours."""
    at: datetime = moment(start)
    return f"{at.astimezone(HIS_ZONE):%H:%M}", f"{at.astimezone(OUR_ZONE):%H:%M}"


def read_pages(page: Page, call: str) -> Iterator[tuple[str, str]]:
    """The pages that stand at an address, with their text; what is hidden is opened."""
    paths = ["/", "/book", "/book?zones=all", "/calls", "/profile", "/no-such-page"]
    for path in [*paths, *(f"/calls/{call}{end}" for end in ("", "/move", "/cancel"))]:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate("document.querySelectorAll('select').forEach(each => each.remove())")
        yield path, page.title() + " " + page.locator("body").inner_text()


def test_pavel_books_in_russian_and_sees_both_clocks(
    pavel: Page, service: RunningService, sam: DavUser
) -> None:
    open_week(pavel, "product-support")
    slot = pavel.locator(".slot").first
    his, ours = clocks(slot.get_attribute("value") or "")
    expect(slot.locator("b")).to_have_text(his)
    expect(slot.locator("small")).to_contain_text(ours)
    assert foreign_words(pavel.locator("body").inner_text()) == set()
    start = take_slot(pavel)
    for clock in (his, ours):
        expect(pavel.locator(".when")).to_contain_text(clock)
    assert foreign_words(pavel.locator("body").inner_text()) == set()
    pavel.locator("#topic").fill("Не открывается отчёт")
    press(pavel, "Подтвердить звонок")
    wait_for_title(pavel, "Звонок назначен")
    for clock in (his, ours):
        expect(pavel.locator(".facts .moment")).to_contain_text(clock)
    assert "CE" in pavel.locator(".facts .moment").inner_text()

    found = {path: foreign_words(text) for path, text in read_pages(pavel, call_id(pavel))}
    assert [(path, *sorted(words)) for path, words in found.items() if words] == []
    (event,) = [event for event in sam.own_events() if event.dtstart == moment(start)]
    (letter,) = wait_for_letters(service, PAVEL, event.uid or "", 1)
    assert foreign_words(letter.subject + letter.text) == set()
    assert his in letter.text
    assert ours in letter.text


def test_the_language_can_be_switched_and_stays(pavel: Page) -> None:
    pavel.goto("/")
    expect(pavel.locator("html")).to_have_attribute("lang", "ru")
    pavel.get_by_role("button", name="English").click()
    expect(pavel.locator("html")).to_have_attribute("lang", "en")
    pavel.goto("/calls")
    expect(pavel.locator("h1")).to_have_text("Calls")
    pavel.get_by_role("button", name="Русский").click()
    expect(pavel.locator("html")).to_have_attribute("lang", "ru")
