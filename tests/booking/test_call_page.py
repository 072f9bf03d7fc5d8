"""A call's page, the list of calls and the schedule as values."""

from datetime import timedelta

import pytest

from app.availability.pages import CalendarState
from app.booking.call_page import booking_page, call_row, calls_page, is_settled
from app.booking.in_words import Reader
from app.booking.schedule_page import schedule_page
from app.booking.step_pages import Choice, details_page, move_page
from tests.booking.made_up import (
    NOW,
    PAVEL,
    RUSSIAN,
    SAM,
    SAM_USER,
    SUPPORT,
    VERA,
    VERA_USER,
    at,
    call,
    slot,
)

SAM_READS = Reader("en", "Europe/Bratislava", "Europe/Bratislava")


def test_a_contact_sees_the_specialist_and_a_specialist_the_contact() -> None:
    mine = booking_page(call(), VERA_USER, VERA, NOW)
    assert (mine.with_name, mine.with_detail) == ("Sam Okafor", "Dedicated support specialist")
    theirs = booking_page(call(), SAM_USER, SAM_READS, NOW)
    assert (theirs.with_name, theirs.with_detail) == ("Vera Lindqvist", "Nordwind")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("pending", "pending"),
        ("confirmed", "confirmed"),
        ("clash", "confirmed"),
        ("declined", "clash"),
        ("expired", "cancelled"),
        ("cancelled", "cancelled"),
    ],
)
def test_each_state_is_told_as_what_is_true(status: str, told: str) -> None:
    assert booking_page(call(status=status), VERA_USER, VERA, NOW).status == told


def test_a_clash_before_the_first_confirmation_is_not_called_booked() -> None:
    page = booking_page(call(status="clash", confirmed_at=None), VERA_USER, VERA, NOW)
    assert page.status == "pending"


def test_booked_is_said_only_when_nothing_waits() -> None:
    assert is_settled(call())
    assert not is_settled(call(status="pending"))
    assert not is_settled(call(move=slot(26, 13)))


def test_a_call_can_be_changed_until_its_notice() -> None:
    page = booking_page(call(), VERA_USER, VERA, NOW)
    assert page.can_move
    assert page.can_cancel
    assert page.change_words == "You can move or cancel until Wednesday 25 November, 12:00."
    late = booking_page(call(), VERA_USER, VERA, at(25, 12))
    assert not late.can_move
    assert not late.can_cancel
    assert late.change_words == ""


def test_two_limits_are_told_apart_and_one_that_is_past_is_left_out() -> None:
    apart = call(move_until=at(24, 12), cancel_until=at(25, 11))
    words = booking_page(apart, VERA_USER, VERA, NOW).change_words
    move, cancel = "Tuesday 24 November, 13:00", "Wednesday 25 November, 12:00"
    assert words == f"You can move the call until {move}, cancel it until {cancel}."
    later = booking_page(apart, VERA_USER, VERA, at(24, 13))
    assert (later.can_move, later.can_cancel) == (False, True)
    assert later.change_words == "You can cancel the call until Wednesday 25 November, 12:00."
    only_move = booking_page(call(cancel_until=NOW - timedelta(hours=1)), VERA_USER, VERA, NOW)
    assert only_move.change_words == "You can move the call until Wednesday 25 November, 12:00."


def test_a_russian_reads_no_weekday_after_until() -> None:
    assert "25 ноября, 16:00" in booking_page(call(), VERA_USER, RUSSIAN, NOW).change_words


def test_a_specialist_can_move_and_cancel_until_the_call_begins() -> None:
    page = booking_page(call(), SAM_USER, SAM_READS, at(25, 12, 59))
    assert page.can_cancel and page.can_move
    begun = booking_page(call(), SAM_USER, SAM_READS, at(25, 13))
    assert not begun.can_cancel and not begun.can_move


def test_a_call_that_moves_shows_both_times_and_is_not_moved_again() -> None:
    page = booking_page(call(move=slot(26, 13)), VERA_USER, VERA, NOW)
    assert page.new_time is not None
    assert page.new_time.day == "Thursday 26 November"
    assert not page.can_move


