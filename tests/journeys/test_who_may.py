"""Who may: a new company from its first day with the option to the last, as everybody in it sees it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.cast import ADA, SAM, Cast
from tests.journeys.conftest import check_mails
from tests.journeys.reading import DavUser, letters_to, moment, wait_for_letters
from tests.journeys.steps import call_id, open_week, sign_in_by_mail, take_slot, wait_for_title
from tests.support.ports import wait_until
from tests.support.service import RunningService, running_service

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys-who-may")]

KESTREL = "Kestrel & Söhne"
VERA = "vera@kestrel.example"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TODAY = datetime.now(ZoneInfo("Europe/Bratislava")).date()
DAY = timedelta(days=1)
BACK = TODAY + 24 * DAY

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


def press(page: Page | Locator, name: str) -> None:
    """Press a button; its name may go on with what only screen readers say."""
    page.get_by_role("button", name=name).first.click()


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


def book(vera: Page, weeks_ahead: int, topic: str, number: int = 0) -> tuple[str, datetime]:
    """Book a call some weeks ahead, on a phone; its id and when it starts."""
    open_week(vera, "product-support", weeks_ahead)
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


def book_three(vera: Page, sams: DavUser) -> dict[str, tuple[str, datetime]]:
    """One call that is kept, one that is dropped, both while Sam will be away, and one for later."""
    calls = {
        "kept": book(vera, 1, "The one that stays"),
        "dropped": book(vera, 2, "The one that goes", 1),
        "later": book(vera, 5, "When Sam is back"),
    }
    assert max(calls["kept"][1], calls["dropped"][1]).date() < BACK <= calls["later"][1].date()
    assert calls_of(sams) == dict(calls.values())
    return calls


def decide_both(sam: Page, kept: str, dropped: str) -> None:
    """Sam keeps one of the two calls in his time off and cancels the other one."""
    decide(sam, kept, "Keep it")
    expect(sam.locator("main")).to_contain_text("1 call lies in it")
    decide(sam, dropped, "Cancel it", "link")
    sam.locator("#reason").fill("I am at sea then")
    press(sam, "Yes, cancel the call")
    expect(sam.locator("h1")).to_have_text("This call is cancelled")
    sam.goto("/time-off")
    expect(sam.locator("main")).not_to_contain_text("to be decided")


def book_with_rita(vera: Page, ritas: DavUser) -> str:
    """Vera's pages say who stands in until when; what she books is in Rita's calendar."""
    stands_in = f"Rita stands in for Sam until {plain_day(BACK - DAY)}."
    for path in ("/book?call_type=product-support", "/"):
        vera.goto(path)
        expect(vera.locator("main")).to_contain_text(stands_in)
    expect(vera.locator("h1")).to_have_text("Rita Weiss")
    call, start = book(vera, 1, "While Sam is away", 2)
    assert start.date() < BACK
    expect(vera.locator("main")).to_contain_text("Rita Weiss")
    assert calls_of(ritas) == {call: start}
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


def check_letters(service: RunningService, ritas: DavUser) -> None:
    """Vera was told why the one call is off, and invited to the one with Rita."""
    (off,) = (letter for letter in letters_to(service, VERA) if letter.method == "CANCEL")
    assert "I am at sea then" in off.text
    (event,) = (event for event in ritas.own_events() if KESTREL in (event.summary or ""))
    (invitation,) = wait_for_letters(service, VERA, event.uid or "", 1)
    assert invitation.event.dtstart == event.dtstart


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
    calls = book_three(vera, sams)
    (kept, _), (dropped, _), (later, _) = calls.values()

    sam = as_person(SAM)
    leave(sam)
    decide_both(sam, kept, dropped)
    wait_until(lambda: set(calls_of(sams)) == {kept, later}, 30, "the dropped call to leave Sam's calendar")
    with_rita = book_with_rita(vera, ritas)
    check_letters(service, ritas)

    end_option(ada, company, vera)
    see_the_end(vera, [(later, sams), (kept, sams), (with_rita, ritas)])
    check_log(ada)
    assert service.flask("verify").strip() == "Every promise holds."
