"""Sam's working hours, changed on the page and in another calendar program, and the slots that follow."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import SAM, VERA, Cast
from tests.journeys.reading import DavUser, moment, parse
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

ZONE = ZoneInfo("Europe/Bratislava")
CALENDAR = "working-hours"
END_TIME = re.compile(r"(DTEND[^\r\n]*T)\d{6}")


AVAILABILITY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//journeys//EN
BEGIN:VAVAILABILITY
UID:week
DTSTAMP:20260101T000000Z
BEGIN:AVAILABLE
UID:tuesday
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Bratislava:20260106T100000
DTEND;TZID=Europe/Bratislava:20260106T120000
RRULE:FREQ=WEEKLY
END:AVAILABLE
END:VAVAILABILITY
END:VCALENDAR
"""


def hours_of(sam: DavUser, weekday: str) -> set[str]:
    """The hours of a weekday as they stand in Sam's calendar, like ``13:00-17:00``."""
    found = set()
    for path in sam.paths(CALENDAR):
        for event in parse(sam.get(path).content.decode()).events:
            days = {str(day.weekday) for day in event.rrule.by_weekday} if event.rrule else set()
            if weekday in days:
                assert isinstance(event.dtstart, datetime)
                assert event.dtstart.tzinfo == ZONE
                found.add(f"{event.dtstart:%H:%M}-{event.end:%H:%M}")
    return found


def end_the_afternoon(sam: DavUser, weekday: str, end: str) -> None:
    """With another calendar program: the event with that weekday's afternoon ends at another time."""
    for path in sam.paths(CALENDAR):
        answer = sam.get(path)
        text = answer.content.decode()
        (event,) = parse(text).events
        days = {str(day.weekday) for day in event.rrule.by_weekday} if event.rrule else set()
        if weekday in days and isinstance(event.dtstart, datetime) and event.dtstart.hour >= 12:
            changed = END_TIME.sub(rf"\g<1>{end.replace(':', '')}00", text)
            sam.put(path, changed, answer.headers["ETag"])
            return
    raise AssertionError(f"Sam has no afternoon on {weekday}")


def offered(cast: Cast, weekday: int) -> set[str]:
    """When Vera can begin a call on that weekday (0 is Monday), by our clock."""
    starts = cast.far_slots(VERA, "product-support")
    local = [moment(start).astimezone(ZONE) for start in starts]
    return {f"{start:%H:%M}" for start in local if start.weekday() == weekday}


def open_hours(as_person: Callable[..., Page], **options: object) -> Page:
    """Sam's page of hours."""
    page = as_person(SAM, **options)
    page.goto("/hours")
    expect(page.locator("h1")).to_have_text("Availability")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_hours_saved_on_the_page_stand_in_the_calendar_and_slots_follow(
    as_person: Callable[..., Page], cast: Cast, sam: DavUser, script: bool
) -> None:
    end = "15:00" if script else "16:00"
    page = open_hours(as_person, java_script_enabled=script)
    page.locator("#fri-1-end").fill(end)
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator(".note.ok")).to_contain_text("Your hours stand in the calendar.")
    expect(page.locator("#fri-1-end")).to_have_value(end)
    assert hours_of(sam, "FR") == {"09:00-12:30", f"13:00-{end}"}
    assert hours_of(sam, "TH") == {"09:00-12:30", "13:00-17:00"}
    times = offered(cast, 4)
    assert {time for time in times if time >= "13:00"} == {
        time for time in ("13:00", "13:30", "14:00", "14:30", "15:00", "15:30") if time < end
    }


def test_the_preview_beside_the_form_shows_what_would_result(as_person: Callable[..., Page]) -> None:
    page = open_hours(as_person)
    friday = page.locator("[data-preview] dl.preview > div").nth(4)
    expect(friday.locator(".chip", has_text="09:00")).to_have_count(1)
    page.locator("#fri-0-start").fill("10:00")
    expect(friday.locator(".chip", has_text="09:00")).to_have_count(0)
    expect(friday.locator(".chip", has_text="10:00")).to_have_count(1)


def test_hours_changed_in_another_program_are_here_within_a_minute(
    cast: Cast, sam: DavUser, service: RunningService
) -> None:
    end_the_afternoon(sam, "WE", "14:30")
    service.flask("sync", SAM)
    assert max(offered(cast, 2)) == "14:00"
    # The worker looks by itself; it is asked to look more often than each minute in these tests.
    end_the_afternoon(sam, "WE", "17:00")
    wait_until(lambda: max(offered(cast, 2)) == "16:30", 60, "the worker's look at Sam's hours")


