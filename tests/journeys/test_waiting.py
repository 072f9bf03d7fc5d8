"""Waiting for a full day: a call is cancelled, the first in line is offered its time and takes it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.calendars.world import ics
from tests.journeys.cast import PAVEL, VERA, Cast
from tests.journeys.reading import DavUser, letters_to, moment
from tests.journeys.steps import press, wait_for_title
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

CET = ZoneInfo("Europe/Bratislava")
APPOINTMENTS = "/sam/calendar/a-full-day-{}.ics"


@pytest.fixture
def fill(sam: DavUser) -> Iterator[Callable[[datetime, datetime], None]]:
    """Sam's own appointments; afterwards they are gone again."""
    made: list[str] = []

    def appoint(start: datetime, end: datetime) -> None:
        path = APPOINTMENTS.format(len(made))
        stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (start, end))
        sam.put(path, ics(f"a-full-day-{len(made)}", *stamps))
        made.append(path)

    yield appoint
    for path in made:
        sam.request("DELETE", path)


def test_a_cancelled_time_is_offered_to_the_first_in_line_who_takes_it(
    service: RunningService,
    cast: Cast,
    as_person: Callable[..., Page],
    fill: Callable[[datetime, datetime], None],
) -> None:
    api = cast.api(PAVEL)
    text = cast.far_slots(PAVEL, "product-support")[30]
    start, end = moment(text), moment(text) + timedelta(minutes=30)
    wish = {"call_type": "product-support", "start": text, "topic": "Before the day was full"}
    call = api.post("/bookings", wish, "waiting-1").json()["id"]
    day = start.astimezone(CET).replace(hour=0, minute=0)
    fill(day.astimezone(start.tzinfo), start)
    fill(end, (day + timedelta(days=1)).astimezone(start.tzinfo))
    dates = [f"{day + timedelta(days=number):%Y-%m-%d}" for number in (0, 1)]
    wait_until(lambda: not api.slots("product-support", *dates), 60, "the day to be full")

    page = as_person(VERA, java_script_enabled=False)
    page.goto("/waiting?call_type=product-support")
    page.locator("#first").select_option(dates[0])
    page.locator("#last").select_option(dates[0])
    page.locator("main form button.primary").click()
    expect(page.get_by_text(f"{day.day} ").first).to_be_visible()

    assert api.post(f"/bookings/{call}/cancel", {"reason": "Solved"}).status_code == 200

    def offers() -> list[str]:
        return [letter.text for letter in letters_to(service, VERA) if "/waiting/" in letter.text]

    wait_until(offers, 60, "the offer by mail")
    (offer,) = offers()
    assert text not in api.slots("product-support", *dates)
    page.goto(next(word for word in offer.split() if "/waiting/" in word))
    expect(page.locator("h1")).to_have_text("A time came free")
    page.get_by_role("button", name="Book it").click()
    expect(page.locator("h1")).to_have_text("Your details")
    press(page, "Confirm call")
    wait_for_title(page, "Your call is booked")
    booked = [
        item
        for item in cast.api(VERA).get("/bookings", when="coming").json()["bookings"]
        if item["start"] == text
    ]
    assert [item["status"] for item in booked] == ["confirmed"]
    cast.api(VERA).post(f"/bookings/{booked[0]['id']}/cancel", {})
