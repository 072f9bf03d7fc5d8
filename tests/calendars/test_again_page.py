"""What is offered and ticked when a connected account is chosen from again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.calendars.connecting.lookup_values import LookupView
from app.calendars.pages.again_page import as_used, chosen_of_known, gone_calendars, known_account
from app.calendars.pages.choose_page import ELSEWHERE, Chosen, offer_of_account, purposes_from
from app.calendars.values import (
    AccountView,
    CalendarChoice,
    Discovery,
    FoundAvailability,
    FoundCalendar,
)

NOW = datetime(2026, 11, 23, 13, 10, tzinfo=UTC)
WORK = CalendarChoice(1, "/sam/work/", "Work", "collection", "busy", True, 0)
TEAM = CalendarChoice(2, "/sam/team/", "Team", "collection", "busy", False, 0, can_write=False)
WEEK = CalendarChoice(3, "/sam/week/", "Week", "collection", "working_hours", False, 0, holds_events=False)
INBOX = CalendarChoice(4, "/sam/inbox/", "", "property", "working_hours", False, 0)
KEPT = CalendarChoice(5, "kept:hours", "", "kept", "working_hours", False, 0)
URL = "https://cloud.example.com/dav/"
ACCOUNT = AccountView(7, "caldav", "", URL, "sam", "ok", "", NOW, NOW, (WORK, TEAM, WEEK))
FOUND = Discovery(
    ("/sam/",),
    (),
    (FoundCalendar("/sam/work/", "Work", can_write=True), FoundCalendar("/sam/new/", "New", can_write=True)),
    availability_hrefs=("/sam/inbox/", "/sam/"),
)
LOOKUP = LookupView("l1", "caldav", "found", "", "", f"{URL}sam/", "sam", NOW)


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def with_hours(item: CalendarChoice) -> AccountView:
    return replace(ACCOUNT, calendars=(WORK, TEAM, item))


def test_calls_are_only_offered_calendars_that_take_events_and_can_be_written_to() -> None:
    offer = offer_of_account(ACCOUNT, "", "")
    assert [value for value, _name, _detail in offer.busy] == ["1", "2"]
    assert [value for value, _name, _detail in offer.receives] == ["1"]
    assert [value for value, _name, _detail in offer.hours] == ["calendar:1", "calendar:3", "kept"]


def test_kept_hours_leave_every_calendar_of_the_account_to_other_uses() -> None:
    chosen = Chosen(frozenset({"2"}), "1", "kept")
    assert purposes_from(ACCOUNT, chosen) == ({1: "busy", 2: "busy", 3: "ignored"}, 1)


@pytest.mark.parametrize(
    ("hours", "ticked"),
    [(KEPT, "kept"), (INBOX, "property"), (replace(WEEK, href="/sam/new/"), "calendar:1")],
)
def test_what_was_chosen_is_ticked_in_what_was_found(hours: CalendarChoice, ticked: str) -> None:
    chosen = chosen_of_known(FOUND, with_hours(hours))
    assert (chosen.busy, chosen.receives, chosen.hours) == (frozenset({"0"}), "0", ticked)


def test_what_other_accounts_do_stays_there() -> None:
    nothing = replace(ACCOUNT, calendars=(replace(WORK, receives_bookings=False),))
    chosen = chosen_of_known(FOUND, nothing)
    assert (chosen.receives, chosen.hours) == (ELSEWHERE, ELSEWHERE)


def test_a_calendar_that_the_server_no_longer_lists_is_named() -> None:
    assert gone_calendars(FOUND, ACCOUNT) == ("Team", "Week")


def test_the_availability_that_is_used_is_kept_before_another() -> None:
    other = replace(FOUND, availability=FoundAvailability("/sam/", "BEGIN:VAVAILABILITY"))
    used = as_used(other, with_hours(INBOX)).availability
    assert used is not None
    assert used.href == "/sam/inbox/"
    assert as_used(other, ACCOUNT) == other
    same = replace(FOUND, availability=FoundAvailability("/sam/inbox/", "BEGIN:VAVAILABILITY"))
    assert as_used(same, with_hours(INBOX)) == same


def test_the_same_server_and_user_are_the_same_account() -> None:
    assert known_account(LOOKUP, [ACCOUNT]) == ACCOUNT
    assert known_account(replace(LOOKUP, username="rita"), [ACCOUNT]) is None
    moved = replace(LOOKUP, url="https://dav.example.net/", account_id=7)
    assert known_account(moved, [ACCOUNT]) == ACCOUNT
    assert known_account(LOOKUP, [replace(ACCOUNT, kind="subscription")]) is None