def test_the_room_opens_ten_minutes_before() -> None:
    early = booking_page(call(), VERA_USER, VERA, NOW)
    assert (early.join_url, early.join_opens) == ("", "13:50")
    open_ = booking_page(call(), VERA_USER, VERA, at(25, 12, 50))
    assert (open_.join_url, open_.join_opens) == ("https://meet.example/sam", "")


def test_a_call_by_phone_has_no_room() -> None:
    page = booking_page(call(way="phone", phone="+49 30 1"), VERA_USER, VERA, at(25, 12, 50))
    assert (page.join_url, page.way_url) == ("", "")
    assert page.way == "Phone: Sam rings you on +49 30 1"


def test_a_cancelled_call_says_when_and_offers_nothing_to_change() -> None:
    page = booking_page(call(status="cancelled", ended_reason="Ill."), VERA_USER, VERA, NOW)
    assert page.ended == "Cancelled on Tuesday 24 November, 10:12. Ill."
    assert not page.can_cancel
    assert page.way_url == ""


def test_lists_name_kind_person_and_both_times() -> None:
    row = call_row(call(), PAVEL, NOW)
    assert row.title == "Product support with Sam"
    assert (row.day, row.time, row.service, row.length) == ("Tomorrow", "18:00", "14:00 CET", "30 minutes")
    assert (row.leaf.top, row.leaf.number, row.leaf.bottom) == ("Wed", "25", "Nov")
    assert row.can_change
    page = calls_page([call()], [call(status="cancelled")], PAVEL, NOW)
    assert [item.status for item in (*page.upcoming, *page.past)] == ["confirmed", "cancelled"]


def test_the_schedule_shows_each_customers_local_time() -> None:
    calls = [call(), call(contact_time_zone="Asia/Yekaterinburg", start=at(26, 9), end=at(26, 9, 30))]
    state = CalendarState("ok", "In step, 10:11")
    page = schedule_page(calls, SAM_READS, NOW, state, None)
    assert [day.title for day in page.days] == ["Wed 25 Nov", "Thu 26 Nov"]
    assert page.days[0].calls[0].theirs == ""
    assert page.days[1].calls[0].theirs == "14:00 for them"
    assert page.zone == "Bratislava time, UTC+1"


def test_a_customers_other_day_is_named() -> None:
    night = call(contact_time_zone="Asia/Tokyo", start=at(26, 15, 30), end=at(26, 16))
    page = schedule_page([night], SAM_READS, NOW, CalendarState("ok", ""), None)
    assert page.days[0].calls[0].theirs == "Fri 00:30 for them"


def test_the_details_page_says_up_to_when_the_time_is_kept() -> None:
    choice = Choice(slot(25, 13), "key", hold="h", kept_until=NOW + timedelta(minutes=5))
    page = details_page(
        choice, PAVEL, NOW, specialist=SAM, call_type=SUPPORT, email="p@sever.example", all_times_url="/book"
    )
    assert (page.kept_until, page.slug, page.length) == ("14:17", "product-support", "30 minutes")


def test_a_move_shows_old_and_new_time() -> None:
    page = move_page(Choice(slot(26, 13), "key"), VERA, NOW, call=call(), all_times_url="/m")
    assert (page.old.day, page.new.day) == ("Wednesday 25 November", "Thursday 26 November")


def test_the_contact_reads_which_reminders_are_still_to_come() -> None:
    far = call(reminders=(1440, 60))
    assert booking_page(far, VERA_USER, VERA, far.start - timedelta(days=2)).reminders == (
        "24 hours before and 1 hour before"
    )
    assert booking_page(far, VERA_USER, VERA, far.start - timedelta(hours=5)).reminders == "1 hour before"
    assert booking_page(far, SAM_USER, SAM_READS, NOW).reminders == ""
    moving = call(reminders=(1440, 60), move=slot(26, 13))
    assert booking_page(moving, VERA_USER, VERA, far.start - timedelta(days=2)).reminders == ""
