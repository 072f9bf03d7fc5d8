"""Who may: a new company from its first day with the option to the last, as everybody in it sees it."""

from collections.abc import Callable, Container, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import ADA, MALLORY, SAM, Cast
from tests.journeys.conftest import check_mails
from tests.journeys.reading import DavUser, letters_to, moment, wait_for_letters
from tests.journeys.steps import call_id, open_week, press, sign_in_by_mail, take_slot, wait_for_title
from tests.support.ports import wait_until
from tests.support.service import RunningService, running_service

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys-who-may")]

KESTREL = "Kestrel & Söhne"
VERA = "vera@kestrel.example"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TODAY = datetime.now(ZoneInfo("Europe/Bratislava")).date()
DAY = timedelta(days=1)
BACK = TODAY + 24 * DAY
SPAN = (str(TODAY), str(BACK))

STORY = (
    ("Ada Kovac", "company_added"),
    ("Ada Kovac", "company_changed"),
    ("Ada Kovac", "option_added"),
    ("Ada Kovac", "assigned"),
    ("Ada Kovac", "contact_added"),
    ("Vera Brandt", "signed in"),
    ("Vera Brandt", "booked"),
    ("Sam Horvath", "added time off"),
    ("Attaché", "time off noticed"),
    ("Sam Horvath", "kept"),
    ("Sam Horvath", "reassigned"),
    ("Sam Horvath", "cancelled"),
    ("Vera Brandt", "booked"),
    ("Attaché", "confirmed"),
    ("Ada Kovac", "option_ended"),
    ("Ada Kovac", "option_changed"),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service of its own: Sam's absence would be in the way of every other journey."""
    with running_service(tmp_path_factory.mktemp("who-may"), SYNC_INTERVAL="5") as running:
        yield running
    check_mails(running)


@pytest.fixture(scope="module")
def cast(service: RunningService) -> Cast:
    """The people at that service."""
    return Cast(service)


def plain_day(day: date) -> str:
    """ "19 December"."""
    return f"{day.day} {day:%B}"


def add_company(ada: Page) -> str:
    """A company with the option for a month now, Sam, and Vera; the address of its page."""
    ada.goto("/companies/new")
    ada.locator("#name").fill(KESTREL)
    ada.locator("#plan").select_option("standard")
    press(ada, "Add the company")
    expect(ada.locator("main")).to_contain_text("The option exists on the plan “All inclusive” alone")
    ada.get_by_role("link", name="Change the company").click()
    ada.locator("#plan").select_option("all_inclusive")
    press(ada, "Save")
    ada.get_by_role("link", name="Add the option").click()
    ada.locator("#starts_on").fill(str(TODAY - 30 * DAY))
    press(ada, "Add the option")
    expect(ada.locator("main")).to_contain_text("1000 EUR a month")
    address = ada.url.partition("?")[0]
    ada.locator("#specialist").select_option(label="Sam Horvath")
    ada.locator("#serving-day").fill(str(TODAY))
    press(ada, "Assign")
    expect(ada.locator("main")).to_contain_text("Sam Horvath")
    ada.goto(address)
    ada.get_by_role("link", name="Add a contact").click()
    ada.locator("#name").fill("Vera Brandt")
    ada.locator("#email").fill(VERA)
    ada.locator("#time_zone").select_option("Europe/Berlin")
    press(ada, "Add the contact")
    expect(ada.locator("main")).to_contain_text("The contact is added.")
    return address


def book(
    vera: Page, weeks_ahead: int, topic: str, number: int = 0, among: Container[datetime] | None = None
) -> tuple[str, datetime]:
    """Book a call some weeks ahead, on a phone; its id and when it starts.

    It is the time with this number, or the first after it that is ``among`` these.
    """
    open_week(vera, "product-support", weeks_ahead)
    if among is not None:
        starts = [moment(slot.get_attribute("value") or "") for slot in vera.locator(".slot").all()]
        number = next(place for place, start in enumerate(starts) if place > number and start in among)
    start = take_slot(vera, number)
    expect(vera.locator("h1")).to_have_text("Your details")
    vera.locator("#topic").fill(topic)
    press(vera, "Confirm call")
    wait_for_title(vera, "Your call is booked")
    return call_id(vera), moment(start)


def leave(sam: Page) -> None:
    """Sam enters time off from today on and names Rita; then it stands in his calendar."""
    sam.goto("/hours")
    sam.locator("#first_day").fill(str(TODAY))
    sam.locator("#last_day").fill(str(BACK - DAY))
    sam.locator("#off-title").fill("Sailing")
    sam.locator("#stand_in").select_option(label="Rita Weiss")
    press(sam, "Add time off")
    sam.goto("/time-off")
    stands = sam.locator("main li", has_text="Rita Weiss stands in")

    def is_noticed() -> bool:
        sam.reload()
        return stands.get_by_role("button", name="Keep it").count() > 0

    wait_until(is_noticed, 60, "the calls in Sam's time off")


def calls_of(owner: DavUser) -> dict[str, datetime]:
    """When the calls of Kestrel stand in somebody's calendar, by the call's id."""
    events = [event for event in owner.own_events() if KESTREL in (event.summary or "")]
    return {str(event.url).rpartition("/")[2]: event.dtstart for event in events}


def decide(sam: Page, call: str, what: str, role: Any = "button") -> None:
    """Press what is offered about one of the calls in the time off."""
    sam.goto("/time-off")
    row = sam.locator("main li li", has=sam.locator(f'a[href="/calls/{call}"]'))
    row.get_by_role(role, name=what).click()


def end_option(ada: Page, company: str, vera: Page) -> None:
    """Today is to be its last day: no times after it. Then it turns out that it was yesterday."""
    ada.goto(company)
    ada.get_by_role("link", name="End the option").click()
    ada.locator("#ends_on").fill(str(TODAY))
    press(ada, "End the option")
    expect(ada.locator("main")).to_contain_text(f"With the option until {plain_day(TODAY)}")
    vera.goto(f"/book?call_type=product-support&week={TODAY + 7 * DAY}")
    expect(vera.locator("main")).to_contain_text("The option ends before that day.")
    expect(vera.locator(".slot")).to_have_count(0)
    ada.locator('a[href*="/option/"]', has_text="Change").click()
    ada.locator("#ends_on").fill(str(TODAY - DAY))
    press(ada, "Save")
    expect(ada.locator("main")).to_contain_text("Without the option")


def story(ada: Page, **asked: str) -> list[tuple[str, str]]:
    """Who did what, oldest first, as the pages of the audit log say it."""
    told = list[tuple[str, str]]()
    ada.goto("/audit")
    for name, value in asked.items():
        ada.locator(f"#{name}").fill(value)
    press(ada.locator("main"), "Search")
    while True:
        for row in ada.locator("main tbody tr").all():
            who, verb = (row.locator("td").nth(number).inner_text() for number in (0, 1))
            told.append((who.splitlines()[0], verb.splitlines()[-1]))
        older = ada.get_by_role("link", name="Older")
        if not older.count():
            return told[::-1]
        older.click()


def book_four(vera: Page, sams: DavUser, free_with_rita: Container[datetime]) -> list[str]:
    """Three calls while Sam will be away, to be kept, dropped and moved to Rita, and one for later."""
    calls = [
        book(vera, 1, "The one that stays"),
        book(vera, 2, "The one that goes", 1),
        book(vera, 2, "The one that is passed on", 1, free_with_rita),
        book(vera, 5, "When Sam is back"),
    ]
    assert max(start for _call, start in calls[:3]).date() < BACK <= calls[3][1].date()
    assert calls_of(sams) == dict(calls)
    return [call for call, _start in calls]


def decide_all(sam: Page, kept: str, dropped: str, moved: str) -> None:
    """Sam keeps one of the calls in his time off, has Rita take one over, and cancels one."""
    decide(sam, kept, "Keep it")
    expect(sam.locator("main")).to_contain_text("2 calls lie in it")
    decide(sam, moved, "Move to Rita")
    expect(sam.locator("main")).to_contain_text("1 call lies in it")
    decide(sam, dropped, "Cancel it", "link")
    sam.locator("#reason").fill("I am at sea then")
    press(sam, "Yes, cancel the call")
    expect(sam.locator("h1")).to_have_text("This call is cancelled")
    sam.goto("/time-off")
    expect(sam.locator("main")).not_to_contain_text("to be decided")


def book_with_rita(vera: Page, ritas: DavUser, moved: str) -> str:
    """Vera's pages say who stands in until when; what she books is in Rita's calendar, as what was moved."""
    stands_in = f"Rita stands in for Sam until {plain_day(BACK - DAY)}."
    for path in ("/book?call_type=product-support", "/"):
        vera.goto(path)
        expect(vera.locator("main")).to_contain_text(stands_in)
    expect(vera.locator("h1")).to_have_text("Rita Weiss")
    call, start = book(vera, 1, "While Sam is away", 2)
    assert start.date() < BACK
    expect(vera.locator("main")).to_contain_text("Rita Weiss")
    found = calls_of(ritas)
    assert (set(found), found[call]) == ({call, moved}, start)
    return call


def see_the_end(vera: Page, standing: list[tuple[str, DavUser]]) -> None:
    """Vera reads what the option is, and what she booked stands: on the page and in the calendars."""
    for path in ("/book", "/"):
        answer = vera.goto(path)
        assert answer is not None
        assert answer.status == 403
        expect(vera.locator("h1")).to_have_text("Dedicated support is not part of your plan")
        expect(vera.locator("main")).to_contain_text(f"{KESTREL} does not have it at the moment.")
    stays = vera.locator("section", has_text="What you booked stays booked")
    for call, owner in standing:
        expect(stays.locator(f'a[href="/calls/{call}"]').first).to_be_visible()
        assert call in calls_of(owner)
    stays.locator(f'a[href="/calls/{standing[0][0]}"]').first.click()
    expect(vera.locator("h1")).to_have_text("Your call with Sam")


def check_letters(service: RunningService, ritas: DavUser, with_rita: str) -> None:
    """Vera was told why the one call is off and that Rita takes one over, and invited to the one with her."""
    (off,) = (letter for letter in letters_to(service, VERA) if letter.method == "CANCEL")
    assert "I am at sea then" in off.text
    for event in ritas.own_events():
        is_new = str(event.url).endswith(with_rita)
        *_, last = wait_for_letters(service, VERA, event.uid or "", 1 if is_new else 2)
        assert (last.method, last.event.sequence) == ("REQUEST", 0 if is_new else 1)
        assert last.event.dtstart == event.dtstart
        assert "Rita Weiss" in last.text


def check_log(ada: Page) -> None:
    """The audit log tells all of it, in order."""
    told = iter(story(ada))
    for fact in STORY:
        assert fact in told, f"{fact} is missing, or stands at another place"


def test_a_company_with_the_option_a_stand_in_and_the_end_of_the_option(
    service: RunningService, cast: Cast, as_person: Callable[..., Page], new_page: Callable[..., Page]
) -> None:
    ada, sams, ritas = as_person(ADA), DavUser.of(service, "sam"), DavUser.of(service, "rita")
    company = add_company(ada)

    vera = new_page(base_url=service.url, **PHONE)
    sign_in_by_mail(vera, VERA)
    expect(vera.locator("h1")).to_have_text("Sam Horvath")
    rita_is_free = {moment(start) for start in cast.api(MALLORY).slots("product-support", *SPAN)}
    kept, dropped, moved, later = book_four(vera, sams, rita_is_free)

    sam = as_person(SAM)
    leave(sam)
    decide_all(sam, kept, dropped, moved)
    wait_until(lambda: set(calls_of(sams)) == {kept, later}, 60, "two calls to leave Sam's calendar")
    with_rita = book_with_rita(vera, ritas, moved)
    check_letters(service, ritas, with_rita)

    end_option(ada, company, vera)
    see_the_end(vera, [(later, sams), (kept, sams), (moved, ritas), (with_rita, ritas)])
    check_log(ada)
    assert service.flask("verify").strip() == "Every promise holds."
