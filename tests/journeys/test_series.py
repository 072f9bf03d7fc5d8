"""A weekly series with one conflict, in a browser without JavaScript; Sam's calendar by another program."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.calendars.world import ics
from tests.journeys.cast import VERA
from tests.journeys.reading import DavUser, letters_about, moment
from tests.journeys.steps import open_week, press, take_slot
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

WEEK = timedelta(days=7)
DENTIST = "/sam/calendar/dentist-of-the-series.ics"


@pytest.fixture
def dentist(sam: DavUser) -> Iterator[Callable[[datetime], None]]:
    """Sam's own appointment of half an hour; afterwards it is gone again."""

    def appoint(start: datetime) -> None:
        stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (start, start + timedelta(minutes=30)))
        sam.put(DENTIST, ics("dentist-of-the-series", *stamps))

    yield appoint
    sam.request("DELETE", DENTIST)


def book_three(page: Page) -> datetime:
    """Repeat the chosen call weekly, three in all; the time that is proposed where Sam is busy."""
    page.get_by_role("link", name="Repeat this call").click()
    page.get_by_label("Number of calls, with the first").fill("3")
    page.get_by_role("button", name="Look at the dates").click()
    expect(page.locator("h1")).to_have_text("Your series of calls")
    conflict = page.locator("fieldset#call-1")

    def is_seen() -> bool:
        page.reload()
        return conflict.count() > 0

    wait_until(is_seen, 60, "the appointment to be read from Sam's calendar")
    other = moment(conflict.locator("input[type=radio]:checked").get_attribute("value") or "")
    page.locator("#topic").fill("Every week the same")
    press(page, "Book 3 calls")

    def are_booked() -> bool:
        page.reload()
        return page.locator("ul.list .pill", has_text="Booked").count() == 3

    wait_until(are_booked, 60, "three booked calls")
    return other


def test_a_series_with_one_conflict_is_booked_and_its_rest_cancelled(
    service: RunningService,
    sam: DavUser,
    as_person: Callable[..., Page],
    dentist: Callable[[datetime], None],
) -> None:
    page = as_person(VERA, java_script_enabled=False)
    open_week(page, "product-support")
    first = moment(take_slot(page))
    dentist(first + WEEK)
    other = book_three(page)
    assert other not in {first, first + WEEK} and abs(other - first - WEEK) < timedelta(days=4)
    standing = [event for event in sam.own_events() if "Every week the same" in (event.description or "")]
    assert sorted(event.dtstart for event in standing) == sorted([first, other, first + 2 * WEEK])
    uids = {event.uid or "" for event in standing}
    assert len(uids) == 3 and not any(event.rrule for event in standing)
    wait_until(lambda: all(letters_about(service, VERA, uid) for uid in uids), 60, "three invitations")

    page.get_by_role("link", name="Cancel the rest of the series").click()
    page.locator("#reason").fill("Solved for good")
    page.locator("form .button.danger").click()
    expect(page.get_by_text("The rest of the series is cancelled.")).to_be_visible()
    wait_until(lambda: all(sam.event(uid) is None for uid in uids), 60, "the events to leave Sam's calendar")

    def methods() -> list[list[str]]:
        return [[letter.method for letter in letters_about(service, VERA, uid)] for uid in uids]

    wait_until(lambda: methods() == [["REQUEST", "CANCEL"]] * 3, 60, "three cancellations")
