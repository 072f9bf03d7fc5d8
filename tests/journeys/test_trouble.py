"""What a customer meets while servers are dead, processes are killed and calendars cannot be read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.cast import MALLORY, PAVEL, RITA, SAM, VERA, Api, Cast
from tests.journeys.reading import DavUser, Letter, letters_to, moment, wait_for_letters
from tests.journeys.steps import call_id, open_week, take_slot, wait_for_title
from tests.journeys.trouble import Shaky
from tests.support.ports import wait_until

pytestmark = pytest.mark.xdist_group("journeys-trouble")

TYPE = "product-support"
_keys = (f"trouble-{number}" for number in count())


@pytest.fixture(autouse=True)
def _nothing_is_wrong_afterwards(shaky: Shaky, people: Cast) -> Iterator[None]:
    """Each test leaves a service that is ready and in which every promise holds."""
    yield
    shaky.proxy.clear()
    wait_until(shaky.is_ready, 60, "/readyz")
    assert shaky.service.flask("verify").strip() == "Every promise holds."


def book(api: Api, start: str) -> dict[str, str]:
    """Book it; the answer must be that it is booked or at least reserved."""
    wish = {"call_type": TYPE, "start": start, "topic": "Whatever happens"}
    answer = api.post("/bookings", wish, next(_keys))
    assert answer.status_code == 201, answer.text
    item: dict[str, str] = answer.json()
    return item


def state(api: Api, call: str) -> str:
    """The status of a booking now; empty while nobody answers."""
    try:
        return str(api.get(f"/bookings/{call}").json()["status"])
    except requests.RequestException:
        return ""


def ends_well(shaky: Shaky, email: str, start: str) -> Letter:
    """One event and one invitation, whatever happened on the way; the invitation."""
    owner = DavUser.of(shaky.service, "rita" if email == MALLORY else "sam")
    (event,) = [event for event in owner.own_events() if event.dtstart == moment(start)]
    (letter,) = wait_for_letters(shaky.service, email, event.uid or "", 1)
    assert (letter.method, letter.event.dtstart) == ("REQUEST", moment(start))
    return letter


def drag(owner: DavUser, uid: str, start: datetime, to: datetime) -> None:
    """The owner moves the event of a half-hour call in another calendar program."""
    path = f"/{owner.name}/calendar/{uid}.ics"
    there, half_hour = owner.get(path), timedelta(minutes=30)
    text = there.content.decode()
    for old, new in ((start + half_hour, to + half_hour), (start, to)):
        text = text.replace(f"{old.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"{new.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    owner.put(path, text, there.headers["ETag"])


@pytest.mark.browser
def test_a_call_is_reserved_while_the_calendar_server_is_dead_and_booked_when_it_is_back(
    shaky: Shaky, people: Cast, new_page: Callable[..., Page]
) -> None:
    page, pavel = new_page(base_url=shaky.service.url, java_script_enabled=False), people.api(PAVEL)
    page.context.add_cookies(people.cookies(VERA))
    open_week(page, TYPE)
    start = take_slot(page)
    other = next(slot for slot in people.far_slots(PAVEL, TYPE) if slot != start)
    mails = len(letters_to(shaky.service, VERA))
    with shaky.restarting_nothing():
        shaky.die("caldav")
        page.get_by_role("button", name="Confirm call").click()
        expect(page.locator("h1")).to_have_text("Your time is reserved")
        expect(page.get_by_text("The invitation follows when the calendar has confirmed.")).to_be_visible()
        theirs = book(pavel, other)
        assert theirs["status"] == "pending"
        taken = {"call_type": TYPE, "start": start, "topic": ""}
        assert pavel.post("/bookings", taken, next(_keys)).status_code == 409
        assert len(letters_to(shaky.service, VERA)) == mails
        # And while nothing has been written yet, everything else dies as well.
        shaky.die("worker", "web")
    wait_until(shaky.is_ready, 90, "everything to be back")
    wait_until(lambda: state(pavel, theirs["id"]) == "confirmed", 60, "Pavel's call")
    wait_for_title(page, "Your call is booked")
    assert call_id(page) in ends_well(shaky, VERA, start).text
    ends_well(shaky, PAVEL, other)


def test_a_worker_killed_at_every_point_in_turn_leaves_one_event_and_one_mail(
    shaky: Shaky, people: Cast
) -> None:
    vera, sam = people.api(VERA), DavUser.of(shaky.service, "sam")
    start = people.far_slots(VERA, TYPE)[5]
    with shaky.restarting_nothing():
        shaky.die("worker")
        call = book(vera, start)
        assert call["status"] == "pending"
        for point in ("write_started", "looked", "put_done", "looked_again", "confirming"):
            shaky.die_at(point)
            assert state(vera, call["id"]) == "pending", point
        shaky.die_at("confirmed")
        assert state(vera, call["id"]) == "confirmed"
        shaky.die_at("mail_accepted")
        shaky.let_claims_run_out()
    wait_until(shaky.is_ready, 90, "the worker to be back")
    invitation = ends_well(shaky, VERA, start)
    uid = invitation.event.uid or ""

    later = people.far_slots(VERA, TYPE)[8]
    with shaky.restarting_nothing():
        shaky.die("worker")
        drag(sam, uid, moment(start), moment(later))
        for point in ("noticed", "following", "followed"):
            shaky.die_at(point)
        shaky.let_claims_run_out()
    letters = wait_for_letters(shaky.service, VERA, uid, 2)
    assert [letter.event.dtstart for letter in letters] == [moment(start), moment(later)]

    with shaky.restarting_nothing():
        shaky.die("worker")
        assert vera.post(f"/bookings/{call['id']}/cancel", {}).json()["status"] == "cancelled"
        for point in ("removed", "removing"):
            shaky.die_at(point)
    letters = wait_for_letters(shaky.service, VERA, uid, 3)
    assert [letter.method for letter in letters] == ["REQUEST", "REQUEST", "CANCEL"]
    assert sam.event(uid) is None


def test_ritas_dead_server_delays_nobody_who_books_with_sam(shaky: Shaky, people: Cast) -> None:
    vera, mallory = people.api(VERA), people.api(MALLORY)
    with_sam = people.far_slots(VERA, TYPE)[10:13]
    with_rita = people.far_slots(MALLORY, TYPE)[:3]
    # The worst kind of dead: it takes the request and never answers.
    shaky.proxy.add(fault="hang", path="^/rita/")
    waiting = [book(mallory, start) for start in with_rita]
    done = [book(vera, start) for start in with_sam]
    for call in done:
        wait_until(lambda call=call: state(vera, call["id"]) == "confirmed", 15, "a call with Sam")
    assert {state(mallory, call["id"]) for call in waiting} == {"pending"}
    assert shaky.is_ready()
    shaky.proxy.clear()
    for call, start in zip(waiting, with_rita, strict=True):
        wait_until(lambda call=call: state(mallory, call["id"]) == "confirmed", 60, "a call with Rita")
        ends_well(shaky, MALLORY, start)


def close(shaky: Shaky, api: Api, email: str, path: str) -> dict[str, str]:
    """Cut somebody's calendar off for longer than it counts as fresh; what the slot listing then says."""
    shaky.proxy.add(fault="reset", path=path)
    span = {"call_type": TYPE, "from": "2020-01-01", "to": "2020-01-02"}

    def is_closed() -> bool:
        shaky.let_calendar_age(email)
        return "closed" in api.get("/slots", **span).json()

    wait_until(is_closed, 30, "the calendar to be too old")
    answer = api.get("/slots", **span)
    assert (answer.status_code, answer.json()["slots"]) == (200, [])
    closed: dict[str, str] = answer.json()["closed"]
    return closed


