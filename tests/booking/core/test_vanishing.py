"""Events that their specialist deletes or declines, one at a time or many at once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.booking import jobs
from app.booking.models import Booking
from tests.booking.core.office import WORK, Office, row_of, starts, text_of, two_starts
from tests.support.mail import mail_text

HOUR = timedelta(hours=1)


def test_a_call_moved_twice_is_told_twice_and_moved_back_comes_back(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    for target in (later, start):
        office.drag(office.now_of(call), target)
        office.look()
        office.work(call)
    assert office.now_of(call).start == start and office.now_of(call).sequence == 2
    assert office.kinds() == ["followed vera", "followed vera"]


@pytest.mark.postgres
def test_a_deleted_event_cancels_its_call_after_two_complete_looks(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.take_out(call)
    office.look()
    assert office.now_of(call).status == "confirmed" and row_of(office, call).missing_since
    office.look(59)
    assert office.now_of(call).status == "confirmed"
    office.look(1)
    gone = office.now_of(call)
    assert (gone.status, gone.sequence) == ("cancelled", 1)
    assert office.reserved() == []
    office.work(call)
    office.look()
    assert office.kinds() == ["called_off vera"]
    ((_, mail),) = office.mails()
    assert "Free near it" in mail_text(mail)
    assert start in office.open_starts(office.world.pavel)


def test_a_look_that_was_not_complete_counts_for_nothing(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.take_out(call)
    office.look()
    # The second look fails: whatever is missing meanwhile is only unread.
    office.session.execute(update(Booking).values(missing_since=office.now - timedelta(minutes=5)))
    office.session.connection().exec_driver_sql("UPDATE calendar_account SET state = 'unreachable'")
    office.session.commit()
    jobs.follow_pass(office.session, office.settings, office.now + timedelta(minutes=5))
    assert office.now_of(call).status == "confirmed"


def test_an_event_that_comes_back_between_the_looks_is_as_it_was(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    text = text_of(office, call)
    office.take_out(call)
    office.look()
    office.radicale.put(f"{WORK}{call.uid}.ics", text)
    office.look(60)
    assert row_of(office, call).missing_since is None
    office.take_out(call)
    office.look(60)
    assert office.now_of(call).status == "confirmed" and office.kinds() == []


@pytest.mark.parametrize(
    "line", ["STATUS:CANCELLED", "ATTENDEE;PARTSTAT=DECLINED:mailto:sam@attache.example"]
)
def test_a_declined_call_is_cancelled_after_two_looks_and_leaves_the_calendar(
    office: Office, line: str
) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.edit(call, lambda text: text.replace("STATUS:CONFIRMED", line))
    office.look()
    assert office.now_of(call).status == "confirmed"
    office.look(60)
    assert office.now_of(call).status == "cancelled"
    office.work(call)
    assert office.events() == [] and office.kinds() == ["called_off vera"]


def test_two_of_two_are_asked_about_and_nothing_is_cancelled(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 2)]
    for call in calls:
        office.take_out(call)
    for seconds in (30, 60, 60):
        office.look(seconds)
    assert [office.now_of(call).status for call in calls] == ["confirmed"] * 2
    assert all(row_of(office, call).asked_at for call in calls)
    assert office.kinds() == ["vanished sam"]


@pytest.mark.postgres
def test_three_of_four_are_asked_about_and_the_fourth_lives_on(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 4)]
    for call in calls[:3]:
        office.take_out(call)
    office.look()
    office.look(60)
    assert [bool(row_of(office, call).asked_at) for call in calls] == [True, True, True, False]
    assert office.kinds() == ["vanished sam"]


def test_one_of_three_is_believed(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 3)]
    office.take_out(calls[0])
    office.look()
    office.look(60)
    assert [office.now_of(call).status for call in calls] == ["cancelled", "confirmed", "confirmed"]


def test_a_call_asked_about_whose_event_is_back_is_asked_about_no_more(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 2)]
    texts = [text_of(office, call) for call in calls]
    for call in calls:
        office.take_out(call)
    office.look()
    office.look(60)
    office.radicale.put(f"{WORK}{calls[0].uid}.ics", texts[0])
    office.look()
    assert [bool(row_of(office, call).asked_at) for call in calls] == [False, True]


@pytest.mark.parametrize("public_id", ["one", "all"])
def test_calls_asked_about_can_be_written_again(office: Office, public_id: str) -> None:
    calls = [office.booked(start) for start in starts(office, 2)]
    for call in calls:
        office.take_out(call)
    office.look()
    office.look(60)
    asked = calls[:1] if public_id == "one" else calls
    assert office.answer("write", calls[0] if public_id == "one" else None) == len(asked)
    for call in calls:
        office.work(call)
    office.look()
    written = {str(event["UID"]) for event in office.events()}
    assert written == {call.uid for call in asked}
    assert office.kinds() == ["vanished sam"]


@pytest.mark.postgres
def test_calls_asked_about_can_be_let_go(office: Office) -> None:
    calls = [office.booked(start) for start in starts(office, 2)]
    for call in calls:
        office.take_out(call)
    office.look()
    office.look(60)
    assert office.answer("cancel", None) == 2
    assert [office.now_of(call).status for call in calls] == ["cancelled"] * 2
    assert office.kinds() == ["vanished sam", "called_off vera", "called_off vera"]
    assert office.reserved() == []
