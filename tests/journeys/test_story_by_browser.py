"""Vera's whole story in a browser without JavaScript, looked at afterwards with other programs."""

from collections.abc import Callable

import pytest
import requests
from ical.event import Event
from playwright.sync_api import Page, expect

from tests.journeys.cast import VERA
from tests.journeys.reading import DavUser, letters_about, moment, parse, wait_for_letters
from tests.journeys.steps import call_id, open_week, press, sign_in_by_mail, take_slot, wait_for_title
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

TOPIC = "Export stops; «half» way, please look"


@pytest.fixture
def vera(service: RunningService, new_page: Callable[..., Page]) -> Page:
    """Vera's browser, not signed in yet."""
    return new_page(java_script_enabled=False, base_url=service.url)


def book(page: Page) -> str:
    """Book a call with a topic; when it starts."""
    page.get_by_role("link", name="Book a call").first.click()
    expect(page.get_by_text("Sam Horvath").first).to_be_visible()
    open_week(page, "product-support")
    start = take_slot(page)
    expect(page.locator("h1")).to_have_text("Your details")
    page.locator("#topic").fill(TOPIC)
    press(page, "Confirm call")
    wait_for_title(page, "Your call is booked")
    return start


def make_feed(page: Page) -> str:
    """A private calendar link, made on the home page."""
    page.goto("/")
    page.locator("#feed-name").fill("My phone")
    page.get_by_role("button", name="Make a private link").click()
    return page.locator("#feed-url").input_value()


def feed_events(url: str) -> dict[str, Event]:
    """What a calendar program gets at the private link, by UID; asking again must give nothing new."""
    answer = requests.get(url, timeout=10)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    return {event.uid or "": event for event in parse(answer.content.decode()).events}


def standing(sam: DavUser, call: str) -> Event:
    """The event of a call in Sam's calendar."""
    (event,) = [event for event in sam.own_events() if str(event.url).endswith(call)]
    return event


def test_vera_signs_in_books_moves_and_cancels(vera: Page, service: RunningService, sam: DavUser) -> None:
    sign_in_by_mail(vera, VERA)
    expect(vera.locator("h1")).to_have_text("Sam Horvath")
    start = book(vera)
    call = call_id(vera)

    event = standing(sam, call)
    uid = event.uid or ""
    assert event.dtstart == moment(start)
    assert event.summary == "Product support: Vera Lindqvist, Nordwind"
    for part in (TOPIC, "Vera Lindqvist", "Nordwind", "https://meet.attache.example/sam", call):
        assert part in (event.description or "")
    (invitation,) = wait_for_letters(service, VERA, uid, 1)
    assert (invitation.method, invitation.event.sequence) == ("REQUEST", 0)
    assert invitation.event.dtstart == moment(start)
    assert [person.uri for person in invitation.event.attendees] == [f"mailto:{VERA}"]
    feed = make_feed(vera)
    assert feed_events(feed)[uid].dtstart == moment(start)

    later = move(vera, call)
    changed = standing(sam, call)
    assert (changed.uid, changed.dtstart) == (uid, moment(later))
    updated = wait_for_letters(service, VERA, uid, 2)[1]
    assert (updated.method, updated.event.sequence) == ("REQUEST", 1)
    assert updated.event.dtstart == moment(later)
    assert feed_events(feed)[uid].dtstart == moment(later)

    cancel(vera, call)
    wait_until(lambda: sam.event(uid) is None, 30, "the event to leave Sam's calendar")
    cancelled = wait_for_letters(service, VERA, uid, 3)[2]
    assert (cancelled.method, cancelled.event.sequence) == ("CANCEL", 2)
    assert uid not in feed_events(feed)
    assert len(letters_about(service, VERA, uid)) == 3


def move(page: Page, call: str) -> str:
    """Choose a new time for a call; when it starts."""
    page.goto(f"/calls/{call}")
    page.get_by_role("link", name="Choose a new time").click()
    page.locator('[rel="next"]').click()
    later = take_slot(page, 1)
    expect(page.locator("h1")).to_have_text("Move this call?")
    press(page, "Move the call")
    wait_for_title(page, "Your call is booked")
    return later


def cancel(page: Page, call: str) -> None:
    """Call it off, with a reason."""
    page.goto(f"/calls/{call}")
    page.get_by_role("link", name="Cancel this call").click()
    page.locator("#reason").fill("Solved meanwhile")
    page.get_by_role("button", name="Yes, cancel the call").click()
    expect(page.locator("h1")).to_have_text("This call is cancelled")