@pytest.mark.parametrize("is_known", [True, False], ids=["seen-by-sync", "not-yet-seen"])
def test_hours_that_were_changed_elsewhere_are_not_overwritten(
    as_person: Callable[..., Page], sam: DavUser, service: RunningService, is_known: bool
) -> None:
    mine, theirs = ("10:00", "16:00") if is_known else ("10:30", "15:30")
    page = open_hours(as_person)
    page.locator("#mon-0-start").fill(mine)
    end_the_afternoon(sam, "TU", theirs)
    if is_known:
        service.flask("sync", SAM)
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator("h1")).to_have_text("Your hours were changed elsewhere")
    monday, tuesday = (page.locator("tbody tr", has_text=day) for day in ("Monday", "Tuesday"))
    expect(monday.locator("td").first).to_contain_text(mine)
    expect(tuesday.locator("td").nth(1)).to_contain_text(theirs)
    assert f"{mine}-12:30" not in hours_of(sam, "MO")
    assert f"13:00-{theirs}" in hours_of(sam, "TU")

    page.get_by_role("button", name="Save my hours").click()
    expect(page.locator(".note.ok")).to_contain_text("Your hours stand in the calendar.")
    assert f"{mine}-12:30" in hours_of(sam, "MO")
    assert f"13:00-{theirs}" not in hours_of(sam, "TU")


@pytest.fixture
def hours_put_back(as_person: Callable[..., Page], service: RunningService) -> Iterator[None]:
    """Whatever a test chooses for Sam's hours, they live afterwards where they did before."""
    page = as_person(SAM)
    open_choice(page)
    before = page.locator("input[name=hours]:checked").get_attribute("value")
    yield
    open_choice(page)
    page.locator(f"input[name=hours][value='{before}']").check()
    page.get_by_role("button", name="Save the choice").click()
    expect(page.locator("h1")).to_have_text("Your calendars")
    service.flask("sync", SAM)


def open_choice(page: Page) -> None:
    """The page on which Sam says what her calendars are for."""
    page.goto("/calendars")
    page.get_by_role("link", name="Choose calendars").first.click()
    expect(page.locator("h1")).to_have_text("Choose your calendars")


def test_hours_live_in_the_availability_of_the_server(
    as_person: Callable[..., Page],
    cast: Cast,
    sam: DavUser,
    service: RunningService,
    hours_put_back: None,
) -> None:
    sam.set_availability(AVAILABILITY)
    page = as_person(SAM)
    open_choice(page)
    page.get_by_role("button", name="Look again for calendars").click()
    place = page.get_by_label("In the availability of this account")
    expect(place).to_be_visible(timeout=60_000)
    place.check()
    page.get_by_role("button", name="Save the choice").click()
    expect(page.locator("h1")).to_have_text("Your calendars")
    service.flask("sync", SAM)
    assert offered(cast, 1) == {"10:00", "10:30", "11:00", "11:30"}
    assert offered(cast, 2) == set()

    page.goto("/hours")
    expect(page.locator("#tue-0-end")).to_have_value("12:00")
    page.locator("#tue-0-end").fill("11:00")
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator(".note.ok")).to_be_visible()
    assert "BEGIN:AVAILABLE" in sam.availability()
    assert "T110000" in sam.availability()
    assert "T120000" not in sam.availability()
    assert offered(cast, 1) == {"10:00", "10:30"}


def test_sams_schedule_lists_the_coming_calls(as_person: Callable[..., Page], cast: Cast) -> None:
    vera, start = cast.api(VERA), cast.far_slots(VERA, "feature-training")[0]
    body = {"call_type": "feature-training", "start": start, "topic": "How do filters work?"}
    assert vera.post("/bookings", body, "schedule-1").status_code == 201
    page = as_person(SAM)
    page.goto("/schedule")
    row = page.locator("a.call", has_text="How do filters work?")
    expect(row).to_contain_text("Nordwind")
    expect(row).to_contain_text("Vera Lindqvist")
    expect(row).to_contain_text(f"{moment(start).astimezone(ZONE):%H:%M}")
