"""Vera answers from her mail program; what she and Sam then see and do in a browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.mail_box import FakeMailbox
from tests.journeys.cast import SAM, VERA, Cast
from tests.journeys.reading import DavUser, letters_to, moment, wait_for_letters
from tests.journeys.steps import press, wait_for_title
from tests.support.answers import answer_to, stamp
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]


def invitation(service: RunningService, uid: str) -> EmailMessage:
    """The last invitation to a call, as it came."""
    found = []
    for path in sorted((service.data_dir / "mail").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if any(
            uid in part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar"
        ):
            found.append(message)
    return found[-1]


def reload_until(page: Page, text: str) -> None:
    def says_so() -> bool:
        page.reload()
        return text in page.locator("main").inner_text()

    wait_until(says_so, 60, text)


def questions(service: RunningService) -> list[str]:
    """The mails that ask Vera what shall become of a call."""
    return [letter.text for letter in letters_to(service, VERA) if letter.subject.startswith("You declined:")]


@pytest.fixture
def booked(service: RunningService, cast: Cast, sam: DavUser) -> Iterator[tuple[str, str]]:
    """A call of Vera's with Sam, its invitation mailed; id and UID. It is called off in the end."""
    first = cast.far_slots(VERA, "product-support")[-9]
    wish = {"call_type": "product-support", "start": first, "topic": "By mail"}
    call = cast.api(VERA).post("/bookings", wish, "by-mail-1").json()["id"]

    def standing() -> list[str]:
        return [event.uid or "" for event in sam.own_events() if str(event.url).endswith(call)]

    wait_until(standing, 60, "the event in Sam's calendar")
    (uid,) = standing()
    wait_for_letters(service, VERA, uid, 1)
    yield call, uid
    assert cast.api(VERA).post(f"/bookings/{call}/cancel", {}).status_code == 200


def test_a_call_is_declined_and_then_moved_by_mail(
    service: RunningService,
    cast: Cast,
    sam: DavUser,
    mailbox: FakeMailbox,
    booked: tuple[str, str],
    as_person: Callable[..., Page],
) -> None:
    call, uid = booked
    mailbox.append(answer_to(invitation(service, uid), "DECLINED", more=("COMMENT:Not on that day",)))
    page = as_person(SAM, java_script_enabled=False)
    page.goto(f"/calls/{call}")
    reload_until(page, "Not on that day")
    expect(page.locator("main")).to_contain_text("Declined")
    expect(page.locator("main")).to_contain_text("Booked")

    wait_until(lambda: questions(service), 30, "the question to Vera")
    hers = as_person(VERA, java_script_enabled=False)
    hers.goto(next(line for line in questions(service)[0].splitlines() if line.endswith("/move")))
    expect(hers.locator(".slot").first).to_be_visible()

    later = moment(cast.far_slots(VERA, "product-support")[-5])
    end = later + timedelta(minutes=30)
    times = {"start": f"DTSTART:{stamp(later)}", "end": f"DTEND:{stamp(end)}"}
    mailbox.append(answer_to(invitation(service, uid), "TENTATIVE", method="COUNTER", **times))
    page.goto("/schedule")
    reload_until(page, "Another time was proposed")
    press(page, "Move it there")
    wait_for_title(page, "Your call with Vera")
    assert wait_for_letters(service, VERA, uid, 2)[1].event.dtstart == later
    event = sam.event(uid)
    assert event is not None and event.dtstart == later
    assert len(questions(service)) == 1 and mailbox.flags() == [{"\\Seen"}] * 2
