"""Calls follow when their specialist moves their events in another calendar program."""

from datetime import datetime, timedelta

import pytest

from app.booking import jobs
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.lib.intervals import Interval
from tests.booking.core.office import HOURS, Office, two_starts
from tests.support.mail import mail_text

HOUR = timedelta(hours=1)


@pytest.mark.postgres
def test_a_call_moved_in_the_calendar_follows_within_one_look_and_one_mail_tells(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    office.look()
    moved = office.now_of(call)
    assert (moved.status, moved.start, moved.end) == ("confirmed", later, later + call.length)
    assert moved.sequence == 1
    assert office.reserved() == [call.rules.taken_by(later)]
    office.work(call)
    office.look()
    office.look()
    assert office.kinds() == ["followed vera"]
    ((_, mail),) = office.mails()
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert "SEQUENCE:1" in part.get_content() and f"{later:%Y%m%dT%H%M%SZ}" in part.get_content()


def test_a_pass_that_died_is_made_up_for_by_the_next(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    # The replica knows of it, and nobody was told: nothing but the two states is compared.
    sync_person(office.session, office.settings, office.now, office.world.sam.id)
    assert office.now_of(call).start == start
    jobs.follow_pass(office.session, office.settings, office.now)
    jobs.follow_pass(office.session, office.settings, office.now)
    assert office.now_of(call).start == later
    assert office.kinds() == ["followed vera"]


def test_a_call_moved_outside_working_hours_but_inside_the_service_window_follows(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.radicale.delete(f"{HOURS}hours.ics")
    target = start + 7 * timedelta(days=1)
    office.drag(call, target)
    office.look()
    assert office.now_of(call).start == target


def test_a_call_moved_next_to_an_appointment_of_their_own_follows(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.appoint(Interval(later + call.length, later + 2 * call.length))
    office.drag(call, later)
    office.look()
    assert office.now_of(call).start == later


def misplaced(office: Office, call: CallValue, start: datetime) -> None:
    """What must hold when the time in the calendar cannot be had."""
    found = office.now_of(call)
    assert (found.status, found.start, found.sequence) == ("clash", start, 0)
    assert office.reserved()[0] == call.rules.taken_by(start)


def test_a_call_moved_onto_an_appointment_keeps_its_time_and_its_specialist_is_told(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.appoint(Interval(later, later + HOUR))
    office.drag(call, later)
    office.look()
    misplaced(office, call, start)
    office.look()
    assert office.kinds() == ["misplaced sam"]


def test_a_call_moved_onto_another_call_keeps_its_time(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    other = office.booked(later, office.world.pavel)
    office.drag(call, later)
    office.look()
    misplaced(office, call, start)
    assert office.now_of(other).status == "confirmed"
    assert office.kinds() == ["misplaced sam"]


@pytest.mark.parametrize("shift", [timedelta(hours=12), timedelta(days=-3)])
def test_a_call_moved_out_of_the_service_window_or_into_the_past_keeps_its_time(
    office: Office, shift: timedelta
) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.drag(call, start + shift)
    office.look()
    misplaced(office, call, start)


def test_a_call_made_longer_keeps_its_time(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.drag(call, start, timedelta(hours=2))
    office.look()
    misplaced(office, call, start)
    assert "keep its length" in mail_text(office.mails()[0][1])


def test_a_misplaced_call_that_is_moved_back_is_settled_without_a_word_to_the_customer(
    office: Office,
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, start, timedelta(hours=2))
    office.look()
    end = f"{start + timedelta(hours=2):%Y%m%dT%H%M%SZ}"
    office.edit(call, lambda text: text.replace(end, f"{call.end:%Y%m%dT%H%M%SZ}"))
    office.look()
    office.work(call)
    assert office.now_of(call).status == "confirmed"
    assert office.kinds() == ["misplaced sam"]


def test_a_misplaced_call_that_is_moved_to_a_free_time_follows(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, start + timedelta(hours=12))
    office.look()
    misplaced(office, call, start)
    stamps = [f"{at:%Y%m%dT%H%M%SZ}" for at in (start + timedelta(hours=12), later)]
    ends = [f"{at:%Y%m%dT%H%M%SZ}" for at in (call.end + timedelta(hours=12), later + call.length)]
    office.edit(call, lambda text: text.replace(*stamps).replace(*ends))
    office.look()
    assert (office.now_of(call).status, office.now_of(call).start) == ("confirmed", later)
    assert office.kinds() == ["misplaced sam", "followed vera"]


def test_a_customer_who_moves_a_misplaced_call_is_heard(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, start + timedelta(hours=12))
    office.look()
    office.move(office.world.vera.user, office.now_of(call), later)
    office.work(call)
    assert (office.now_of(call).status, office.now_of(call).start) == ("confirmed", later)
    assert [event.start for event in office.events()] == [later]


def test_the_customer_hears_of_a_clash_after_an_hour_and_of_its_end(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.drag(call, start, timedelta(hours=2))
    office.look()
    jobs.clash_pass(office.session, office.settings, office.now + timedelta(minutes=59))
    assert office.kinds() == ["misplaced sam"]
    for minutes in (61, 62):
        jobs.clash_pass(office.session, office.settings, office.now + timedelta(minutes=minutes))
    assert office.kinds() == ["misplaced sam", "clash vera"]
    end = f"{start + timedelta(hours=2):%Y%m%dT%H%M%SZ}"
    office.edit(call, lambda text: text.replace(end, f"{call.end:%Y%m%dT%H%M%SZ}"))
    office.look()
    office.work(call)
    assert office.kinds() == ["misplaced sam", "clash vera", "settled vera"]
