"""Two people chat in real browsers while what serves them dies: nothing is lost, nothing is there twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.cast import SAM, VERA, Cast
from tests.journeys.trouble import Shaky
from tests.support.browser import Complaints, open_page
from tests.support.ports import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys-trouble")]

# What a browser logs of a server that is not there.
GONE = ("net::ERR_CONNECTION", "net::ERR_EMPTY_RESPONSE", "net::ERR_SOCKET_NOT_CONNECTED")


class Side:
    """One of them at their page of the chat."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.said = page, name, list[str]()

    def say(self) -> None:
        """Type the next message and press Enter, whatever became of those before."""
        self.said.append(f"{self.name} says number {len(self.said)}")
        field = self.page.get_by_label("Your message")
        field.fill(self.said[-1])
        field.press("Enter")

    def shown(self) -> list[str]:
        """What the service has said that it has of all that is said here, in its order."""
        words = self.page.locator("[data-list] .words").all_inner_texts()
        # The demo has said something in this chat already.
        return [text for text in words if " says number " in text]

    def waiting(self) -> list[str]:
        """What this browser keeps until the service has it."""
        return self.page.locator("[data-unsent] .words").all_inner_texts()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What browsers complain about beside a server that is gone."""
    found = Complaints()
    yield found
    assert [text for text in found.all() if not any(gone in text for gone in GONE)] == []


def side(chromium: Browser, complaints: Complaints, people: Cast, email: str, name: str) -> Side:
    page = open_page(chromium, complaints, base_url=people.service.url)
    page.context.add_cookies(people.cookies(email))
    return Side(page, name)


def test_two_browsers_chat_while_the_web_processes_are_killed(
    shaky: Shaky, people: Cast, chromium: Browser, complaints: Complaints
) -> None:
    vera, sam = (
        side(chromium, complaints, people, email, name) for email, name in ((VERA, "Vera"), (SAM, "Sam"))
    )
    vera.page.goto("/chat")
    vera.say()
    wait_until(lambda: vera.shown() == vera.said, 10, "the first message")
    sam.page.goto("/chats")
    sam.page.get_by_role("link", name="Vera Lindqvist").click()
    for _ in range(3):
        vera.say()
        sam.say()
    # In the middle of it, without waiting for what is on its way.
    with shaky.restarting_nothing():
        shaky.die("web")
        for _ in range(2):
            vera.say()
            sam.say()
        expect(vera.page.get_by_text("The connection is lost.")).to_be_visible(timeout=30_000)
        assert vera.waiting() == vera.said[-len(vera.waiting()) :] and len(vera.waiting()) >= 2
    vera.say()
    sam.say()
    wait_until(shaky.is_ready, 60, "/readyz")
    everything = sorted(vera.said + sam.said)
    for who in (vera, sam):
        wait_until(lambda who=who: sorted(who.shown()) == everything, 60, f"all of it at {who.name}")  # type: ignore[misc]
        assert who.waiting() == []
    assert vera.shown() == sam.shown()
    for who in (vera, sam):
        assert [text for text in vera.shown() if text in who.said] == who.said
    # And again in a burst while they die and come back at once.
    shaky.service.kill("web")
    for _ in range(3):
        vera.say()
    # A reload of the page does not lose what was not sent yet.
    wait_until(shaky.is_ready, 60, "/readyz")
    vera.page.reload()
    everything = sorted(vera.said + sam.said)
    for who in (vera, sam):
        wait_until(lambda who=who: sorted(who.shown()) == everything, 60, f"all of it at {who.name}")  # type: ignore[misc]
    assert vera.shown() == sam.shown()
    for who in (vera, sam):
        who.page.context.close()