@pytest.mark.browser
def test_a_calendar_that_is_too_old_is_closed_with_the_reason(
    shaky: Shaky, people: Cast, new_page: Callable[..., Page]
) -> None:
    vera, mallory = people.api(VERA), people.api(MALLORY)
    start = people.far_slots(VERA, TYPE)[15]
    closed = close(shaky, vera, SAM, "^/sam/")
    assert closed["reason"] == "calendar_away"
    assert closed["since"]
    refused = vera.post("/bookings", {"call_type": TYPE, "start": start, "topic": ""}, next(_keys))
    assert (refused.status_code, refused.json()["code"]) == (503, "calendar_away")
    assert int(refused.headers["Retry-After"]) > 0
    page = new_page(base_url=shaky.service.url)
    page.context.add_cookies(people.cookies(VERA))
    for path in ("/", "/book"):
        page.goto(path)
        expect(page.get_by_text("Times cannot be shown at the moment")).to_be_visible()
        expect(page.get_by_text("We last reached Sam's calendar on")).to_be_visible()
        expect(page.locator(f'main a[href="mailto:{SAM}"]').first).to_be_visible()
        expect(page.locator(".slot")).to_have_count(0)
    assert people.far_slots(MALLORY, TYPE), f"{RITA} is not concerned"
    assert book(mallory, people.far_slots(MALLORY, TYPE)[4])["id"]

    shaky.proxy.clear()
    wait_until(lambda: start in people.far_slots(VERA, TYPE), 90, "Sam's times to be back")
    assert book(vera, start)["id"]
